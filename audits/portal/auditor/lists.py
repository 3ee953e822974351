"""The auditor's list of audits, and the same as CSV or XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits import policies
from audits.models import Audit, Finding
from audits.portal.auditor.places import auditors_only
from audits.terms import Status
from audits.weaving import strips
from audits.workflow import ENDED, OPEN
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.models.audits import AuditQuerySet
    from ui.tables import Value

SORTS = {
    "due": ("due_on", "number"),
    "visit": ("planned_from", "number"),
    "-visit": ("-planned_from", "number"),
    "number": ("number",),
    "-number": ("-number",),
    "site": ("site__supplier__name_ja", "site__name_ja"),
}


@require_GET
def my_audits(request: UserRequest) -> HttpResponseBase:
    """List the audits of whose team the reader is, filtered, searched, page by page."""
    auditors_only(request.user)
    rows = _filtered(request)
    if file := download(request, "orime-audits", _header(), lambda: _lines(rows, request.user)):
        return file
    page = paginate(request, rows, per_page=25)
    woven = strips(page.object_list, Finding.objects.visible_to(request.user))
    for audit in page.object_list:
        audit.cells = woven.get(audit.pk, [])
        audit.place = policies.member_of(request.user, audit)
    return render(
        request,
        "audits/portal/auditor/my_audits.html",
        {
            "page": page,
            "states": Status.choices,
            "state": request.GET.get("state", ""),
            "q": request.GET.get("q", ""),
            "sort": request.GET.get("sort", ""),
            "narrowed": bool(request.GET.get("state") or request.GET.get("q")),
        },
    )


def _filtered(request: UserRequest) -> AuditQuerySet:
    rows = (
        Audit.objects.visible_to(request.user)
        .filter(pk__in=Audit.team_audit_ids(request.user))
        .with_people()
    )
    match request.GET.get("state", ""):
        case "open":
            rows = rows.filter(status__in=OPEN)
        case "ended":
            rows = rows.filter(status__in=(Status.ISSUED, *ENDED))
        case state if state in Status.values:
            rows = rows.filter(status=state)
    for word in request.GET.get("q", "")[:100].replace("\x00", "").split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(site__name_ja__icontains=word)
            | Q(site__name_en__icontains=word)
            | Q(site__supplier__name_ja__icontains=word)
            | Q(site__supplier__name_en__icontains=word)
        )
    return rows.order_by(*SORTS.get(request.GET.get("sort", ""), ("-created_at", "number")))


def _header() -> list[Value]:
    return [
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Kind"),
        _("Status"),
        _("My function"),
        _("Visit from"),
        _("Visit until"),
        _("Due"),
    ]


def _lines(rows: Iterable[Audit], user: User) -> Iterator[list[Value]]:
    for audit in rows:
        place = policies.member_of(user, audit)
        yield [
            audit.number,
            audit.site.supplier.name,
            audit.site.name,
            audit.get_kind_display(),
            audit.get_status_display(),
            place.get_function_display() if place else "",
            audit.planned_from,
            audit.planned_until,
            audit.due_on,
        ]
