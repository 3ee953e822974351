"""People and organisations as reference data in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from accounts.models import Designation, Membership, Organisation, User

if TYPE_CHECKING:
    from django.http import HttpRequest

    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


class MembershipInline(TabularInline):
    """The roles of a person."""

    model = Membership
    extra = 0
    autocomplete_fields = ("organisation",)


class DesignationInline(TabularInline):
    """The designations of an organisation; new ones are made in the console."""

    model = Designation
    extra = 0
    fields = ("scope", "starts_on", "ends_on", "suspended_at", "suspension_reason", "stops")


@admin.register(User)
class UserAdmin(ModelAdmin):
    """People; passwords are set by the person, never here."""

    list_display = ("email", "name", "locale", "is_active", "is_service", "is_staff")
    list_filter = ("is_active", "is_service", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "locale", "is_active", "is_staff", "is_service", "created_at")
    readonly_fields = ("is_service", "created_at")
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the record names people; somebody who leaves is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Give a new person no password, so that nobody can sign in before one is set."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin):
    """Organisations of the scheme."""

    list_display = ("name_ja", "name_en", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name_ja", "name_en")
    autocomplete_fields = ("parent",)
    inlines = (DesignationInline,)
