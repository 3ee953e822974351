"""Addresses of the console; each app brings its own pages."""

from __future__ import annotations

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("reports.console.urls")),
    path("", include("audits.console.urls")),
    path("", include("suppliers.console.urls")),
    path("", include("accounts.console.urls")),
]
