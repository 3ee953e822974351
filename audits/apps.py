"""What is done: audits from application to result, findings, corrective actions, the record."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = _("Audits")

    def ready(self) -> None:
        """Listen to moves: receivers can be imported only once the models are there."""
        import_module("audits.receivers")
