"""Addresses of the catalogue in the export."""

from __future__ import annotations

from django.urls import path

from audits.standards.api import views

urlpatterns = [path("requirements/", views.RequirementListView.as_view(), name="requirements")]
