"""Clock of late corrective actions: brought before the audit body, then before the secretariat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from audits.letters.audiences import Audience
from audits.letters.corrections import LATE
from audits.models import Audit, CorrectiveAction, SchemeSettings
from audits.models.corrections import CORRECTION_ENDED
from audits.services.clocks.marks import reached
from audits.services.clocks.registry import clock
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import CorrectionStatus, Escalation

if TYPE_CHECKING:
    from audits.models.corrections import CorrectiveActionQuerySet

# Before whom it is brought, in this order; who is told; the setting that says after how many days.
LEVELS: tuple[tuple[Escalation, Audience, str], ...] = (
    (Escalation.BODY, Audience.BODY, "correction_body_days"),
    (Escalation.SECRETARIAT, Audience.SECRETARIAT, "correction_secretariat_days"),
)


def _awaiting(what: str) -> CorrectiveActionQuerySet:
    """Return the actions of which the plan, or the closing, has not come; whoever has the next step."""
    if what == "plan":
        return CorrectiveAction.objects.filter(status=CorrectionStatus.OPEN)
    return CorrectiveAction.objects.exclude(status__in=CORRECTION_ENDED)


@clock
def escalate_late_corrections(today: date) -> int:
    """Bring late corrective actions before the body and then the secretariat, each once.

    That it was done stands on the corrective action and in the record; so nothing is told twice
    when the clocks come by again, and nothing is left out when they stood still. Those of one audit
    that were due on the same day make one message.
    """
    settings = SchemeSettings.objects.current()
    return sum(
        _escalate(audit, what, due, pks, settings, today)
        for what in ("plan", "close")
        for (audit, due), pks in _late(what, settings, today).items()
    )


def _late(what: str, settings: SchemeSettings, today: date) -> dict[tuple[UUID, date], list[UUID]]:
    """Return by audit and day what is to be brought before somebody today."""
    rows = (
        _awaiting(what)
        .filter(**{f"{what}_due_on__lt": today})
        .exclude(**{f"{what}_escalation": LEVELS[-1][0]})
        .order_by("finding__audit", "finding__requirement__order")
        .values_list("finding__audit", f"{what}_due_on", "pk", f"{what}_escalation")
    )
    late: dict[tuple[UUID, date], list[UUID]] = defaultdict(list)
    for audit, due, pk, passed in rows:
        if any(_is_time(due, settings, days, today) for days in _still_to_come(passed)):
            late[audit, due].append(pk)
    return late


def _still_to_come(passed: str) -> list[str]:
    """Return the settings of the levels after the one that was passed."""
    levels = [level for level, _audience, _days in LEVELS]
    first = levels.index(Escalation(passed)) + 1 if passed else 0
    return [days for _level, _audience, days in LEVELS[first:]]


def _is_time(due: date, settings: SchemeSettings, days: str, today: date) -> bool:
    return reached(due, [getattr(settings, days)], today) is not None


@transaction.atomic
def _escalate(
    pk: UUID, what: str, due: date, pks: Iterable[UUID], settings: SchemeSettings, today: date
) -> int:
    audit = lock(Audit(pk=pk))
    told, passed = 0, [Escalation.NONE]
    for level, audience, days in LEVELS:
        if _is_time(due, settings, days, today):
            told += _bring_before(audit, what, due, pks, level, audience, passed)
        passed.append(level)
    return told


def _bring_before(
    audit: Audit,
    what: str,
    due: date,
    pks: Iterable[UUID],
    level: Escalation,
    audience: Audience,
    passed: list[Escalation],
) -> int:
    """Note it on what is still late and has only passed lower levels; tell; return how many were told."""
    rows = list(
        _awaiting(what)
        .filter(pk__in=pks, **{f"{what}_due_on": due, f"{what}_escalation__in": passed})
        .select_related("finding__requirement")
        .order_by("finding__requirement__order")
    )
    if not rows:
        return 0
    CorrectiveAction.objects.filter(pk__in=[row.pk for row in rows]).update(
        **{f"{what}_escalation": level}
    )
    for row in rows:
        append_event(
            audit=audit,
            actor=None,
            act=f"corrective_action_escalated_{level}",
            payload={
                "code": row.finding.requirement.code,
                "what": what,
                "due": due.isoformat(),
            },
        )
    listed = urlencode({"q": audit.number, "overdue": "on"})
    return tell(
        audit,
        LATE[what, audience],
        key=f"{what}-late:{due}:{rows[0].pk}",
        facts={"count": len(rows), "due": due},
        said=", ".join(row.finding.requirement.code for row in rows),
        path=f"{reverse('console:corrections')}?{listed}",
    )
