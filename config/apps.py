"""The project's own app, and the admin site in its own look and for reference data only."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register

from config import checks


class OrimeConfig(AppConfig):
    """Holds the commands and the checks that belong to no single app."""

    name = "config"
    default = True

    def ready(self) -> None:
        """Register the checks that `manage.py check` runs; the dangerous ones with --deploy."""
        register(checks.demo_is_off, Tags.security, deploy=True)
        register(checks.site_url_is_set, Tags.security, deploy=True)
        register(checks.home_is_private, Tags.files)
        register(checks.papers_are_signed, Tags.security, deploy=True)


class OrimeAdminConfig(admin_apps.AdminConfig):
    """Django's admin; named in the settings, so that it is not taken for the app of this package."""

    default_site = "config.admin_site.OrimeAdminSite"
    default = False
