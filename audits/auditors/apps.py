"""Who may: the register of auditors, their qualifications and engagements."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditorsConfig(AppConfig):
    name = "audits.auditors"
    label = "auditors"
    verbose_name = _("Auditors")

    def ready(self) -> None:
        """Give the record of organisations this room's words."""
        import_module("audits.auditors.timeline").join()
