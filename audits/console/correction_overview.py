"""The overview of corrective actions: how many stand where, by severity and audit body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Organisation
from audits.console.access import for_desks
from audits.filters import CorrectionOverviewFilter
from audits.models import CorrectiveAction
from audits.services.correction_figures import Standing, standings
from audits.terms import CorrectionStatus, Escalation, Severity
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpResponseBase, QueryDict

    from accounts.http import UserRequest
    from audits.services.correction_figures import Place
    from ui.tables import Value

BODIES_PER_PAGE = 20


@dataclass(frozen=True)
class Cell:
    """A number with the address of the list that it counts."""

    number: int
    url: str
    late: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the overview: a severity (blank for all) of one body or of all."""

    severity: str
    states: list[Cell]
    overdue: Cell
    longest: int
    escalated: list[Cell]
    median: float | None


@require_GET
@for_desks
def overview(request: UserRequest) -> HttpResponseBase:
    """Count corrective actions by state, severity and body; each number leads to its list."""
    rows = CorrectiveAction.objects.visible_to(request.user).with_gravity()
    chosen = CorrectionOverviewFilter(request.GET, rows, request=request)
    found = standings(chosen.qs)
    bodies = _bodies(found)
    if sent := download(
        request, "orime-corrective-actions-overview", _header(), lambda: _rows(found, bodies)
    ):
        return sent
    page = paginate(request, list(bodies), BODIES_PER_PAGE)
    return render(
        request,
        "audits/console/corrections_overview.html",
        {
            "filter": chosen,
            "states": CorrectionStatus.choices,
            "levels": [label for value, label in Escalation.choices if value],
            "totals": [
                _line(request.GET, None, severity, found[None, severity])
                for severity in (*Severity.values, "")
                if (None, severity) in found
            ],
            "page": page,
            "bodies": [
                (
                    bodies[pk],
                    [
                        _line(request.GET, pk, severity, found[pk, severity])
                        for severity in Severity.values
                        if (pk, severity) in found
                    ],
                )
                for pk in page.object_list
            ],
        },
    )


def _bodies(found: dict[Place, Standing]) -> dict[UUID, Organisation]:
    """Return the bodies that have corrective actions; those with the most overdue ones first."""
    late: dict[UUID, int] = {}
    for (pk, _severity), standing in found.items():
        if pk is not None:
            late[pk] = late.get(pk, 0) + standing.overdue
    named = Organisation.objects.in_bulk(late)
    return {pk: named[pk] for pk in sorted(late, key=lambda pk: (-late[pk], named[pk].name_ja))}


def _line(given: QueryDict, body: UUID | None, severity: str, standing: Standing) -> Line:
    """Return the numbers of a line; what the page is narrowed by narrows their lists as well."""

    def address(**narrowed: str) -> str:
        kept = given.copy()
        kept.pop("page", None)
        for name, value in narrowed.items():
            kept[name] = value
        if body is not None:
            kept["body"] = str(body)
        if severity:
            kept["severity"] = severity
        return f"{reverse('console:corrections')}?{kept.urlencode()}"

    return Line(
        severity,
        [
            Cell(standing.states[status], address(status=status))
            for status in CorrectionStatus.values
        ],
        Cell(standing.overdue, address(overdue="on"), late=True),
        standing.longest,
        [
            Cell(standing.escalated[level], address(escalated=level), late=True)
            for level in Escalation.values
            if level
        ],
        standing.median,
    )


def _header() -> list[Value]:
    return [
        _("Audit body"),
        _("Severity"),
        *CorrectionStatus.labels,
        _("Overdue"),
        _("Longest overdue (days)"),
        *(label for value, label in Escalation.choices if value),
        _("Median days to close"),
    ]


def _rows(found: dict[Place, Standing], bodies: dict[UUID, Organisation]) -> Iterator[list[Value]]:
    for pk, body in bodies.items():
        for severity in Severity:
            if standing := found.get((pk, severity.value)):
                yield [
                    body.name,
                    severity.label,
                    *(standing.states[status] for status in CorrectionStatus.values),
                    standing.overdue,
                    standing.longest,
                    *(standing.escalated[level] for level in Escalation.values if level),
                    None if standing.median is None else round(standing.median, 1),
                ]
