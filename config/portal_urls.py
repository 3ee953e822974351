"""Addresses of the portal; each app brings its own pages."""

from __future__ import annotations

from django.urls import include, path

app_name = "portal"
urlpatterns = [
    path("", include("reports.portal.urls")),
    path("", include("audits.portal.urls")),
    path("", include("suppliers.portal.urls")),
]
