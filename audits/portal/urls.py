"""Pages of audits in the portal: the auditor's and the supplier's."""

from __future__ import annotations

from django.urls import include, path

from audits.portal import files, home

urlpatterns = [
    path("", home.home, name="home"),
    path("supplied/<uuid:pk>/", files.supplied_file, name="supplied_file"),
    path("supplied/<uuid:pk>/take-back/", files.take_file_back, name="take_back"),
    path("", include("audits.portal.auditor.urls")),
    path("", include("audits.portal.supplier.urls")),
]
