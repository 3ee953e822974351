"""The overview of corrective actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from audits.filters.lists import (
    ListFilter,
    find_words,
    names_of,
    visible_bodies,
)
from audits.models import CorrectiveAction
from audits.terms import (
    CorrectionStatus,
    Severity,
)

if TYPE_CHECKING:
    pass


class CorrectionFilter(ListFilter):
    """The overview of corrective actions."""

    organisations = ("body",)
    q = filters.CharFilter(
        label=_("Number, site or requirement"), method="filter_words", max_length=100
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=CorrectionStatus.choices, empty_label=_("All")
    )
    severity = filters.ChoiceFilter(
        label=_("Severity"),
        field_name="finding__severity",
        choices=Severity.choices,
        empty_label=_("All"),
    )
    body = filters.ModelChoiceFilter(
        label=_("Audit body"),
        field_name="finding__audit__body",
        queryset=visible_bodies,
        empty_label=_("All"),
    )
    overdue = filters.BooleanFilter(
        label=_("Only overdue"), method="filter_overdue", widget=forms.CheckboxInput
    )
    check = filters.BooleanFilter(
        label=_("Only what is to be checked"), method="filter_check", widget=forms.CheckboxInput
    )

    class Meta:
        model = CorrectiveAction
        fields = ("q", "status", "severity", "body", "overdue", "check")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in audit number, site, supplier or requirement."""
        return find_words(
            queryset,
            value,
            contains=(
                "finding__audit__number",
                *names_of("finding__audit__site"),
                "finding__requirement__title_ja",
            ),
            equals=("finding__requirement__code",),
        )

    def filter_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        """Narrow to what is late: the plan, or the closing."""
        return queryset.overdue() if value else queryset

    def filter_check(self, queryset: Any, name: str, value: bool) -> Any:
        """Narrow to plans and evidence that somebody has to look at."""
        checked = (CorrectionStatus.PLANNED, CorrectionStatus.EVIDENCE_SUBMITTED)
        return queryset.filter(status__in=checked) if value else queryset
