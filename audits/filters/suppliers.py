"""The lists of suppliers and of probable duplicates."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audits.filters.lists import MOST_WORDS, ListFilter
from suppliers.corporate_numbers import normalise_corporate_number
from suppliers.models import DuplicateProposal, FormerName, Supplier
from suppliers.prefectures import CHOICES as PREFECTURES
from suppliers.terms import LEAST, ProposalState, Strength

SUPPLIERS, SITES = "suppliers", "sites"
NAMES = ("name_ja", "name_kana", "name_en")


def called(word: str, supplier: str = "") -> Q:
    """Return the condition that a word stands in a name of a supplier, former ones too, or is its number."""
    number = normalise_corporate_number(word)
    found = Q(**{f"{supplier}corporate_number": number})
    for name in NAMES:
        found |= Q(**{f"{supplier}{name}__icontains": word})
    for text in {word, number}:
        found |= Q(**{f"{supplier}pk__in": FormerName.objects.suppliers_called(text)})
    return found


class SupplierFilter(ListFilter):
    """Suppliers by name, number and prefecture."""

    organisations = ()
    q = filters.CharFilter(
        label=_("Name or corporate number"), method="filter_words", max_length=100
    )
    prefecture = filters.ChoiceFilter(
        label=_("Prefecture"), choices=PREFECTURES, empty_label=_("All")
    )

    class Meta:
        model = Supplier
        fields = ("q", "prefecture")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in a name, or as the number."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(called(word))
        return queryset


class DuplicateFilter(ListFilter):
    """Probable duplicates by name, kind, strength and what became of them."""

    organisations = ()
    q = filters.CharFilter(
        label=_("Name or corporate number"), method="filter_words", max_length=100
    )
    what = filters.ChoiceFilter(
        label=_("Of what"),
        choices=[(SUPPLIERS, _("suppliers")), (SITES, _("sites"))],
        method="filter_what",
        empty_label=_("All"),
    )
    strength = filters.ChoiceFilter(
        label=_("Probability"),
        choices=Strength.choices,
        method="filter_strength",
        empty_label=_("All"),
    )
    state = filters.ChoiceFilter(
        label=_("State"), choices=ProposalState.choices, empty_label=_("All")
    )

    class Meta:
        model = DuplicateProposal
        fields = ("q", "what", "strength", "state")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in a name of one of the two."""
        for word in value.split()[:MOST_WORDS]:
            queryset = queryset.filter(called(word, "first__") | called(word, "second__"))
        return queryset

    def filter_what(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to suppliers or to sites."""
        return queryset.filter(first_site__isnull=value == SUPPLIERS)

    def filter_strength(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to points between the word's least and the next one's."""
        higher = [least for least in LEAST.values() if least > LEAST[Strength(value)]]
        narrowed = queryset.filter(score__gte=LEAST[Strength(value)])
        return narrowed.filter(score__lt=min(higher)) if higher else narrowed


def in_order(rows: Any) -> Any:
    """Return proposals with what waits first, the most probable on top."""
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-score", "pk")
