"""The Celery application: queues `default`, `pdf` and `pdf-again`; the job's row is the truth."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django_structlog.celery.steps import DjangoStructLogInitStep

from config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("orime")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def _keep_django_logging(**_kwargs: Any) -> None:
    """Leave logging as Django set it up: a receiver here stops Celery from doing it again."""


@worker_process_init.connect
def _end_with_the_worker(**_kwargs: Any) -> None:
    """End a pool process when its worker is killed.

    It would otherwise go on with a job that the sweep has already given to somebody else.
    An app warms its own caches with a receiver of the same signal in its `tasks` module.
    """
    die_with_parent(os.getppid())
