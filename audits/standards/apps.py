"""The Django app of the audit standards."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    """By which rule: versions of the standard, their requirements and clauses."""

    name = "audits.standards"
    label = "standards"
    verbose_name = _("Audit standards")

    def ready(self) -> None:
        """Say what the acts on a standard are called: the table can be imported only now."""
        import_module("audits.standards.recorded")
