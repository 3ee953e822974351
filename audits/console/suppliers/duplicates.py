"""Probable duplicates: the list, and looking again now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import policies as accounts
from audits.filters import DuplicateFilter
from audits.filters.suppliers import in_order
from audits.tasks import queue_search
from suppliers.models import DuplicateProposal, DuplicateSearch
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


def check_merger(request: UserRequest) -> None:
    """Let only those in who may merge suppliers."""
    if not accounts.imports_suppliers(request.user):
        raise PermissionDenied


@require_GET
def duplicates(request: UserRequest) -> HttpResponseBase:
    """List probable duplicates, those to be decided first; or download them."""
    check_merger(request)
    visible = DuplicateProposal.objects.visible_to(request.user)
    ends = ("first", "second", "first_site", "second_site", "decided_by")
    chosen = DuplicateFilter(request.GET, in_order(visible.select_related(*ends)), request=request)
    if sent := download(request, "orime-duplicates", _header(), lambda: _rows(chosen.qs)):
        return sent
    return render(
        request,
        "audits/console/suppliers/duplicates.html",
        {
            "filter": chosen,
            "page": paginate(request, chosen.qs),
            "search": DuplicateSearch.objects.visible_to(request.user)
            .order_by("-asked_at")
            .first(),
            "here": reverse("console:duplicates"),
            "trail": [{"label": _("Suppliers"), "url": reverse("console:suppliers")}],
        },
    )


@require_POST
def search(request: UserRequest) -> HttpResponse:
    """Ask for a search now; the list shows how far it has come."""
    check_merger(request)
    queue_search(request.user)
    messages.success(request, _("The search has been asked for. You may leave this page."))
    return redirect("console:duplicates")


def _header() -> list[str]:
    return [
        _("Probability"),
        _("Points"),
        _("What shows it"),
        _("Supplier"),
        _("Site"),
        _("Corporate number"),
        _("Address"),
        _("Other supplier"),
        _("Other site"),
        _("Corporate number"),
        _("Address"),
        _("State"),
        _("Reason"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for row in in_batches(found):
        one, other = row.pair
        yield [
            row.strength.label,
            row.score,
            "、".join(row.sign_labels),
            row.first.name_ja,
            row.first_site.name_ja if row.first_site else "",
            row.first.corporate_number or "",
            one.address,
            row.second.name_ja,
            row.second_site.name_ja if row.second_site else "",
            row.second.corporate_number or "",
            other.address,
            row.get_state_display(),
            row.reason,
        ]
