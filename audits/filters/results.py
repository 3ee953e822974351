"""The list of results."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.filters.lists import (
    ListFilter,
    find_words,
    names_of,
    visible_bodies,
)
from audits.models import Result
from audits.terms import (
    GradeLetter,
    ResultStatus,
)

if TYPE_CHECKING:
    pass


class ResultFilter(ListFilter):
    """The list of results."""

    organisations = ("body",)
    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )
    status = filters.ChoiceFilter(
        label=_("State"), choices=ResultStatus.choices, empty_label=_("All")
    )
    grade = filters.ChoiceFilter(
        label=_("Grade"), choices=GradeLetter.choices, empty_label=_("All")
    )
    body = filters.ModelChoiceFilter(
        label=_("Audit body"),
        field_name="audit__body",
        queryset=visible_bodies,
        empty_label=_("All"),
    )
    due = filters.NumberFilter(
        label=_("Due for renewal within days"), method="filter_due", min_value=0, max_value=3650
    )

    class Meta:
        model = Result
        fields = ("q", "status", "grade", "body", "due")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, site or supplier."""
        return find_words(queryset, value, contains=("number", *names_of("audit__site")))

    def filter_due(self, queryset: Any, name: str, value: Any) -> Any:
        """Narrow to valid results whose date of renewal comes within so many days, or has passed."""
        last = timezone.localdate() + timedelta(days=int(value))
        return queryset.filter(status=ResultStatus.VALID, renewal_due_on__lte=last)
