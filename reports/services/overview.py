"""The scheme at a glance, read from the counters: the same work at any number of audits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from accounts import policies
from accounts.models import Organisation
from accounts.terms import Kind
from audits.standards.models import Requirement, Standard
from audits.standards.terms import StandardStatus
from audits.terms import GradeLetter
from reports.figures import COUNTS, Dimension, Step, Tally, enough_sites, median
from reports.models import AuditFacts, DaysFigure, Figure, GradeFigure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import User
    from audits.standards.models import Category
    from reports.models import AuditFactsQuerySet
    from reports.models.counters import CounterQuerySet


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody reads: the places of one dimension; `organisations` is empty for the whole."""

    dimension: Dimension
    organisations: tuple[UUID, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Return the keys of the places."""
        return [pk.hex for pk in self.organisations] or [""]

    def narrow(self, facts: AuditFactsQuerySet) -> AuditFactsQuerySet:
        """Return the rows of facts of the places."""
        match self.dimension:
            case Dimension.SECRETARIAT:
                return facts.filter(secretariat__in=self.organisations)
            case Dimension.BODY:
                return facts.filter(body__in=self.organisations)
            case _:
                return facts


@dataclass(frozen=True, slots=True)
class Conformity:
    """What was judged on one requirement; `rate` is None when too few sites would be shown."""

    requirement: Requirement
    tally: Tally
    shown: bool

    @property
    def rate(self) -> float | None:
        """Return the share that conforms, or None."""
        return self.tally.rate if self.shown else None


@dataclass(frozen=True, slots=True)
class CategoryConformity:
    """The requirements of one category together."""

    category: Category
    requirements: tuple[Conformity, ...]

    @property
    def tally(self) -> Tally:
        """Return the sum over the requirements."""
        return sum((row.tally for row in self.requirements), Tally())

    @property
    def rate(self) -> float | None:
        """Return the share that conforms, None when no requirement may be shown."""
        return self.tally.rate if any(row.shown for row in self.requirements) else None


def scope_of(user: User) -> Scope:
    """Return what the user reads: everything, the own secretariats, or the own bodies."""
    if policies.is_scheme_owner(user) or policies.is_observer(user):
        return Scope(Dimension.TOTAL)
    for dimension, kind in (
        (Dimension.SECRETARIAT, Kind.SECRETARIAT),
        (Dimension.BODY, Kind.AUDIT_BODY),
    ):
        if own := policies.organisation_ids(user, kind):
            return Scope(dimension, tuple(sorted(own)))
    return Scope(Dimension.BODY, ())


def organisations_of(scope: Scope) -> list[Organisation]:
    """Return the organisations whose figures are read; none for the whole scheme."""
    if not scope.organisations:
        return []
    return list(Organisation.objects.filter(pk__in=scope.organisations).order_by("name_ja"))


def standards_with_figures(user: User) -> list[Standard]:
    """Return the versions to choose from, newest first: in force, or with figures."""
    counted = GradeFigure.objects.visible_to(user).values("standard")
    return list(
        Standard.objects.exclude(status=StandardStatus.DRAFT)
        .filter(Q(status=StandardStatus.ACTIVE) | Q(pk__in=counted))
        .order_by("-effective_on", "version")
    )


def conformity(user: User, scope: Scope, standard: Standard) -> list[CategoryConformity]:
    """Return what was judged on each requirement, by category, in the order of the standard."""
    places = Figure.objects.visible_to(user).at(scope.dimension, scope.keys)
    facts = scope.narrow(AuditFacts.objects.counted().filter(standard=standard))
    return conformity_at(places, standard, enough=facts.has_enough_sites())


def conformity_at(
    places: CounterQuerySet[Figure], standard: Standard, *, enough: bool
) -> list[CategoryConformity]:
    """Return what was judged at some places; nothing is shown unless there are enough sites."""
    sums = {
        requirement: Tally(*counts)
        for requirement, *counts in places.filter(standard=standard)
        .order_by()
        .values_list("requirement")
        .annotate(**{f"sum_{name}": Sum(name) for name in COUNTS})
    }
    requirements = (
        Requirement.objects.filter(standard=standard)
        .select_related("category")
        .only(
            "code",
            "order",
            "title_ja",
            "title_en",
            "standard",
            "category__number",
            "category__name_ja",
            "category__name_en",
            "category__order",
        )
        .order_by("order")
    )
    rows = [
        # Each audit answers a requirement once: fewer answers than five are fewer sites than five.
        Conformity(
            row,
            found := sums.get(row.pk, Tally()),
            shown=enough and enough_sites(found.judged),
        )
        for row in requirements
    ]
    return [
        CategoryConformity(category, tuple(group))
        for category, group in groupby(rows, key=lambda row: row.requirement.category)
    ]


def grades(user: User, scope: Scope, standard: Standard) -> dict[GradeLetter, int]:
    """Return how many results of each grade stand, best first."""
    places = GradeFigure.objects.visible_to(user).at(scope.dimension, scope.keys)
    sums = places.filter(standard=standard).aggregate(
        A=Sum("grade_a", default=0), B=Sum("grade_b", default=0), none=Sum("grade_none", default=0)
    )
    return {letter: sums[letter.value] for letter in GradeLetter}


def median_days(user: User, scope: Scope, standard: Standard) -> dict[Step, float]:
    """Return the median calendar days of each step that was counted."""
    places = DaysFigure.objects.visible_to(user).at(scope.dimension, scope.keys)
    return median_days_at(places, standard)


def median_days_at(places: CounterQuerySet[DaysFigure], standard: Standard) -> dict[Step, float]:
    """Return the median calendar days of each step that was counted at some places."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    rows: Iterable[tuple[str, int, int]] = (
        places.filter(standard=standard)
        .order_by()
        .values_list("step", "days")
        .annotate(n=Sum("audits"))
    )
    for step, days, count in rows:
        found[step][days] = count
    medians = {step: median(found[step.value]) for step in Step}
    return {step: value for step, value in medians.items() if value is not None}
