"""How corrective actions stand, by audit body and severity: two queries at any number of audits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min
from django.utils import timezone

from audits.models.corrections import brought_before, close_late, late, plan_late
from audits.terms import CorrectionStatus, Escalation

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from audits.models.corrections import CorrectiveActionQuerySet

# A body (None for all) and a severity ("" for all).
Place = tuple["UUID | None", str]


@dataclass
class Standing:
    """How many corrective actions of one place are in which state, late and escalated.

    `longest` is how many days the longest overdue one is late; `median` the days from the issue of
    the result to the closing, None when nothing was closed.
    """

    states: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    longest: int = 0
    escalated: Counter[str] = field(default_factory=Counter)
    median: float | None = None

    def add(self, other: Standing) -> None:
        """Add the counts of another place; a median cannot be added."""
        self.states.update(other.states)
        self.escalated.update(other.escalated)
        self.overdue += other.overdue
        self.longest = max(self.longest, other.longest)


def standings(actions: CorrectiveActionQuerySet) -> dict[Place, Standing]:
    """Return the standings by body and severity, with the sums, in two queries.

    `actions` come `with_gravity`.
    """
    today = timezone.localdate()
    found: dict[Place, Standing] = defaultdict(Standing)
    for row in _counted(actions):
        body, gravity = row["finding__audit__body"], row["gravity"]
        one = Standing(
            Counter({row["status"]: row["number"]}),
            row["late"],
            _days(today, row["plan_since"], row["close_since"]),
            Counter({level: row[f"at_{level}"] for level in Escalation.values if level}),
        )
        for place in ((body, gravity), (None, gravity), (None, "")):
            found[place].add(one)
    for place, days in _medians(actions).items():
        found[place].median = days
    return dict(found)


def _counted(actions: CorrectiveActionQuerySet) -> Iterable[dict[str, Any]]:
    levels = {
        f"at_{level}": Count("pk", filter=brought_before(level))
        for level in Escalation.values
        if level
    }
    return (
        actions.order_by()
        .values("finding__audit__body", "gravity", "status")  # type: ignore[misc]  # with_gravity
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=late()),
            plan_since=Min("plan_due_on", filter=plan_late()),
            close_since=Min("close_due_on", filter=close_late()),
            **levels,
        )
    )


def _days(today: date, *since: date | None) -> int:
    return max((today - day).days for day in (*since, today) if day is not None)


def _medians(actions: CorrectiveActionQuerySet) -> dict[Place, float]:
    """Return the median of the days to close by place.

    A median is not a sum: the database would sort all rows once for each kind of place, which took
    four times as long as reading two moments of each.
    """
    closed = actions.filter(status=CorrectionStatus.CLOSED).order_by()
    days: dict[Place, list[float]] = defaultdict(list)
    for body, gravity, issued_at, closed_at in closed.values_list(  # type: ignore[misc]  # with_gravity
        "finding__audit__body",
        "gravity",
        "finding__audit__issued_at",
        "closed_at",
    ).iterator(chunk_size=5000):
        took = (closed_at - issued_at).total_seconds() / 86_400
        for place in ((body, gravity), (None, gravity), (None, "")):
            days[place].append(took)
    return {place: median(found) for place, found in days.items()}
