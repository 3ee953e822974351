"""The statistics explorer: figures of any selection of issued results, and the results behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.console.access import for_desks
from audits.criteria import criteria_label
from audits.standards.models import Category
from reports.console.statistics.comparison import compared
from reports.console.statistics.panels import panels
from reports.console.statistics.reading import read
from reports.figures import MINIMUM_SITES, Step
from reports.forms.statistics import BehindForm, Choices, SelectionForm, ViewForm
from reports.models import AuditFacts
from reports.services import overview
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from reports.console.statistics.tables import Panel
    from reports.models import AuditFactsQuerySet
    from ui.tables import Value

# The second group of a comparison: `b-prefecture=38`.
SECOND = "b"


@require_GET
@for_desks
def statistics(request: UserRequest) -> HttpResponseBase:
    """Show the figures of the chosen results, or send the table of one picture."""
    choices = Choices.of(request)
    scope = overview.scope_of(request.user)
    context: dict[str, Any] = {
        "organisations": overview.organisations_of(scope),
        "minimum_sites": MINIMUM_SITES,
    }
    if not (choices.standards and scope.narrow(AuditFacts.objects.counted()).exists()):
        return render(request, "reports/console/statistics/page.html", context)
    form = SelectionForm(request.GET, choices=choices)
    second = SelectionForm(request.GET, choices=choices, prefix=SECOND)
    view = ViewForm(request.GET)
    view.is_valid()
    by_rate = view.cleaned_data.get("shade") != "results"
    comparing = bool(view.cleaned_data.get("compare"))
    reading = read(request.user, scope, form.selection)
    categories = _categories(reading.selection.standard)
    other = read(request.user, scope, second.selection) if comparing else None
    drawn = (
        panels(scope, reading, categories, by_rate=by_rate)
        if reading.whole.shown and not other
        else []
    )
    both = (
        compared(reading, other, categories)
        if other and other.whole.shown and reading.whole.shown
        else []
    )
    if sent := _file(request, [*drawn, *both]):
        return sent
    context |= {
        "form": form,
        "second": second,
        "view": view,
        "comparing": comparing,
        "reading": reading,
        "other": other,
        "days_total": reading.days.get(Step.TOTAL),
        "panels": drawn,
        "both": both,
        "refused": bool(form.errors or view.errors or (comparing and second.errors)),
    }
    return render(request, "reports/console/statistics/page.html", context)


def _categories(standard: Any) -> Sequence[Category]:
    return list(Category.objects.filter(standard=standard).order_by("order"))


def _file(request: UserRequest, drawn: Sequence[Panel]) -> HttpResponseBase | None:
    """Return the table that `?table=` names as a file; 404 for one that is not shown."""
    name = request.GET.get("table")
    if not name:
        return None
    table = next((panel.table for panel in drawn if panel.table.name == name), None)
    if table is None:
        raise Http404
    return download(request, f"orime-statistics-{name}", table.header, lambda: table.filed)


@require_GET
@for_desks
def results(request: UserRequest) -> HttpResponseBase:
    """List the results behind a figure, newest first; or download them."""
    choices = Choices.of(request)
    form = BehindForm(request.GET, choices=choices)
    rows = AuditFacts.objects.none()
    if choices.standards:
        facts = form.selection.facts(overview.scope_of(request.user))
        rows = _narrowed(facts, form.cleaned_data).visible_to(request.user)
    rows = rows.select_related("audit", "site__supplier", "body").order_by("-issued_on", "-pk")
    if sent := download(request, "orime-statistics-results", _header(), lambda: _rows(rows)):
        return sent
    return render(
        request,
        "reports/console/statistics/results.html",
        {
            "filter": {"form": form, "active": form.active},
            "page": paginate(request, rows),
            "trail": [{"label": _("Statistics"), "url": reverse("console:statistics")}],
        },
    )


def _narrowed(facts: AuditFactsQuerySet, given: dict[str, Any]) -> AuditFactsQuerySet:
    """Keep results with something not met in a category, or of a severity."""
    if number := given.get("category"):
        facts = facts.filter(**{f"nonconforming_{number}__gt": 0})
    if severity := given.get("severity"):
        facts = facts.filter(**{f"{severity}__gt": 0})
    return facts


def _header() -> list[Value]:
    return [
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Grade"),
        _("Grading criteria"),
        _("Conforming"),
        _("Nonconforming"),
        _("Issued on"),
        _("Audit body"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.audit.number,
            row.site.supplier.name,
            row.site.name,
            row.get_grade_display(),
            criteria_label(row.official),
            row.conforming,
            row.nonconforming,
            row.issued_on,
            row.body.name if row.body else "",
        ]
