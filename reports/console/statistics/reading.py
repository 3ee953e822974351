"""A selection with its figures, read once for the whole page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.http import urlencode

from reports.models import DaysFigure, Figure
from reports.services import overview
from reports.services.statistics import Selection, Summary, summary

if TYPE_CHECKING:
    from accounts.models import User
    from reports.figures import Step
    from reports.services.overview import CategoryConformity, Scope


@dataclass(frozen=True, slots=True)
class Reading:
    """A selection with its figures; `requirements` is None where no counter holds the selection.

    `days` are medians where the counters hold them, otherwise means (`medians` False).
    """

    selection: Selection
    whole: Summary
    days: dict[Step, float]
    medians: bool
    requirements: list[CategoryConformity] | None

    @property
    def alone(self) -> str:
        """Return the address of the page with this selection and no other."""
        return f"{reverse('console:statistics')}?{urlencode(self.selection.address)}"

    def behind(self, **narrowed: str | int) -> str:
        """Return the address of the list of results behind a figure."""
        asked = {**self.selection.address, **{n: str(value) for n, value in narrowed.items()}}
        return f"{reverse('console:statistics_results')}?{urlencode(asked)}"


def read(user: User, scope: Scope, selection: Selection) -> Reading:
    """Read the figures of a selection."""
    whole = summary(selection.facts(scope))
    place = selection.counters(scope)
    if place is None or not whole.shown:
        return Reading(selection, whole, whole.days, medians=False, requirements=None)
    standard = selection.standard
    days = DaysFigure.objects.visible_to(user).filter(place)
    judged = Figure.objects.visible_to(user).filter(place)
    return Reading(
        selection,
        whole,
        overview.median_days_at(days, standard),
        medians=True,
        requirements=overview.conformity_at(judged, standard, enough=True),
    )
