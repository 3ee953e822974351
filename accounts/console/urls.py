"""Pages of this room in the console."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.console import api_clients, designations

urlpatterns: list[URLPattern] = [
    path("designations/", designations.designations, name="designations"),
    path("designations/<uuid:pk>/", designations.designate, name="designate"),
    path("api-clients/", api_clients.api_clients, name="api_clients"),
    path("api-clients/<uuid:pk>/", api_clients.api_client, name="api_client"),
    path("api-clients/<uuid:pk>/end/", api_clients.end_api_client, name="end_api_client"),
]
