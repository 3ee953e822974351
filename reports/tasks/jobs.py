"""Publishing jobs and sweeping up those that were never published, were lost or left behind."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from celery import shared_task
from django.apps import apps
from django.utils.translation import gettext_noop

from accounts.sending import send
from reports.models import Job

log = structlog.get_logger(__name__)

WORKER_DIED = gettext_noop("The worker ended at every attempt before the work was done.")
# More than this at once would only fill the queue; the rest comes with the next sweep.
MOST_AT_ONCE = 500


def publish(job: Job) -> bool:
    """Tell the workers about a job; False, and no error, when the broker cannot be reached.

    The sweep publishes it later, so whatever made the job need not care.
    """
    if not send(job.task, *job.message):
        return False
    type(job).jobs().mark_published(job)
    return True


@shared_task(name="reports.tasks.sweep_jobs")
def sweep_jobs() -> int:
    """Publish every job that is due and that nobody works on; return how many."""
    published = 0
    for model in job_models():
        jobs = model.jobs()
        if dead := jobs.give_up(WORKER_DIED):
            log.error("jobs_given_up", model=model.__name__, count=dead)
        for job in jobs.due().order_by("due_at", "pk")[:MOST_AT_ONCE]:
            if not publish(job):
                return published
            published += 1
    if published:
        log.info("jobs_swept", count=published)
    return published


def job_models() -> Iterator[type[Job]]:
    """Yield every concrete kind of job that is installed."""
    for model in apps.get_models():
        if issubclass(model, Job):
            yield model
