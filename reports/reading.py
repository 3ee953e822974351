"""What portal and console share about handing out reports; not a view of either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header

from accounts import policies as accounts
from accounts.terms import Kind
from audits.models import Audit
from reports.models import Report
from reports.models.reads import What
from reports.services.papers import lined_up
from reports.services.printing import read_file
from reports.services.reads import record_read
from reports.terms import ReportLanguage, WorkingFormat
from reports.working_copies import MEDIA_TYPES, copy_name, write_copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from accounts.http import UserRequest
    from accounts.models import User
    from reports.models.reports import ReportQuerySet


def reports_of(audit: Audit, user: User) -> ReportQuerySet:
    """Return the reports of the audit that the user may read, newest revision and Japanese first."""
    rows = Report.objects.visible_to(user).filter(audit=audit).select_related("audit")
    return lined_up(rows.order_by("-revision", "-language"))


def hand_out(report: Report, user: User) -> HttpResponse:
    """Return the file as an attachment, read back and checked; ValidationError when it changed.

    A brand's read is written down for the supplier who shared it.
    """
    content = read_file(report)
    if accounts.organisation_ids(user, Kind.BRAND):
        record_read(reader=user, audit=report.audit, what=What.REPORT_PDF)
    return as_attachment(content, report.file_name)


def copied_report(pk: UUID, user: User) -> Report:
    """Return the report whose findings a working copy takes along, or 404; printed or not yet."""
    rows = Report.objects.visible_to(user).exclude(language=ReportLanguage.BOTH)
    return get_object_or_404(rows.select_related("audit", "snapshot"), pk=pk)


def hand_out_copy(report: Report, user: User, kind: str) -> HttpResponse:
    """Return the findings of the report as a working copy, or 404 for an unknown kind.

    ValidationError when the snapshot changed. A brand's read is written down as for the report.
    """
    if kind not in WorkingFormat.values:
        raise Http404
    chosen = WorkingFormat(kind)
    content = write_copy(report, chosen)
    if accounts.organisation_ids(user, Kind.BRAND):
        record_read(reader=user, audit=report.audit, what=What.FINDINGS)
    return as_attachment(content, copy_name(report, chosen), MEDIA_TYPES[chosen])


def sent_or_said(
    request: UserRequest, make: Callable[[], HttpResponse], back: str, number: str
) -> HttpResponse:
    """Return the file that `make` hands out, or to the page `back` of the audit with the reason."""
    try:
        return make()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back, number=number)


def as_attachment(content: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """Return a file that nobody on the way keeps."""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "",
            "Cache-Control": "private, no-store",
        },
    )
