"""Every address of Orime."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("portal/", include("config.portal_urls")),
    path("console/", include("config.console_urls")),
    path("api/v1/", include("reports.api.urls")),
    path("", include("reports.public.urls")),
    path("admin/", admin.site.urls),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
