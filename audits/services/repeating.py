"""Repeat findings: what an audit finds not met that earlier audits of the site found not met.

A repeat never changes the severity by itself. What it means for the days and the verification of
its corrective action is set by the scheme owner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import Finding, SchemeSettings
from audits.models.audits import SHAREABLE
from audits.repeats import Repeat
from audits.standards.services.mapping import first_wordings
from audits.terms import AuditKind, CorrectionStatus, Judgement
from ui.calendars import add_months

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from audits.models import Audit


@dataclass(frozen=True)
class Repeats:
    """What earlier audits of a site found not met, whatever version of the standard they used."""

    found: Mapping[UUID, Repeat]
    firsts: Mapping[UUID, UUID]

    def of(self, requirement_id: UUID) -> Repeat | None:
        """Return in which earlier audits a requirement was not met; None when in no one."""
        return self.found.get(self.firsts.get(requirement_id, requirement_id))


def repeats_of(audit: Audit) -> Repeats:
    """Return what the site's audits before this one found not met, in at most three queries.

    Only audits whose result was issued count, and those as far back as the settings say. A
    requirement is the same over versions of the standard as long as its meaning has not changed. In
    a follow-up audit only what had been closed as corrected is a repeat: what is still open is what
    the follow-up looks at.
    """
    settings = SchemeSettings.objects.current()
    until = timezone.localdate(audit.issued_at) if audit.issued_at else timezone.localdate()
    rows = Finding.objects.filter(
        audit__site=audit.site_id,
        audit__status__in=SHAREABLE,
        audit__issued_at__date__gte=add_months(until, -settings.repeat_months),
        judgement=Judgement.NONCONFORMING,
        carried_from=None,
    ).exclude(audit=audit.pk)
    if audit.issued_at is not None:
        rows = rows.filter(audit__issued_at__lt=audit.issued_at)
    if audit.kind == AuditKind.FOLLOW_UP:
        rows = rows.filter(corrective_action__status=CorrectionStatus.CLOSED)
    listed = list(
        rows.order_by("audit__issued_at").values_list(
            "requirement", "audit__number", "audit__issued_at"
        )
    )
    if not listed:
        return Repeats({}, {})
    firsts = first_wordings()
    numbers: dict[UUID, list[str]] = defaultdict(list)
    since: dict[UUID, date] = {}
    for requirement, number, issued_at in listed:
        first = firsts.get(requirement, requirement)
        numbers[first].append(number)
        since.setdefault(first, timezone.localdate(issued_at))
    return Repeats({key: Repeat(tuple(numbers[key]), since[key]) for key in numbers}, firsts)
