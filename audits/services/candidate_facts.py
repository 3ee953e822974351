"""What is known of many auditors at once: each function is one query, however many they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.db.models import Q

from accounts.models import Designation
from accounts.models.designations import permitted_throughout
from accounts.terms import Effect
from audits.auditors.eligibility import Need, Qualified
from audits.auditors.models import Absence, Qualification
from audits.auditors.terms import Level, QualificationStatus
from audits.models import AuditEvent, TeamMember
from audits.terms import Answer, Status
from suppliers.models import Site
from suppliers.prefectures import distance_km
from ui.calendars import add_months

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from audits.models import Audit

FEW = 100
# Where no prefecture of an auditor is known: as far as it goes.
FAR_KM = 600.0
# Visits of these audits take nobody's time.
OFF = (Status.WITHDRAWN, Status.CANCELLED, Status.ABORTED, Status.VOID)


class Someone(Protocol):
    """An auditor as far as the questions below go: a model's row or a light one."""

    @property
    def pk(self) -> UUID: ...
    @property
    def body_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Days that an auditor is taken: a visit of the audit with the number, or an absence ("")."""

    first: date
    last: date
    number: str = ""


def of_people(people: Sequence[Someone], path: str = "auditor") -> Q:
    """Return the rows of the people: few by name, many as those of their bodies."""
    if len(people) <= FEW:
        return Q(**{f"{path}__in": [person.pk for person in people]})
    return Q(**{f"{path}__body__in": {person.body_id for person in people}})


def qualifications(audit: Audit, people: Sequence[Someone]) -> Mapping[UUID, tuple[Qualified, ...]]:
    """Return the qualifications under the audit's standard, by auditor."""
    found: dict[UUID, tuple[Qualified, ...]] = {}
    rows = Qualification.objects.filter(
        of_people(people), standard=audit.standard_id, status=QualificationStatus.QUALIFIED
    )
    for auditor, level, starts, ends in rows.values_list(
        "auditor", "level", "starts_on", "ends_on"
    ):
        found[auditor] = (*found.get(auditor, ()), Qualified(level, starts, ends))
    return found


def permitted_bodies(bodies: set[UUID], need: Need) -> set[UUID]:
    """Return the bodies whose designations let them perform on every visit day."""
    first, last = need.first_day, need.last_day
    held: dict[UUID, list[Designation]] = defaultdict(list)
    for row in Designation.objects.filter(organisation__in=bodies).touching(first, last):
        held[row.organisation_id].append(row)
    return {
        body
        for body, rows in held.items()
        if permitted_throughout(rows, Effect.PERFORM, first, last)
    }


def last_lead(audit: Audit, depth: int) -> tuple[UUID | None, int]:
    """Return who led the site's last audits in a row, and how many of them (at most `depth`)."""
    leads = list(
        TeamMember.objects.filter(
            audit__site__in=Site.objects.at_place_of(audit.site),
            audit__issued_at__isnull=False,
            function=Level.LEAD,
        )
        .filter(answer=Answer.ACCEPTED)
        .exclude(audit=audit.pk)
        .order_by("-audit__issued_at")
        .values_list("auditor", flat=True)[:depth]
    )
    if not leads:
        return None, 0
    run = next((i for i, lead in enumerate(leads) if lead != leads[0]), len(leads))
    return leads[0], run


def times_at_site(audit: Audit) -> Counter[UUID]:
    """Count the earlier audits of the site, by auditor."""
    return Counter(
        TeamMember.objects.filter(
            audit__site__in=Site.objects.at_place_of(audit.site), answer=Answer.ACCEPTED
        )
        .exclude(audit=audit.pk)
        .values_list("auditor", flat=True)
    )


def load(audit: Audit, people: Sequence[Someone], need: Need) -> Counter[UUID]:
    """Count, for each auditor, the places in audits whose visit begins in the same month."""
    first = need.first_day.replace(day=1)
    rows = TeamMember.objects.filter(
        of_people(people),
        answer__in=(Answer.OFFERED, Answer.ACCEPTED),
        audit__planned_from__gte=first,
        audit__planned_from__lt=add_months(first, 1),
    ).exclude(audit=audit.pk)
    return Counter(rows.exclude(audit__status__in=OFF).values_list("auditor", flat=True))


def away(
    people: Sequence[Someone], first: date, last: date
) -> Mapping[UUID, tuple[tuple[date, date], ...]]:
    """Return the absences that take a day from `first` to `last`, by auditor."""
    found: dict[UUID, tuple[tuple[date, date], ...]] = {}
    rows = Absence.objects.touching(first, last).filter(of_people(people))
    for auditor, starts, ends in rows.values_list("auditor", "starts_on", "ends_on"):
        found[auditor] = (*found.get(auditor, ()), (starts, ends))
    return found


def taken(
    audit: Audit, people: Sequence[Someone], first: date, last: date
) -> Mapping[UUID, list[Span]]:
    """Return the days from `first` to `last` on which each is at another visit or away."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    visits = (
        TeamMember.objects.filter(
            of_people(people),
            answer__in=(Answer.OFFERED, Answer.ACCEPTED),
            audit__planned_from__lte=last,
            audit__planned_until__gte=first,
        )
        .exclude(audit=audit.pk)
        .exclude(audit__status__in=OFF)
        .order_by("audit__planned_from")
    )
    for auditor, starts, ends, number in visits.values_list(
        "auditor", "audit__planned_from", "audit__planned_until", "audit__number"
    ):
        if starts and ends:  # as the filter says, and the types do not
            found[auditor].append(Span(starts, ends, number))
    for auditor, spans in away(people, first, last).items():
        found[auditor] += [Span(starts, ends) for starts, ends in spans]
    return found


def settled_ties(audit: Audit) -> set[str]:
    """Return the ties, by key, that the secretariat settled after the visit: see its record."""
    payloads = AuditEvent.objects.filter(audit=audit, act="conflict_settled").values_list(
        "payload", flat=True
    )
    return {key for payload in payloads for key in payload["engagements"]}


class Distances(dict[int, float]):
    """Kilometres from each prefecture to one; each is worked out once."""

    def __init__(self, to: int) -> None:
        super().__init__()
        self.to = to

    def __missing__(self, prefecture: int) -> float:
        self[prefecture] = distance_km(prefecture, self.to)
        return self[prefecture]

    def nearest(self, prefectures: Iterator[int] | list[int]) -> float:
        """Return the km from the nearest of the prefectures; 600 when none is known."""
        return min((self[one] for one in prefectures), default=FAR_KM)
