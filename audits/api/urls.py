"""Addresses of this room in the export."""

from __future__ import annotations

from django.urls import path

from audits.api import views

urlpatterns = [
    path("sites/", views.SiteListView.as_view(), name="sites"),
    path("sites/<uuid:pk>/", views.SiteView.as_view(), name="site"),
    path("results/", views.ResultListView.as_view(), name="results"),
    path("results/<uuid:pk>/", views.ResultView.as_view(), name="result"),
    path(
        "corrective-actions/", views.CorrectiveActionListView.as_view(), name="corrective_actions"
    ),
]
