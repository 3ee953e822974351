"""The list of audits, and its download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.console.access import for_desks
from audits.filters import AuditFilter
from audits.models import Audit, Finding
from audits.weaving import strips
from suppliers.prefectures import prefecture_name
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value

PER_PAGE = 40


@require_GET
@for_desks
def audits(request: UserRequest) -> HttpResponseBase:
    """List the audits that the reader sees, narrowed and ordered; or download them."""
    latest = F("due_on").asc(nulls_last=True)
    chosen = AuditFilter(
        request.GET,
        Audit.objects.visible_to(request.user)
        .select_related("site__supplier", "body", "secretariat", "standard")
        .order_by(latest, "-number"),
        request=request,
    )
    if sent := download(request, "orime-audits", _header(), lambda: _rows(chosen.qs)):
        return sent
    page = paginate(request, chosen.qs, PER_PAGE)
    cells = strips(page.object_list, Finding.objects.visible_to(request.user))
    rows = [(audit, cells.get(audit.pk, [])) for audit in page.object_list]
    return render(
        request,
        "audits/console/audits.html",
        {"filter": chosen, "page": page, "rows": rows, "sorts": _sorts(request.GET.get("o", ""))},
    )


def _sorts(now: str) -> dict[str, dict[str, str]]:
    """Return for each column its aria-sort and what a click on its heading asks for."""
    return {
        name: {
            "aria": {name: "ascending", f"-{name}": "descending"}.get(now, "none"),
            "next": f"-{name}" if now == name else name,
        }
        for name in ("number", "site", "status", "due")
    }


def _header() -> list[str]:
    return [
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Prefecture"),
        _("Kind"),
        _("State"),
        _("Due"),
        _("Secretariat"),
        _("Audit body"),
        _("Standard"),
        _("Visit from"),
        _("Visit until"),
        _("Issued at"),
    ]


def _rows(audits: object) -> Iterator[list[Value]]:
    for audit in in_batches(audits):
        yield [
            audit.number,
            audit.site.supplier.name,
            audit.site.name,
            prefecture_name(audit.site.prefecture),
            audit.get_kind_display(),
            audit.get_status_display(),
            audit.due_on,
            audit.secretariat.name,
            audit.body.name if audit.body else "",
            str(audit.standard) if audit.standard else "",
            audit.planned_from,
            audit.planned_until,
            audit.issued_at,
        ]
