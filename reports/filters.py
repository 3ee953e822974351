"""The lists of this room."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.filters.lists import ListFilter, find_words, names_of
from reports.models import ConsentReceipt
from reports.terms import ConsentAct


class ConsentFilter(ListFilter):
    """Receipts of consent by words, act, and the permission that they are about."""

    organisations = ()

    q = filters.CharFilter(
        label=_("Number, supplier, site or brand"), method="filter_words", max_length=100
    )
    act = filters.ChoiceFilter(
        label=pgettext_lazy("consent", "What was done"),
        choices=ConsentAct.choices,
        empty_label=_("All"),
    )

    # Where other pages lead to: the receipts of one site, and of one brand.
    site = filters.UUIDFilter(field_name="grant__site", widget=forms.HiddenInput)
    brand = filters.UUIDFilter(field_name="grant__brand", widget=forms.HiddenInput)

    class Meta:
        model = ConsentReceipt
        fields = ("q", "act", "site", "brand")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, supplier, site or brand."""
        columns = ("number", "grant__brand__name_ja", "grant__brand__name_en")
        return find_words(queryset, value, contains=(*columns, *names_of("grant__site")))
