"""Clock of corrective actions: the supplier is reminded around the days of plan and closing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from audits.letters.corrections import DUE
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
    """Remind the supplier of plans and closures that are owed.

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
    if mark is not None:
        facts: dict[str, Fact] = {"count": len(codes), "due": due}
        yield Reminder(
            audit,
            DUE[what],
            f"{what}:{due}:{mark}",
            facts,
            said=", ".join(codes),
            path=f"{reverse('portal:our_corrections')}?audit={audit.number}",
            urgent=mark >= 0,
        )
