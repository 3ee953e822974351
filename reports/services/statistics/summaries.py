"""Sums over rows of facts, made by the database: one query for a selection or for its groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, F, Q, Sum

from audits.terms import GradeLetter
from reports.figures import CATEGORIES, COUNTS, Step, Tally, enough_sites
from reports.models import PLACE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models.expressions import Combinable

    from reports.models import AuditFactsQuerySet


@dataclass(frozen=True, slots=True)
class Part:
    """What was judged in one category, and at how many different sites."""

    sites: int
    tally: Tally

    @property
    def shown(self) -> bool:
        """Say whether it may be shown."""
        return enough_sites(self.sites)

    @property
    def rate(self) -> float | None:
        """Return the share that conforms; None when nothing was judged or too few sites."""
        return self.tally.rate if self.shown else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of some results: how many, of how many sites, and what was found.

    `categories` is by number; `days` holds the mean calendar days of each step that is known.
    """

    results: int
    sites: int
    grades: dict[GradeLetter, int]
    tally: Tally
    categories: dict[int, Part]
    days: dict[Step, float]

    @property
    def shown(self) -> bool:
        """Say whether any of it may be shown."""
        return enough_sites(self.sites)

    @property
    def rate(self) -> float | None:
        """Return the share of what was judged that conforms; None when it is not shown."""
        return self.tally.rate if self.shown else None


@cache
def _columns(categories: Sequence[int]) -> dict[str, Combinable]:
    """Return every sum, named as `_read` reads it."""
    columns: dict[str, Combinable] = {
        "results": Count("pk"),
        "sites": Count(PLACE, distinct=True),
        **{f"grade_{g.value}": Count("pk", filter=Q(grade=g)) for g in GradeLetter},
        **{f"sum_{name}": Sum(name, default=0) for name in COUNTS},
        **{f"mean_{step.value}": Avg(f"days_{step.value}") for step in Step},
    }
    for number in categories:
        met, unmet = f"conforming_{number}", f"nonconforming_{number}"
        judged = Q(**{f"{met}__gt": 0}) | Q(**{f"{unmet}__gt": 0})
        columns |= {
            f"sum_{met}": Sum(met, default=0),
            f"sum_{unmet}": Sum(unmet, default=0),
            f"sites_{number}": Count(PLACE, distinct=True, filter=judged),
        }
    return columns


def summary(facts: AuditFactsQuerySet) -> Summary:
    """Return the figures of all the rows together."""
    return _read(facts.order_by().aggregate(**_columns(CATEGORIES)), CATEGORIES)


def summaries(
    facts: AuditFactsQuerySet, name: str, categories: Sequence[int] = CATEGORIES
) -> dict[Any, Summary]:
    """Return the figures of the rows by one of their columns, in its order.

    To count the different sites of each category costs most: `()` leaves the categories out.
    """
    # Renamed, because some columns have the name of what is summed up.
    rows = facts.order_by().annotate(group=F(name)).values("group").annotate(**_columns(categories))
    return {row["group"]: _read(row, categories) for row in rows.order_by("group")}


def _read(row: Mapping[str, Any], categories: Sequence[int]) -> Summary:
    return Summary(
        results=row["results"],
        sites=row["sites"],
        grades={letter: row[f"grade_{letter.value}"] for letter in GradeLetter},
        tally=Tally(*(row[f"sum_{name}"] for name in COUNTS)),
        categories={
            number: Part(
                row[f"sites_{number}"],
                Tally(row[f"sum_conforming_{number}"], row[f"sum_nonconforming_{number}"]),
            )
            for number in categories
        },
        days={
            step: float(row[f"mean_{step.value}"])
            for step in Step
            if row[f"mean_{step.value}"] is not None
        },
    )
