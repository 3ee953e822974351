"""Suppliers and their sites as reference data in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from suppliers.models import SharingGrant, Site, SiteProfile, Supplier

if TYPE_CHECKING:
    from django.http import HttpRequest

    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


class SiteInline(TabularInline):
    """The sites of a supplier."""

    model = Site
    extra = 0
    fields = ("name_ja", "name_en", "prefecture", "address")
    show_change_link = True


@admin.register(Supplier)
class SupplierAdmin(ModelAdmin):
    """Suppliers."""

    list_display = ("name_ja", "name_en", "corporate_number", "prefecture")
    list_filter = ("prefecture",)
    search_fields = ("name_ja", "name_kana", "name_en", "corporate_number")
    raw_id_fields = ("organisation",)
    inlines = (SiteInline,)


@admin.register(Site)
class SiteAdmin(ModelAdmin):
    """Sites."""

    list_display = ("name_ja", "supplier", "prefecture")
    list_filter = ("prefecture",)
    list_select_related = ("supplier",)
    search_fields = ("name_ja", "name_en", "supplier__name_ja")
    autocomplete_fields = ("supplier",)


class LookedUp(ModelAdmin):
    """Rows that belong to the supplier: looked up here, changed by the supplier in the portal."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(SiteProfile)
class SiteProfileAdmin(LookedUp):
    """Profiles of sites."""

    list_display = ("site", "as_of", "workers", "frozen_at")
    list_select_related = ("site__supplier",)
    search_fields = ("site__name_ja", "site__supplier__name_ja")


@admin.register(SharingGrant)
class SharingGrantAdmin(LookedUp):
    """What suppliers share with brands."""

    list_display = ("site", "brand", "level", "starts_on", "ends_on", "revoked_at")
    list_filter = ("level",)
    list_select_related = ("site__supplier", "brand")
