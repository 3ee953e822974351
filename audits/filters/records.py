"""The search in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.filters.lists import (
    ListFilter,
)
from audits.models import AuditEvent
from audits.timeline import OTHER_ACTS
from audits.workflow import TRANSITIONS

if TYPE_CHECKING:
    pass


class RecordFilter(ListFilter):
    """The search in the record."""

    organisations = ()
    q = filters.CharFilter(
        label=_("Audit number"), field_name="audit__number", lookup_expr="icontains", max_length=100
    )
    who = filters.CharFilter(label=_("By whom"), method="filter_who", max_length=100)
    act = filters.ChoiceFilter(
        label=_("Act"),
        choices=[*((act.value, act.label) for act in TRANSITIONS), *OTHER_ACTS.items()],
        empty_label=_("All"),
    )
    since = filters.DateFilter(
        label=_("From"),
        field_name="at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = filters.DateFilter(
        label=_("Until"),
        field_name="at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEvent
        fields = ("q", "who", "act", "since", "until")

    def filter_who(self, queryset: Any, name: str, value: str) -> Any:
        """Find who acted by name or e-mail address."""
        return queryset.filter(Q(actor__name__icontains=value) | Q(actor__email__icontains=value))
