"""What a brand's person sees: the sites that suppliers share with the brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies as accounts
from accounts.terms import Kind
from audits.criteria import criteria_label
from audits.models import Result
from audits.portal.supplier.result import GRADE_TONES, STATUS_TONES
from audits.terms import ResultStatus
from suppliers.models import SharingGrant
from suppliers.showing import SHOWS
from suppliers.terms import Level
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value

API_DOCS = "/api/v1/docs/"


@require_GET
def list_shared(request: UserRequest) -> HttpResponseBase:
    """List the sites shared with the brand, with grade, dates and level."""
    if not accounts.organisation_ids(request.user, Kind.BRAND):
        raise PermissionDenied
    grants = (
        SharingGrant.objects.received_by(request.user)
        .select_related("site__supplier", "brand")
        .order_by("site__supplier__name_ja", "site__name_ja", "pk")
    )
    words, level = request.GET.get("q", "").strip()[:100], request.GET.get("level", "")
    if words:
        grants = grants.filter(
            Q(site__name_ja__icontains=words)
            | Q(site__name_en__icontains=words)
            | Q(site__supplier__name_ja__icontains=words)
            | Q(site__supplier__name_en__icontains=words)
        )
    if level in Level.values:
        grants = grants.filter(level=level)
    if file := download(request, "orime-shared", _header(), lambda: _lines(request, list(grants))):
        return file
    page = paginate(request, grants)
    results = _newest(request, page)
    return render(
        request,
        "audits/portal/supplier/shared.html",
        {
            "page": page,
            "q": words,
            "level": level,
            "levels": [(each, SHOWS[each]) for each in Level],
            "filtered": bool(words or level),
            "rows": [
                (
                    grant,
                    result := results.get(grant.site_id),
                    GRADE_TONES[result.grade] if result else "",
                    STATUS_TONES.get(ResultStatus(result.status), "red") if result else "",
                )
                for grant in page
            ],
            "api_docs": API_DOCS,
        },
    )


def _newest(request: UserRequest, grants: Iterable[SharingGrant]) -> dict[UUID, Result]:
    """Return the newest result of each shared site."""
    rows = Result.objects.visible_to(request.user).filter(
        audit__site__in=[grant.site_id for grant in grants]
    )
    newest = rows.select_related("audit").order_by("issued_on", "revision")
    return {result.audit.site_id: result for result in newest}


def _header() -> list[Value]:
    return [
        _("Supplier"), _("Site"), _("Prefecture"), _("Grade"), _("State of the result"),
        _("Grading criteria"), _("Issued on"), _("Renewal due"), _("Sharing level"), _("Shared until"),
    ]  # fmt: skip


def _lines(request: UserRequest, grants: list[SharingGrant]) -> Iterator[list[Value]]:
    results = _newest(request, grants)
    for grant in grants:
        result = results.get(grant.site_id)
        yield [
            grant.site.supplier.name,
            grant.site.name,
            grant.site.get_prefecture_display(),
            result.get_grade_display() if result and result.stands else "",
            result.get_status_display() if result else "",
            criteria_label(result.official) if result else "",
            result.issued_on if result else None,
            result.renewal_due_on if result else None,
            grant.get_level_display(),
            grant.ends_on,
        ]
