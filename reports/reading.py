"""What portal and console share about handing out reports; not a view of either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts import policies as accounts
from accounts.terms import Kind
from audits.models import Audit
from reports.models import Report
from reports.models.reads import What
from reports.services.printing import read_file
from reports.services.reads import record_read

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models.reports import ReportQuerySet


def reports_of(audit: Audit, user: User) -> ReportQuerySet:
    """Return the reports of the audit that the user may read, newest revision and Japanese first."""
    return (
        Report.objects.visible_to(user)
        .filter(audit=audit)
        .select_related("audit")
        .order_by("-revision", "-language")
    )


def hand_out(report: Report, user: User) -> HttpResponse:
    """Return the file as an attachment, read back and checked; ValidationError when it changed.

    A brand's read is written down for the supplier who shared it.
    """
    content = read_file(report)
    if accounts.organisation_ids(user, Kind.BRAND):
        record_read(reader=user, audit=report.audit, what=What.REPORT_PDF)
    return as_attachment(content, report.file_name)


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
