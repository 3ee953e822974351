"""The list of suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies as accounts
from audits.filters import SupplierFilter
from audits.models import Audit
from suppliers import policies
from suppliers.models import DuplicateProposal, Site, Supplier
from suppliers.prefectures import prefecture_name
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


def check_reader(request: UserRequest) -> None:
    """Let only those in who see all suppliers."""
    if not policies.reads_every_supplier(request.user):
        raise PermissionDenied


@require_GET
def suppliers(request: UserRequest) -> HttpResponseBase:
    """List the suppliers that were not merged into another one, by name; or download them."""
    check_reader(request)
    rows = Supplier.objects.visible_to(request.user).current().order_by("name_ja", "pk")
    chosen = SupplierFilter(request.GET, rows, request=request)
    counted = _counted(request, chosen.qs)
    if sent := download(request, "orime-suppliers", _header(), lambda: _rows(counted)):
        return sent
    imports = accounts.imports_suppliers(request.user)
    return render(
        request,
        "audits/console/suppliers/list.html",
        {
            "filter": chosen,
            "page": paginate(request, counted),
            "imports": imports,
            "waiting": DuplicateProposal.objects.visible_to(request.user).waiting().count()
            if imports
            else 0,
        },
    )


def _counted(request: UserRequest, rows: Any) -> Any:
    """Return the rows with how many sites and audits each has, in the same statement."""
    sites = Site.objects.current().filter(supplier=OuterRef("pk"))
    audits = Audit.objects.visible_to(request.user).filter(site__supplier=OuterRef("pk"))
    return rows.annotate(
        sites_count=_count(sites, "supplier"), audits_count=_count(audits, "site__supplier")
    )


def _count(rows: Any, supplier: str) -> Coalesce:
    by_supplier = rows.order_by().values(supplier).annotate(n=Count("pk"))
    return Coalesce(Subquery(by_supplier.values("n")), 0)


def _header() -> list[str]:
    return [
        _("Corporate number"),
        _("name (Japanese)"),
        _("name (kana)"),
        _("name (English)"),
        _("Prefecture"),
        _("Address"),
        _("Sites"),
        _("Audits"),
    ]


def _rows(found: Any) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.corporate_number or "",
            row.name_ja,
            row.name_kana,
            row.name_en,
            str(prefecture_name(row.prefecture)),
            row.address,
            row.sites_count,
            row.audits_count,
        ]
