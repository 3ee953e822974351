"""Counting results in a worker."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from reports.services import figure_rounds, figures
from reports.tasks.jobs import publish

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import Audit, Result
    from reports.models import FigureEntry

# The last comparison that is begun has then as long again before the limit of a task.
LONGEST = timedelta(minutes=7)


@shared_task(name="reports.tasks.apply_figures")
def apply_figures(pk: str) -> None:
    """Add one entry of the ledger to the figures, or keep why it could not be."""
    try:
        figures.apply_entry(pk)
    except Exception as error:
        figures.note_failure(pk, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="reports.tasks.check_figures")
def check_figures() -> None:
    """Compare the figures of the places whose night it is with the issued answers."""
    figure_rounds.check_night(timezone.localdate(), seconds=LONGEST.total_seconds())


def queue_issue(result: Result) -> None:
    """Enter an issued result into the figures; it is counted once the issue is certain."""
    _publish_on_commit(figures.enter_issue(result=result))


def queue_withdrawal(audit: Audit) -> None:
    """Enter that a void audit's results leave the figures."""
    _publish_on_commit(figures.enter_withdrawal(audit=audit))


def _publish_on_commit(entries: Iterable[FigureEntry]) -> None:
    for entry in entries:
        # A broker that is down must not undo the issue, nor keep the report from being printed.
        transaction.on_commit(partial(publish, entry), robust=True)
