"""Registers the page ground with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Templates, static files and template tags; no models."""

    name = "ui"
    label = "ui"
    verbose_name = _("Pages")
