"""Pages of this room in the console."""

from __future__ import annotations

from django.urls import URLPattern, path

from suppliers.console import imports

urlpatterns: list[URLPattern] = [
    path("suppliers/import/", imports.choose_list, name="import_suppliers"),
    path("suppliers/import/template/", imports.import_template, name="import_template"),
    path("suppliers/import/<str:key>/", imports.import_preview, name="import_preview"),
]
