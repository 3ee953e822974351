"""The demo's reports are printed one after the other, so that a new one need not wait for them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from reports.models import Report
from reports.terms import JobState

# A worker prints a report in a few seconds; the rest of the time is for what people ask for.
AT_ONCE = 4
APART = timedelta(seconds=15)


def spread_printing() -> int:
    """Let a few reports be printed at once and the others in turn, newest first; return how many.

    Called after the demo is committed: the messages that went out then find those that are not due
    yet, and the sweep publishes each when its time comes.
    """
    now = timezone.now()
    waiting = Report.objects.filter(state=JobState.QUEUED).order_by(
        "-audit__issued_at", "-language"
    )
    later = list(waiting.values_list("pk", flat=True))[AT_ONCE:]
    for place, pk in enumerate(later, start=1):
        Report.objects.postpone(pk, now + APART * place)
    return len(later)
