"""Printing reports in a worker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from celery import current_app, shared_task
from celery.signals import worker_process_init
from django.db import transaction
from django.utils.module_loading import import_string

from reports.services import reporting
from reports.tasks.jobs import publish

if TYPE_CHECKING:
    from audits.models import Audit
    from reports.models import Job, Report


@shared_task(name="reports.tasks.render_report")
def render_report(pk: str) -> None:
    """Print one report."""
    reporting.render(pk, typeset=_typesetting("typeset"))


def queue_report(audit: Audit, language: str) -> Report:
    """Ask for the report of an audit's newest revision; it is published once that is certain."""
    report = reporting.request_report(audit=audit, language=language)
    publish_on_commit(report)
    return report


def publish_on_commit(job: Job) -> None:
    """Publish a job after the transaction, if it still waits."""
    if job.is_unfinished:
        transaction.on_commit(partial(publish, job), robust=True)


@worker_process_init.connect
def _warm_up(**_kwargs: Any) -> None:
    """Read fonts, styles and templates once, where reports are printed."""
    if "pdf" in current_app.amqp.queues.consume_from:
        _typesetting("warm_up")()


def _typesetting(name: str) -> Any:
    """Load the typesetter only when it is used: the web's processes get by without its 60 MB."""
    return import_string(f"reports.documents.{name}")
