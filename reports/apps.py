"""What goes out: reports, figures, exports."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Listen to audits: receivers can be imported only once the models are there."""
        import_module("reports.receivers")
