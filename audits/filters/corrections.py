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
    visible_secretariats,
)
from audits.models import CorrectiveAction
from audits.terms import (
    CorrectionStatus,
    Escalation,
    Severity,
)

if TYPE_CHECKING:
    pass


class CorrectionFilter(ListFilter):
    """The overview of corrective actions."""

    q = filters.CharFilter(
        label=_("Number, site or requirement"), method="filter_words", max_length=100
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=CorrectionStatus.choices, empty_label=_("All")
    )
    severity = filters.ChoiceFilter(
        label=_("Severity"),
        field_name="gravity",
        choices=Severity.choices,
        empty_label=_("All"),
    )
    secretariat = filters.ModelChoiceFilter(
        label=_("Secretariat"),
        field_name="finding__audit__secretariat",
        queryset=visible_secretariats,
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
    escalated = filters.ChoiceFilter(
        label=_("Escalation"),
        choices=[row for row in Escalation.choices if row[0]],
        method="filter_escalated",
        empty_label=_("All"),
    )
    issued_from = filters.DateFilter(
        label=_("Result issued from"),
        field_name="finding__audit__issued_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    repeat = filters.BooleanFilter(
        label=_("Only repeat findings"), method="filter_repeat", widget=forms.CheckboxInput
    )
    check = filters.BooleanFilter(
        label=_("Only what is to be checked"), method="filter_check", widget=forms.CheckboxInput
    )

    class Meta:
        model = CorrectiveAction
        fields = (
            "q",
            "status",
            "severity",
            "secretariat",
            "body",
            "escalated",
            "issued_from",
            "overdue",
            "repeat",
            "check",
        )

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

    def filter_escalated(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to what is late and was brought before the one chosen."""
        return queryset.escalated(value)

    def filter_repeat(self, queryset: Any, name: str, value: bool) -> Any:
        """Narrow to what an earlier audit of the site found not met either."""
        return queryset.repeats() if value else queryset

    def filter_check(self, queryset: Any, name: str, value: bool) -> Any:
        """Narrow to plans and evidence that somebody has to look at."""
        checked = (CorrectionStatus.PLANNED, CorrectionStatus.EVIDENCE_SUBMITTED)
        return queryset.filter(status__in=checked) if value else queryset


class CorrectionOverviewFilter(CorrectionFilter):
    """What the overview is narrowed by: everything but what it counts itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("status", "escalated", "overdue", "check"):
            del self.form.fields[name]
            del self.filters[name]
