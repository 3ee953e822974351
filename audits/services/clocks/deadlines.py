"""Clocks of the desk: who is reminded of a step that is due, and who is told when it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from audits.letters.reminders import STEP_LATE, STEPS
from audits.models import Audit, FindingComment, SchemeSettings
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock
from audits.terms import Status

if TYPE_CHECKING:
    from accounts.letters import Fact


@clock
def remind_of_steps(today: date) -> int:
    """Remind whoever has the next step, before and after its day; tell the secretariat when late."""
    settings = SchemeSettings.objects.current()
    near = Audit.objects.filter(
        status__in=STEPS, due_on__lte=horizon(settings.reminder_days, today)
    ).select_related("site__supplier", "reviewer")
    drafting = near.filter(status=Status.DRAFTING)
    comments = FindingComment.objects.unanswered().filter(finding__audit__in=drafting)
    owing = set(comments.values_list("finding__audit", flat=True))
    return send(
        reminder
        for audit in near
        for reminder in _reminders(audit, settings, today, owes_answers=audit.pk in owing)
    )


def _reminders(
    audit: Audit, settings: SchemeSettings, today: date, *, owes_answers: bool
) -> Iterator[Reminder]:
    if audit.due_on is None:
        return
    step = f"{audit.status}:{audit.due_on}"
    mark = reached(audit.due_on, settings.reminder_days, today)
    # Whose report waits for answers is reminded of these, with the same day: once is enough.
    if mark is not None and not owes_answers:
        letter = STEPS[Status(audit.status)]
        facts: dict[str, Fact] = {"due": audit.due_on}
        yield Reminder(audit, letter, f"due:{step}:{mark}", facts, urgent=mark >= 0)
    if reached(audit.due_on, [settings.escalation_days], today) is not None:
        facts = {"status": audit.get_status_display, "due": audit.due_on}
        yield Reminder(audit, STEP_LATE, f"late:{step}", facts)
