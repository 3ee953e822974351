"""Clocks of corrective actions: reminders around both dates, and who is told when they are late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from audits.letters.audiences import Audience
from audits.letters.reminders import CORRECTIONS_DUE, CORRECTIONS_LATE
from audits.models import CorrectiveAction, SchemeSettings
from audits.services.clocks.marks import Reminder, horizon, reached, send
from audits.services.clocks.registry import clock
from audits.terms import CorrectionStatus

if TYPE_CHECKING:
    from accounts.letters import Fact
    from audits.models import Audit

# What the supplier still owes: a plan, or the work itself.
OWED = {
    "plan": (CorrectionStatus.OPEN,),
    "close": (CorrectionStatus.OPEN, CorrectionStatus.PLANNED, CorrectionStatus.PLAN_ACCEPTED),
}


@clock
def remind_of_corrections(today: date) -> int:
    """Remind the supplier of plans and closures; tell the body, then the secretariat, of late ones.

    The corrective actions of one audit that are due on the same day make one message.
    """
    settings = SchemeSettings.objects.current()
    return send(
        reminder
        for what in OWED
        for (audit, due), codes in _due_together(what, settings, today).items()
        for reminder in _reminders(audit, what, due, codes, settings, today)
    )


def _due_together(
    what: str, settings: SchemeSettings, today: date
) -> dict[tuple[Audit, date], list[str]]:
    field = f"{what}_due_on"
    rows = (
        CorrectiveAction.objects.filter(
            status__in=OWED[what],
            **{f"{field}__lte": horizon(settings.correction_reminder_days, today)},
        )
        .select_related("finding__audit__site__supplier", "finding__requirement")
        .order_by("finding__requirement__order")
    )
    together: dict[tuple[Audit, date], list[str]] = defaultdict(list)
    for row in rows:
        together[row.finding.audit, getattr(row, field)].append(row.finding.requirement.code)
    return together


def _reminders(
    audit: Audit, what: str, due: date, codes: list[str], settings: SchemeSettings, today: date
) -> Iterator[Reminder]:
    mark = reached(due, settings.correction_reminder_days, today)
    said = "、".join(codes)
    facts: dict[str, Fact] = {"count": len(codes), "due": due}
    if mark is not None:
        key = f"{what}:{due}:{mark}"
        yield Reminder(audit, CORRECTIONS_DUE[what], key, facts, said, urgent=mark >= 0)
    for audience, days in (
        (Audience.BODY, 1),
        (Audience.SECRETARIAT, settings.escalation_days),
    ):
        if reached(due, [days], today) is not None:
            yield Reminder(audit, CORRECTIONS_LATE[audience], f"{what}-late:{due}", facts, said)
