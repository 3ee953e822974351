"""The stock Django admin with Orime's name, open to the scheme owner's staff."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class OrimeAdminSite(AdminSite):
    site_header = _("Orime reference data")
    site_title = _("Orime")
    index_title = _("Reference data and repair")
