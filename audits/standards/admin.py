"""The standard as reference data in the admin: to look up, never to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from audits.standards.models import Category, Clause, Requirement, Standard

if TYPE_CHECKING:
    from django.http import HttpRequest

    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


class ReadOnly:
    """Nobody adds, changes or deletes here: a standard comes in as a catalogue."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class CategoryInline(ReadOnly, TabularInline):
    """The categories of a version."""

    model = Category
    fields = ("number", "name_ja", "name_en")


class ClauseInline(ReadOnly, TabularInline):
    """The clauses of a requirement."""

    model = Clause
    fields = ("code", "text_ja", "text_en", "condition", "provenance")


@admin.register(Standard)
class StandardAdmin(ReadOnly, ModelAdmin):
    """Versions of the standard."""

    list_display = ("version", "title_ja", "status", "effective_on", "mandatory_from", "official")
    inlines = (CategoryInline,)


@admin.register(Requirement)
class RequirementAdmin(ReadOnly, ModelAdmin):
    """Requirements with their clauses."""

    list_display = ("code", "title_ja", "severity", "condition", "provenance", "standard")
    list_filter = ("standard", "category__number", "severity", "provenance")
    list_select_related = ("standard",)
    search_fields = ("code", "title_ja", "title_en", "text_ja", "text_en")
    inlines = (ClauseInline,)
