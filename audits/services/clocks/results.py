"""Clocks of results: renewals that come near, and results that were not renewed in time."""

from __future__ import annotations

from datetime import date

from audits.letters.reminders import RENEWAL
from audits.models import Result, SchemeSettings
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock, each
from audits.services.results import STANDING, expire
from audits.terms import ResultStatus


@clock
def expire_results(today: date) -> int:
    """Let every result expire whose last day has passed."""
    over = Result.objects.filter(status__in=STANDING, expires_on__lt=today)
    return each(list(over.select_related("audit")), expire)


@clock
def remind_of_renewals(today: date) -> int:
    """Tell supplier, body and secretariat that a result is due for renewal (a guideline, 目安)."""
    marks = [-days for days in SchemeSettings.objects.current().renewal_reminder_days]
    near = Result.objects.filter(
        status=ResultStatus.VALID, renewal_due_on__lte=horizon(marks, today)
    ).select_related("audit__site__supplier")
    reminders = []
    for result in near:
        due = result.renewal_due_on
        mark = reached(due, marks, today) if due else None
        if due is None or mark is None:
            continue
        reminders.append(Reminder(result.audit, RENEWAL, f"renewal:{due}:{mark}", {"due": due}))
    return send(reminders)
