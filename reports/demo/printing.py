"""The demo's papers are printed one after the other, so that a new one need not wait for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from reports.models import ConsentPaper, Preliminary, Report
from reports.terms import JobState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reports.models import Job

# A worker prints a report in a few seconds, a receipt in less than one; the rest of the time is for
# what people ask for.
AT_ONCE = 4
APART = timedelta(seconds=15)
SHORT_APART = timedelta(seconds=3)


def spread_printing() -> int:
    """Let a few papers be printed at once and the others in turn, newest first; return how many.

    Called after the demo is committed: the messages that went out then find those that are not due
    yet, and the sweep publishes each when its time comes.
    """
    now = timezone.now()
    reports = Report.objects.filter(state=JobState.QUEUED).order_by(
        "-audit__issued_at", "-language"
    )
    summaries = Preliminary.objects.filter(state=JobState.QUEUED).order_by(
        "-closing__signed_at", "-language"
    )
    receipts = ConsentPaper.objects.filter(state=JobState.QUEUED).order_by(
        "-receipt__created_at", "-language"
    )
    chains: tuple[tuple[tuple[QuerySet[Job], ...], timedelta], ...] = (
        ((reports, summaries), APART),
        ((receipts,), SHORT_APART),
    )
    postponed = 0
    for kinds, apart in chains:
        later = [
            (each.model, pk) for each in kinds for pk in each.values_list("pk", flat=True)[AT_ONCE:]
        ]
        for place, (model, pk) in enumerate(later, start=1):
            model.jobs().postpone(pk, now + apart * place)
        postponed += len(later)
    return postponed
