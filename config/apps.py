"""The project's own app, and the admin site in its own look and for reference data only."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OrimeConfig(AppConfig):
    """Holds the commands and the checks that belong to no single app."""

    name = "config"
    default = True


class OrimeAdminConfig(admin_apps.AdminConfig):
    """Django's admin; named in the settings, so that it is not taken for the app of this package."""

    default_site = "config.admin_site.OrimeAdminSite"
    default = False
