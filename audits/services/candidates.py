"""Who may audit: every auditor in scope for one audit, ranked, or with the reasons why not."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts import policies
from accounts.models import Designation, Membership
from accounts.terms import Effect, Kind
from audits.auditors.eligibility import Candidate, Need, Qualified, Tie, obstacles, score
from audits.auditors.models import Absence, Auditor, Engagement, Qualification
from audits.auditors.terms import Level, QualificationStatus
from audits.calendars import add_months
from audits.models import Audit, SchemeSettings, TeamMember
from audits.terms import Answer
from suppliers.prefectures import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from accounts.models import User


@dataclass(frozen=True)
class Ranked:
    """One auditor for one audit: the score counts only when there are no obstacles."""

    auditor: Auditor
    candidate: Candidate
    need: Need
    score: int
    functions: tuple[str, ...]

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


def rank(
    audit: Audit, auditors: Iterable[Auditor] | None = None, need: Need | None = None
) -> list[Ranked]:
    """Return the auditors (by default those of the audit's body), eligible and best first.

    The number of queries does not depend on how many auditors there are.
    """
    need = need or need_of(audit)
    if auditors is None:
        auditors = Auditor.objects.filter(body=audit.body_id).select_related("user", "body")
    people = list(auditors)
    ties = _ties(audit, need)
    qualified = _qualifications(audit, people)
    bodies = {person.body_id for person in people}
    # A suspension stops visits that have not begun; one that has is finished and can be issued.
    permitted = bodies if audit.started_at else _permitted_bodies(bodies, need)
    last_lead, led = _last_lead(audit, need.rotation_audits)
    times = _times_at_site(audit)
    load = _load(audit, need)
    away = _away(people, need)
    declared = {place.auditor_id for place in audit.team.all() if place.declared_conflict}
    rows = []
    for person in people:
        candidate = Candidate(
            is_active=person.is_active,
            body_permitted=person.body_id in permitted,
            languages=frozenset(person.languages),
            qualifications=qualified.get(person.pk, ()),
            ties=tuple(ties.of(person)),
            away=away.get(person.pk, ()),
            led_last_audits=led if person.pk == last_lead else 0,
            declared_conflict=person.pk in declared,
            distance_km=_distance(person, audit.site.prefecture),
            load=load[person.pk],
            audits_of_site=times[person.pk],
            serves_prefecture=audit.site.prefecture in person.prefectures,
        )
        functions = tuple(level.value for level in Level if not obstacles(candidate, need, level))
        rows.append(Ranked(person, candidate, need, score(candidate, need), functions))
    return sorted(
        rows, key=lambda row: (not row.eligible, -row.score, row.auditor.registration_number)
    )


class _Ties:
    """Engagements with the audit's supplier that still count, by person and by office."""

    def __init__(
        self, engagements: Iterable[Engagement], offices: dict[UUID | None, set[UUID]]
    ) -> None:
        self.rows = [
            (row, {row.body_id} | offices.get(row.person_id, set())) for row in engagements
        ]

    def of(self, auditor: Auditor) -> Iterator[Tie]:
        """Yield the auditor's own ties and those of anybody of the same office."""
        for row, bodies in self.rows:
            own = row.person_id == auditor.user_id
            if own or auditor.body_id in bodies:
                yield Tie(str(row.get_kind_display()), own, row.ends_on)


def _ties(audit: Audit, need: Need) -> _Ties:
    since = add_months(need.first_day, -need.engagement_months)
    rows = list(Engagement.objects.touching(audit.site.supplier, since))
    offices: dict[UUID | None, set[UUID]] = defaultdict(set)
    memberships = Membership.objects.filter(
        user__in=[row.person_id for row in rows if row.person_id],
        organisation__kind=Kind.AUDIT_BODY,
    )
    for user_id, body_id in memberships.values_list("user", "organisation"):
        offices[user_id].add(body_id)
    return _Ties(rows, offices)


def ties_of_person(audit: Audit, user: User) -> list[str]:
    """Return the kinds of engagement that keep a reviewer or decision maker from this audit.

    The same rule as for auditors: the person's own, and those of anybody of the same office.
    """
    settings = SchemeSettings.objects.current()
    since = add_months(timezone.localdate(), -settings.engagement_months)
    rows = list(Engagement.objects.touching(audit.site.supplier, since))
    if not rows:
        return []
    bodies = policies.organisation_ids(user, Kind.AUDIT_BODY)
    colleagues = set(
        Membership.objects.filter(organisation__in=bodies).values_list("user", flat=True)
    )
    return [
        str(row.get_kind_display())
        for row in rows
        if row.person_id == user.pk or row.body_id in bodies or row.person_id in colleagues
    ]


def _qualifications(audit: Audit, people: list[Auditor]) -> dict[UUID, tuple[Qualified, ...]]:
    found: dict[UUID, tuple[Qualified, ...]] = {}
    rows = Qualification.objects.filter(
        auditor__in=[person.pk for person in people],
        standard=audit.standard_id,
        status=QualificationStatus.QUALIFIED,
    )
    for row in rows:
        one = Qualified(row.level, row.starts_on, row.ends_on)
        found[row.auditor_id] = (*found.get(row.auditor_id, ()), one)
    return found


def _permitted_bodies(bodies: set[UUID], need: Need) -> set[UUID]:
    rows = Designation.objects.filter(organisation__in=bodies).in_force(need.first_day)
    return {
        row.organisation_id
        for row in rows
        if row.permits(Effect.PERFORM, need.first_day)
        and row.permits(Effect.PERFORM, need.last_day)
    }


def _last_lead(audit: Audit, depth: int) -> tuple[UUID | None, int]:
    """Return who led the site's last audits in a row, and how many of them (at most `depth`)."""
    leads = list(
        TeamMember.objects.filter(
            audit__site=audit.site_id, audit__issued_at__isnull=False, function=Level.LEAD
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


def _times_at_site(audit: Audit) -> Counter[UUID]:
    return Counter(
        TeamMember.objects.filter(audit__site=audit.site_id, answer=Answer.ACCEPTED)
        .exclude(audit=audit.pk)
        .values_list("auditor", flat=True)
    )


def _load(audit: Audit, need: Need) -> Counter[UUID]:
    """Count, for each auditor, the places in audits whose visit begins in the same month."""
    first = need.first_day.replace(day=1)
    rows = TeamMember.objects.filter(
        answer__in=(Answer.OFFERED, Answer.ACCEPTED),
        audit__planned_from__gte=first,
        audit__planned_from__lt=add_months(first, 1),
    ).exclude(audit=audit.pk)
    return Counter(rows.values_list("auditor", flat=True))


def _away(people: list[Auditor], need: Need) -> dict[UUID, tuple[tuple[date, date], ...]]:
    """Return the absences that touch the visit days, by auditor."""
    found: dict[UUID, tuple[tuple[date, date], ...]] = {}
    bodies = {person.body_id for person in people}
    rows = Absence.objects.touching(need.first_day, need.last_day).filter(auditor__body__in=bodies)
    for auditor, first, last in rows.values_list("auditor", "starts_on", "ends_on"):
        found[auditor] = (*found.get(auditor, ()), (first, last))
    return found


def _distance(person: Auditor, prefecture: int) -> float:
    """Return the km from the nearest prefecture the auditor serves; 600 when none is known."""
    return min((distance_km(home, prefecture) for home in person.prefectures), default=600.0)
