"""Who may audit: every auditor in scope for one audit, ranked, or with the reasons why not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from audits.auditors.eligibility import (
    BY_FUNCTION,
    Candidate,
    Need,
    Obstacle,
    Qualified,
    Tie,
    hindrances,
    obstacles,
    score,
)
from audits.auditors.models import Auditor
from audits.auditors.terms import Level
from audits.models import Audit, SchemeSettings
from audits.services import candidate_facts as facts
from audits.services.ties import ties_with
from ui.calendars import add_months

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Person:
    """A registered auditor as a light row, for lists of thousands."""

    pk: UUID
    user_id: UUID
    body_id: UUID
    name: str
    registration_number: str
    languages: list[str]
    prefectures: list[int]
    is_active: bool


# Who is ranked: rows of the register, or light ones.
P = TypeVar("P", Auditor, Person)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[P]):
    """One auditor for one audit: the score counts only when there are no obstacles."""

    auditor: P
    candidate: Candidate
    need: Need
    score: int
    # Which the auditor may take, and what keeps him or her from all of them.
    functions: tuple[str, ...]
    hindered: tuple[Obstacle, ...]

    @property
    def eligible(self) -> bool:
        """Say whether the auditor may take any function in the team."""
        return bool(self.functions)

    @property
    def obstacles(self) -> list[str]:
        """Return why the auditor may take no function at all; empty when eligible."""
        return [] if self.eligible else self.obstacles_for(Level.TRAINEE)

    def obstacles_for(self, function: str) -> list[str]:
        """Return why the auditor may not take the function, as sentences."""
        return obstacles(self.candidate, self.need, function)

    @property
    def conflicts(self) -> list[str]:
        """Return the threats to impartiality alone: they count after the visit too."""
        visited = replace(
            self.candidate,
            is_active=True,
            body_permitted=True,
            elsewhere=False,
            qualifications=(Qualified(Level.LEAD, date.min, None),),
            away=(),
        )
        return obstacles(visited, self.need)


def visit_days(audit: Audit) -> tuple[date, date]:
    """Return first and last visit day: planned, else preferred, else a month from now."""
    first = audit.planned_from or audit.preferred_from or timezone.localdate() + timedelta(days=30)
    last = audit.planned_until or first
    return first, max(first, last)


def need_of(audit: Audit, settings: SchemeSettings | None = None) -> Need:
    """Return what the audit asks of its auditors."""
    settings = settings or SchemeSettings.objects.current()
    first, last = visit_days(audit)
    spoken = audit.profile.languages if audit.profile else []
    return Need(
        first_day=first,
        last_day=last,
        languages=frozenset(spoken) or frozenset({"ja"}),
        prefecture=audit.site.prefecture,
        standard=str(audit.standard) if audit.standard else "",
        engagement_months=settings.engagement_months,
        rotation_audits=settings.rotation_audits,
    )


@overload
def rank(
    audit: Audit, auditors: None = None, need: Need | None = None
) -> list[Ranked[Auditor]]: ...
@overload
def rank(audit: Audit, auditors: Iterable[P], need: Need | None = None) -> list[Ranked[P]]: ...
def rank(
    audit: Audit, auditors: Iterable[Any] | None = None, need: Need | None = None
) -> list[Ranked[Any]]:
    """Return the auditors (by default those of the audit's body), eligible and best first.

    The others follow, those with the fewest obstacles first. The number of queries does not depend
    on how many auditors there are.
    """
    need = need or need_of(audit)
    if auditors is None:
        auditors = Auditor.objects.filter(body=audit.body_id).select_related("user", "body")
    people = list(auditors)
    ties = _ties(audit, need, people)
    qualified = facts.qualifications(audit, people)
    bodies = {person.body_id for person in people}
    # A suspension stops visits that have not begun; one that has is finished and can be issued.
    permitted = bodies if audit.started_at else facts.permitted_bodies(bodies, need)
    last_lead, led = facts.last_lead(audit, need.rotation_audits)
    times = facts.times_at_site(audit)
    load = facts.load(audit, people, need)
    away = facts.away(people, need.first_day, need.last_day)
    declared = {place.auditor_id for place in audit.team.all() if place.declared_conflict}
    distances = facts.Distances(audit.site.prefecture)
    rows = []
    for person in people:
        candidate = Candidate(
            is_active=person.is_active,
            body_permitted=person.body_id in permitted,
            languages=frozenset(person.languages),
            elsewhere=person.body_id != audit.body_id,
            qualifications=qualified.get(person.pk, ()),
            ties=ties[person.pk],
            away=away.get(person.pk, ()),
            led_last_audits=led if person.pk == last_lead else 0,
            declared_conflict=person.pk in declared,
            distance_km=distances.nearest(person.prefectures),
            load=load[person.pk],
            audits_of_site=times[person.pk],
            serves_prefecture=audit.site.prefecture in person.prefectures,
        )
        rows.append(_ranked(person, candidate, need))
    return sorted(
        rows, key=lambda row: (len(row.hindered), -row.score, row.auditor.registration_number)
    )


def _ranked(person: Any, candidate: Candidate, need: Need) -> Ranked[Any]:
    # Whoever may not even be a trainee may be nothing: no rule is stricter for a trainee.
    hindered = hindrances(candidate, need, Level.TRAINEE)
    functions = tuple(
        level.value
        for level in Level
        if not hindered
        and (level == Level.TRAINEE or not hindrances(candidate, need, level, BY_FUNCTION))
    )
    return Ranked(person, candidate, need, score(candidate, need), functions, hindered)


def people_in(audit: Audit, *, everywhere: bool = False) -> list[Person]:
    """Return the auditors of the audit's body; `everywhere`: of all bodies of its secretariat.

    Light rows: making 2,000 model instances with their users took longer than all the rest.
    """
    scope = Q(body=audit.body_id)
    if everywhere:
        scope |= Q(body__parent=audit.secretariat_id)
    rows = Auditor.objects.filter(scope).values_list(
        "pk",
        "user",
        "body",
        "user__name",
        "registration_number",
        Cast("languages", TextField()),
        Cast("prefectures", TextField()),
        "is_active",
    )
    return [
        Person(pk, user, body, name, number, _listed(languages), _listed(prefectures), active)
        for pk, user, body, name, number, languages, prefectures, active in rows
    ]


@lru_cache(maxsize=4096)
def _listed(text: str) -> Any:
    """Read a list that thousands of people share with each other, once."""
    return json.loads(text)


def _ties(
    audit: Audit, need: Need, people: Sequence[Auditor | Person]
) -> dict[UUID, tuple[Tie, ...]]:
    """Return the ties to the audit's supplier that still count and are not settled, by auditor."""
    found = ties_with(audit.site.supplier, add_months(need.first_day, -need.engagement_months))
    ties = {one.pk: tuple(found.of(one.user_id, (one.body_id,))) for one in people}
    if not audit.started_at or not any(ties.values()):
        return ties
    settled = facts.settled_ties(audit)
    return {
        pk: tuple(tie for tie in row if tie.key not in settled or (tie.own and tie.member))
        for pk, row in ties.items()
    }
