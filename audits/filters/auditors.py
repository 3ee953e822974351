"""The register of auditors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.auditors.models import Auditor
from audits.auditors.terms import Level
from audits.filters.lists import (
    ListFilter,
    visible_bodies,
)

if TYPE_CHECKING:
    pass


class AuditorFilter(ListFilter):
    """The register of auditors."""

    organisations = ("body",)
    q = filters.CharFilter(
        label=_("Name or registration number"), method="filter_words", max_length=100
    )
    body = filters.ModelChoiceFilter(
        label=_("Audit body"), queryset=visible_bodies, empty_label=_("All")
    )
    level = filters.ChoiceFilter(
        label=_("Level"), choices=Level.choices, method="filter_level", empty_label=_("All")
    )
    inactive = filters.BooleanFilter(
        label=_("Also those no longer active"),
        method="filter_inactive",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Auditor
        fields = ("q", "body", "level", "inactive")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find by name or registration number."""
        return queryset.filter(
            Q(user__name__icontains=value) | Q(registration_number__icontains=value)
        )

    def filter_level(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to auditors who are qualified at the level."""
        return queryset.filter(qualifications__level=value).distinct()

    def filter_inactive(self, queryset: Any, name: str, value: bool) -> Any:
        """Show everybody, or only those who are active."""
        return queryset if value else queryset.filter(is_active=True)
