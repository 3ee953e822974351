"""Pages of this room in the portal."""

from __future__ import annotations

from django.urls import path

from reports.portal import consents, preliminary, views

urlpatterns = [
    path("consents/", consents.consents, name="consents"),
    path("consents/file/<uuid:pk>/", consents.consent_file, name="consent_file"),
    path("consents/data/<uuid:pk>/", consents.consent_data, name="consent_data"),
    path("reports/<str:number>/", views.reports, name="reports"),
    path("reports/<str:number>/closing/", preliminary.preliminary, name="preliminary"),
    path("reports/closing/<uuid:pk>/", preliminary.preliminary_file, name="preliminary_file"),
    path("reports/file/<uuid:pk>/", views.report_file, name="report_file"),
]
