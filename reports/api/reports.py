"""Issued reports: which there are, the PDF, and the data that it was printed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, quote_etag
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

from accounts.api.queries import ChangedQuery, NoQuery
from accounts.api.schema import documented, documented_list
from accounts.api.views import ExportView, ListView
from reports.api.examples import REPORT, SNAPSHOT
from reports.api.problems import FileUnavailableError
from reports.api.serializers import ReportRow
from reports.models import Report
from reports.models.reads import What
from reports.services.printing import read_file
from reports.services.reads import record_read
from reports.terms import ReportLanguage
from suppliers.api.sharing import shared_since

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class PdfRenderer(BaseRenderer):
    """Lets a client ask for a PDF; the file is sent as it is."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"


class ReportListQuery(ChangedQuery):
    """Which reports."""

    row = ReportRow
    audit = serializers.UUIDField(required=False)
    site = serializers.UUIDField(required=False)
    language = serializers.ChoiceField(choices=ReportLanguage.choices, required=False)


@documented_list(
    ReportListQuery,
    operation="reports_list",
    tag="reports",
    summary="Issued reports of sites shared with you at level full",
    example=REPORT,
)
class ReportListView(ListView):
    """Reports whose file is ready, earlier revisions and withdrawn ones as well.

    One that was replaced or withdrawn has changed: a client that asks for changes gets it again.
    """

    query_class = ReportListQuery
    scope = "reports"

    def rows(self) -> QuerySet[Report]:
        """Return visible reports as asked."""
        rows = (
            Report.objects.visible_to(self.reader)
            .ready()
            .exclude(finished_at=None)
            .select_related("audit__site")
        )
        columns = {"audit": "audit", "site": "audit__site", "language": "language"}
        rows = rows.filter(
            **{column: self.query[name] for name, column in columns.items() if name in self.query}
        )
        if since := self.query.get("updated_since"):
            newly = shared_since(self.reader, since)
            rows = rows.filter(Q(updated_at__gte=since) | Q(audit__site__in=newly))
        return rows

    def context(self, rows: list[Any]) -> dict[str, Any]:
        """Give the rows what whole addresses are made from."""
        return {**super().context(rows), "request": self.request}


class ReportFileView(ExportView):
    """What the two files of a report have in common."""

    query_class = NoQuery
    what: ClassVar[What]
    report: Report

    def find(self, pk: UUID) -> Report:
        """Return the report, if its site is shared in full and the file is there."""
        reports = Report.objects.visible_to(self.reader).ready()
        self.report = get_object_or_404(reports.select_related("audit", "snapshot"), pk=pk)
        return self.report

    def delivered(self) -> None:
        """A report went out: the supplier is to see it."""
        record_read(reader=self.reader, audit=self.report.audit, what=self.what)


class ReportPdfView(ReportFileView):
    """The printed report."""

    renderer_classes = [PdfRenderer]
    what = What.REPORT_PDF

    @documented(
        NoQuery,
        operation="reports_pdf",
        tag="reports",
        summary="A report as PDF",
        description="The file as it was issued; its SHA-256 stands in the list and is the `ETag`. "
        "Each such answer is recorded and shown to the supplier.",
        example=None,
        answer=OpenApiTypes.BINARY,
        media_type="application/pdf",
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Return the file."""
        report = self.find(pk)
        try:
            content = read_file(report)
        except ValidationError as error:
            raise FileUnavailableError(" ".join(error.messages)) from error
        answer = HttpResponse(content, content_type="application/pdf")
        disposition = content_disposition_header(as_attachment=True, filename=report.file_name)
        answer["Content-Disposition"] = disposition or "attachment"
        answer["ETag"] = quote_etag(report.sha256)
        return answer


class ReportDataView(ReportFileView):
    """The snapshot that the report was printed from."""

    what = What.REPORT_DATA

    @documented(
        NoQuery,
        operation="reports_json",
        tag="reports",
        summary="A report as data",
        description="The snapshot that the PDF was printed from, byte for byte; its SHA-256 is the "
        "`ETag`. `schema` says which version of the snapshot's form it is. Each such answer is "
        "recorded and shown to the supplier.",
        example=SNAPSHOT,
        answer=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Return the snapshot."""
        snapshot = self.find(pk).snapshot
        answer = HttpResponse(snapshot.content, content_type="application/json")
        answer["ETag"] = quote_etag(snapshot.sha256)
        return answer
