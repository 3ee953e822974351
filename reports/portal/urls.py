"""Pages of this room in the portal."""

from __future__ import annotations

from django.urls import path

from reports.portal import views

urlpatterns = [
    path("reports/<str:number>/", views.reports, name="reports"),
    path("reports/file/<uuid:pk>/", views.report_file, name="report_file"),
]
