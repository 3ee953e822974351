"""The versions of the standard: their list, each one requirement by requirement, as a workbook."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.policies import administers_scheme
from audits.console.access import for_desks
from audits.console.standards.access import version_or_404
from audits.console.standards.acts import open_acts
from audits.standards.models import Standard
from audits.standards.services.importing import workbook_of
from audits.standards.terms import Provenance, Severity
from ui.paging import paginate
from ui.tables import XLSX

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_GET
@for_desks
def standards(request: UserRequest) -> HttpResponse:
    """List the versions with their state, dates and criteria."""
    rows = (
        Standard.objects.visible_to(request.user)
        .select_related("previous", "proposed_by", "activated_by")
        .annotate(
            total=Count("requirements"),
            official_texts=Count(
                "requirements", filter=Q(requirements__provenance=Provenance.OFFICIAL)
            ),
        )
        .order_by("-effective_on", "version")
    )
    return render(
        request,
        "audits/console/standards/versions.html",
        {
            "page": paginate(request, rows),
            "today": timezone.localdate(),
            "may_change": administers_scheme(request.user),
        },
    )


@require_GET
@for_desks
def standard(request: UserRequest) -> HttpResponse:
    """Show the version in force, or another one that the reader sees, requirement by requirement."""
    versions = Standard.objects.visible_to(request.user)
    may_change = administers_scheme(request.user)
    if wanted := request.GET.get("version"):
        shown = version_or_404(request, wanted)
    else:
        usable = versions.usable_on(timezone.localdate())
        found = usable.order_by("-effective_on").first() or versions.first()
        if found is None:
            page = "audits/console/no_standard.html"
            return render(request, page, {"may_change": may_change})
        shown = version_or_404(request, found.version)
    rows = list(
        shown.requirements.select_related("category").prefetch_related("clauses").order_by("order")
    )
    bands = [(band, list(items)) for band, items in groupby(rows, key=lambda row: row.category)]
    return render(
        request,
        "audits/console/standard.html",
        {
            "standard": shown,
            "bands": bands,
            "total": len(rows),
            "severities": [
                (value, label, sum(row.severity == value for row in rows))
                for value, label in Severity.choices
            ],
            "provenances": [
                (value, label, sum(row.provenance == value for row in rows))
                for value, label in Provenance.choices
            ],
            "parameters": shown.parameters,
            "may_change": may_change,
            "acts": open_acts(shown) if may_change else [],
        },
    )


@require_GET
@for_desks
def workbook(request: UserRequest, version: str) -> FileResponse:
    """Download a version as a workbook that can be edited and uploaded as a new one."""
    shown = version_or_404(request, version)
    return _file(workbook_of(shown), f"orime-standard-{shown.version}.xlsx")


@require_GET
@for_desks
def template(request: UserRequest) -> FileResponse:
    """Download the empty sheets with their headings."""
    return _file(workbook_of(None), "orime-standard.xlsx")


def _file(content: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=XLSX)
