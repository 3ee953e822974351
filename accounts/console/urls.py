"""Pages of this room in the console."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.console import (
    api_clients,
    designation_acts,
    designations,
    organisation_records,
)

urlpatterns: list[URLPattern] = [
    path("designations/", designations.designations, name="designations"),
    path("designations/<uuid:pk>/", designations.organisation, name="organisation"),
    path("designations/<uuid:pk>/new/", designation_acts.designate, name="designate"),
    path(
        "designations/<uuid:pk>/<uuid:held>/suspend/",
        designation_acts.suspend_designation,
        name="suspend_designation",
    ),
    path(
        "designations/<uuid:pk>/<uuid:held>/lift/",
        designation_acts.lift_designation,
        name="lift_designation",
    ),
    path(
        "designations/<uuid:pk>/<uuid:held>/end/",
        designation_acts.end_designation,
        name="end_designation",
    ),
    path(
        "records/organisations/",
        organisation_records.organisation_records,
        name="organisation_records",
    ),
    path("api-clients/", api_clients.api_clients, name="api_clients"),
    path("api-clients/<uuid:pk>/", api_clients.api_client, name="api_client"),
    path("api-clients/<uuid:pk>/end/", api_clients.end_api_client, name="end_api_client"),
]
