"""Audits in the admin: to look up, never to change; what moves an audit is in the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from audits.models import (
    Alert,
    Appeal,
    Audit,
    AuditEvent,
    ChangeNotice,
    CorrectiveAction,
    Finding,
    Result,
)
from audits.standards.admin import ReadOnly

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Audit)
class AuditAdmin(ReadOnly, ModelAdmin):
    """Audits."""

    list_display = ("number", "site", "kind", "status", "body", "secretariat", "due_on")
    list_filter = ("status", "kind")
    list_select_related = ("site__supplier", "body", "secretariat")
    search_fields = ("number", "site__name_ja", "site__supplier__name_ja")
    ordering = ("-number",)


@admin.register(Finding)
class FindingAdmin(ReadOnly, ModelAdmin):
    """Findings, without the working notes, which belong to team and reviewers."""

    list_display = ("audit", "requirement", "judgement", "severity", "changed_at")
    list_filter = ("judgement", "severity")
    list_select_related = ("audit", "requirement")
    search_fields = ("audit__number", "requirement__code")
    exclude = ("working_note",)


@admin.register(Result)
class ResultAdmin(ReadOnly, ModelAdmin):
    """Results."""

    list_display = ("number", "grade", "computed_grade", "status", "issued_on", "renewal_due_on")
    list_filter = ("grade", "status", "official")
    search_fields = ("number", "verification_code")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, ModelAdmin):
    """The record."""

    list_display = ("audit", "sequence", "act", "actor", "at", "hash")
    list_filter = ("act",)
    list_select_related = ("audit", "actor")
    search_fields = ("audit__number",)
    ordering = ("-at",)


@admin.register(CorrectiveAction)
class CorrectiveActionAdmin(ReadOnly, ModelAdmin):
    """Corrective actions."""

    list_display = ("finding", "status", "plan_due_on", "close_due_on", "closed_at")
    list_filter = ("status",)
    list_select_related = ("finding__audit", "finding__requirement")
    search_fields = ("finding__audit__number",)


@admin.register(Alert)
class AlertAdmin(ReadOnly, ModelAdmin):
    """Critical alerts."""

    list_display = ("audit", "raised_at", "confirmed", "settled_at")
    list_select_related = ("audit",)


@admin.register(Appeal)
class AppealAdmin(ReadOnly, ModelAdmin):
    """Appeals."""

    list_display = ("result", "raised_at", "upheld", "decided_at")
    list_select_related = ("result",)


@admin.register(ChangeNotice)
class ChangeNoticeAdmin(ReadOnly, ModelAdmin):
    """Change notices."""

    list_display = ("site", "kind", "starts_on", "due_on", "decision", "decided_at")
    list_filter = ("kind", "decision")
    list_select_related = ("site__supplier",)
