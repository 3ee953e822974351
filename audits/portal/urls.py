"""Pages of audits in the portal: the auditor's and the supplier's."""

from __future__ import annotations

from django.urls import include, path

from audits.portal import home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("audits.portal.auditor.urls")),
    path("", include("audits.portal.supplier.urls")),
]
