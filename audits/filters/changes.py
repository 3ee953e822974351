"""The list of change notices."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.change_terms import ChangeDecision, ChangeKind
from audits.filters.lists import ListFilter, find_words, names_of, visible_secretariats
from audits.models import ChangeNotice

OPEN = "open"


class ChangeFilter(ListFilter):
    """Change notices by state, kind and secretariat."""

    organisations = ("secretariat",)

    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[(OPEN, pgettext_lazy("change", "to be decided")), *ChangeDecision.choices],
        method="filter_state",
        empty_label=_("All"),
    )
    kind = filters.ChoiceFilter(
        label=_("what changes"), choices=ChangeKind.choices, empty_label=_("All")
    )
    secretariat = filters.ModelChoiceFilter(
        label=_("Secretariat"),
        field_name="audit__secretariat",
        queryset=visible_secretariats,
        empty_label=_("All"),
    )

    class Meta:
        model = ChangeNotice
        fields = ("q", "state", "kind", "secretariat")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, site or supplier."""
        return find_words(queryset, value, contains=("audit__number", *names_of("site")))

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to undecided ones, or to those with the decision."""
        return queryset.undecided() if value == OPEN else queryset.filter(decision=value)
