"""The register of auditors as reference data in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from audits.auditors.models import Auditor, Engagement, Qualification

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


class QualificationInline(TabularInline):
    """The qualifications of an auditor."""

    model = Qualification
    extra = 0


@admin.register(Auditor)
class AuditorAdmin(ModelAdmin):
    """Registered auditors."""

    list_display = ("registration_number", "user", "body", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("user", "body")
    search_fields = ("registration_number", "user__name")
    autocomplete_fields = ("user", "body")
    inlines = (QualificationInline,)


@admin.register(Engagement)
class EngagementAdmin(ModelAdmin):
    """Engagements of persons and offices with suppliers."""

    list_display = ("supplier", "person", "body", "kind", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("supplier", "person", "body")
    search_fields = ("supplier__name_ja", "person__name")
    autocomplete_fields = ("supplier", "person", "body", "declared_by")
