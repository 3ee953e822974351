"""Making papers again in a worker, and the rounds that find the damaged ones."""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from reports.services import checking, remaking

log = structlog.get_logger(__name__)

# A slice leaves the worker free for others in between, and ends long before the limit of a task.
SLICE = timedelta(seconds=100)
# Once a night: what was read since then is not read again.
ROUND = timedelta(hours=20)


@shared_task(name="reports.tasks.remake_paper")
def remake_paper(pk: str) -> None:
    """Make one paper again."""
    remaking.remake(pk)


@shared_task(name="reports.tasks.check_papers")
def check_papers() -> None:
    """Read a slice of the printed papers, the ones not read for longest first."""
    now = timezone.now()
    found = checking.check_slice(before=now - ROUND, seconds=SLICE.total_seconds())
    removed = checking.remove_unfinished(now)
    if found.read or removed:
        log.info("papers_checked", read=found.read, damaged=len(found.damaged), unfinished=removed)
