"""Addresses of the export, version 1."""

from __future__ import annotations

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from accounts.api.views import UnknownAddressView
from reports.api import docs, findings, reports

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs.DocsView.as_view(), name="docs"),
    path("", include("audits.api.urls")),
    path("", include("audits.standards.api.urls")),
    path("audits/<uuid:pk>/findings/", findings.FindingsView.as_view(), name="findings"),
    path("reports/", reports.ReportListView.as_view(), name="reports"),
    path("reports/<uuid:pk>/pdf", reports.ReportPdfView.as_view(), name="report_pdf"),
    path("reports/<uuid:pk>/json", reports.ReportDataView.as_view(), name="report_data"),
    # Last: whatever else is asked for gets a problem document, not a page. Without a slash at the
    # end Django answers with the address that has one, except where none belongs.
    re_path(
        r"^(?:.*/)?$|^reports/[^/]+/(?:pdf|json)$", UnknownAddressView.as_view(), name="unknown"
    ),
]
