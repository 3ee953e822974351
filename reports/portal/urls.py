"""Pages of this room in the portal."""

from __future__ import annotations

from django.urls import path

from reports.portal import consents, plans, preliminary, submissions, views

urlpatterns = [
    path("consents/", consents.consents, name="consents"),
    path("consents/file/<uuid:pk>/", consents.consent_file, name="consent_file"),
    path("consents/data/<uuid:pk>/", consents.consent_data, name="consent_data"),
    path("reports/<str:number>/", views.reports, name="reports"),
    path("reports/<str:number>/submission/", submissions.submission, name="submission"),
    path("submissions/<uuid:pk>/", submissions.submission_file, name="submission_file"),
    path(
        "submissions/<uuid:pk>/<int:place>/",
        submissions.submission_member,
        name="submission_member",
    ),
    path("reports/<str:number>/closing/", preliminary.preliminary, name="preliminary"),
    path("reports/closing/<uuid:pk>/", preliminary.preliminary_file, name="preliminary_file"),
    path("reports/<str:number>/plan/", plans.plans, name="plans"),
    path("reports/plan/<uuid:pk>/", plans.plan_file, name="plan_file"),
    path("reports/file/<uuid:pk>/", views.report_file, name="report_file"),
    path("reports/findings/<uuid:pk>/<str:kind>/", views.findings_file, name="findings_file"),
]
