"""Reports of one audit at the desk: look, fetch, print again, print in both languages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import policies as accounts
from audits.models import Audit
from reports import policies
from reports.models import Report
from reports.reading import copied_report, hand_out, hand_out_copy, reports_of, sent_or_said
from reports.services.reporting import retry_report
from reports.tasks import publish_on_commit, queue_report
from reports.terms import ReportLanguage

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: UserRequest, number: str) -> HttpResponse:
    """Show the reports of an audit; by POST also print the one in both languages."""
    _desk_only(request)
    audit = get_object_or_404(
        Audit.objects.visible_to(request.user).select_related("site__supplier"), number=number
    )
    may_print = policies.retries_reports(request.user, audit)
    if request.method == "POST":
        if not may_print:
            raise PermissionDenied
        try:
            queue_report(audit, ReportLanguage.BOTH)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("console:reports", number=number)
    rows = list(reports_of(audit, request.user))
    template = "reports/parts/reports.html" if request.htmx else "reports/console/reports.html"
    return render(
        request,
        template,
        {
            "audit": audit,
            "reports": rows,
            "unfinished": any(row.is_unfinished for row in rows),
            "file_url": "console:report_file",
            "copy_url": "console:findings_file",
            "retry_url": "console:report_retry" if may_print else "",
            "offers_both": may_print
            and bool(rows)
            and not any(row.language == ReportLanguage.BOTH and row.stands for row in rows),
        },
    )


@require_GET
def report_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one report."""
    _desk_only(request)
    rows = Report.objects.visible_to(request.user).ready().select_related("audit")
    report = get_object_or_404(rows, pk=pk)
    make = partial(hand_out, report, request.user)
    return sent_or_said(request, make, "console:reports", report.audit.number)


@require_GET
def findings_file(request: UserRequest, pk: UUID, kind: str) -> HttpResponse:
    """Hand out the findings of one report as Excel or Word, to go on working with."""
    _desk_only(request)
    report = copied_report(pk, request.user)
    make = partial(hand_out_copy, report, request.user, kind)
    return sent_or_said(request, make, "console:reports", report.audit.number)


@require_POST
def report_retry(request: UserRequest, pk: UUID) -> HttpResponse:
    """Print a failed report again."""
    _desk_only(request)
    rows = Report.objects.visible_to(request.user).select_related("audit")
    report = retry_report(actor=request.user, report=get_object_or_404(rows, pk=pk))
    publish_on_commit(report)
    messages.success(request, _("The report is being printed again."))
    return redirect("console:reports", number=report.audit.number)


def _desk_only(request: UserRequest) -> None:
    if not accounts.uses_console(request.user):
        raise PermissionDenied
