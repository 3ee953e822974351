"""Whom: suppliers, their sites, profiles and what they share."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    name = "suppliers"
    verbose_name = _("Suppliers")

    def ready(self) -> None:
        """Give the record of organisations this room's words."""
        import_module("suppliers.timeline").join()
