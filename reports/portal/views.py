"""Reports of one audit for those who were audited, audited, or were shared with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from audits.models import Audit
from reports.models import Report
from reports.reading import copied_report, hand_out, hand_out_copy, reports_of, sent_or_said

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_GET
def reports(request: UserRequest, number: str) -> HttpResponse:
    """Show the reports of an audit and how far each has come."""
    audit = get_object_or_404(
        Audit.objects.visible_to(request.user).select_related("site__supplier"), number=number
    )
    template = "reports/parts/reports.html" if request.htmx else "reports/portal/reports.html"
    rows = list(reports_of(audit, request.user))
    return render(
        request,
        template,
        {
            "audit": audit,
            "reports": rows,
            "unfinished": any(row.is_unfinished for row in rows),
            "file_url": "portal:report_file",
            "copy_url": "portal:findings_file",
        },
    )


@require_GET
def report_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one report."""
    rows = Report.objects.visible_to(request.user).ready().select_related("audit")
    report = get_object_or_404(rows, pk=pk)
    make = partial(hand_out, report, request.user)
    return sent_or_said(request, make, "portal:reports", report.audit.number)


@require_GET
def findings_file(request: UserRequest, pk: UUID, kind: str) -> HttpResponse:
    """Hand out the findings of one report as Excel or Word, to go on working with."""
    report = copied_report(pk, request.user)
    make = partial(hand_out_copy, report, request.user, kind)
    return sent_or_said(request, make, "portal:reports", report.audit.number)
