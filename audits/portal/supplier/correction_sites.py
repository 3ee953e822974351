"""Corrective actions of all sites of a supplier on one page, and plans begun for several at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, F, Q, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from audits.forms.corrections import TogetherForm
from audits.models.corrections import late
from audits.portal.supplier.access import BEING_CHECKED, awaiting_a_plan, own_actions
from audits.portal.supplier.corrections import copied
from audits.terms import CorrectionStatus
from suppliers import policies as suppliers
from suppliers.portal.access import own_organisations, own_sites
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.models import CorrectiveAction
    from suppliers.models import Site
    from ui.tables import Value

# Columns of the matrix: name in the list's address, words, what is counted.
COLUMNS = (
    ("plan", gettext_lazy("to plan"), Q(status=CorrectionStatus.OPEN)),
    ("carry_out", gettext_lazy("to carry out"), Q(status=CorrectionStatus.PLAN_ACCEPTED)),
    ("checked", gettext_lazy("being checked"), Q(status__in=BEING_CHECKED)),
    ("overdue", gettext_lazy("overdue"), None),
    ("closed", gettext_lazy("closed"), Q(status=CorrectionStatus.CLOSED)),
)
AHEAD = timedelta(days=30)
# More than this is planned in several goes.
MOST_AT_ONCE = 100
MOST_AHEAD = 50


@dataclass(frozen=True)
class Cell:
    """How many corrective actions of a site, and where they are listed."""

    name: str
    number: int
    url: str


@dataclass(frozen=True)
class Due:
    """A corrective action with the day on which something of it is due."""

    action: CorrectiveAction
    day: date
    what: str
    is_late: bool


@require_http_methods(["GET", "HEAD", "POST"])
def all_sites(request: UserRequest) -> HttpResponseBase:
    """Show where the corrective actions of every site stand; a POST begins plans of several."""
    own_organisations(request.user)
    sites = own_sites(request.user).select_related("supplier").order_by("name_ja", "pk")
    if file := download(
        request,
        "orime-corrective-actions-sites",
        [_("Site"), *(label for _name, label, _which in COLUMNS)],
        lambda: _lines(request.user, sites),
    ):
        return file
    awaited = awaiting_a_plan(request.user)
    manages = any(suppliers.manages(request.user, site.supplier) for site in sites)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    form = TogetherForm(request.POST or None, actor=request.user, awaited=awaited)
    if form.is_valid():
        saved = form.save()
        if form.done:
            messages.success(request, copied(form.done))
        if saved:
            return redirect("portal:our_correction_sites")
    why = {action.pk: sentences for action, sentences in form.refused}
    page = paginate(request, sites)
    return render(
        request,
        "audits/portal/supplier/correction_sites.html",
        {
            "columns": [label for _name, label, _which in COLUMNS],
            "page": page,
            "rows": list(_matrix(request.user, page)),
            "ahead": _ahead(request.user),
            "form": form,
            "manages": manages,
            "awaited": [
                (action, why.get(action.pk, []), str(action.pk) in request.POST.getlist("actions"))
                for action in awaited[:MOST_AT_ONCE]
            ],
        },
        status=422 if form.errors or form.refused else 200,
    )


def _matrix(user: User, sites: Iterable[Site]) -> Iterator[tuple[Site, list[Cell]]]:
    """Yield each site with the number of its corrective actions in each column, in one query."""
    counts = {
        name: Count("pk", filter=late() if which is None else which)
        for name, _label, which in COLUMNS
    }
    rows = (
        own_actions(user)
        .filter(finding__audit__site__in=[site.pk for site in sites])
        .order_by()
        .values("finding__audit__site")
        .annotate(**counts)
    )
    found: dict[UUID, Any] = {row["finding__audit__site"]: row for row in rows}
    listed = reverse("portal:our_corrections")
    for site in sites:
        row: dict[str, int] = found.get(site.pk, {})
        yield (
            site,
            [
                Cell(
                    name,
                    row.get(name, 0),
                    f"{listed}?{urlencode({'site': str(site.pk), 'show': name})}",
                )
                for name, _label, _which in COLUMNS
            ],
        )


def _lines(user: User, sites: Iterable[Site]) -> Iterator[list[Value]]:
    for site, cells in _matrix(user, sites):
        yield [site.name, *(cell.number for cell in cells)]


def _ahead(user: User) -> list[Due]:
    """Return what the supplier owes within 30 days or owes already, the earliest first."""
    today = timezone.localdate()
    until = today + AHEAD
    owed = Q(status=CorrectionStatus.OPEN, plan_due_on__lte=until) | Q(
        status__in=(CorrectionStatus.OPEN, CorrectionStatus.PLAN_ACCEPTED),
        close_due_on__lte=until,
    )
    words = {True: _("Plan due"), False: _("To be closed by")}
    plan = When(status=CorrectionStatus.OPEN, then=F("plan_due_on"))
    rows = own_actions(user).filter(owed).annotate(due=Case(plan, default=F("close_due_on")))
    rows = rows.select_related("finding__requirement", "finding__audit__site")
    return [
        Due(action, day, words[action.status == CorrectionStatus.OPEN], day < today)
        for action in rows.order_by("due", "finding__audit__number", "pk")[:MOST_AHEAD]
        for day in [action.due]  # type: ignore[attr-defined]  # annotated above
    ]
