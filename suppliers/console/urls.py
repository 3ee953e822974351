"""Pages of this room in the console."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
