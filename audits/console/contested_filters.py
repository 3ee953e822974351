"""What the lists of alerts and appeals can be narrowed to."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.filters import MOST_WORDS, _List
from audits.models import Alert, Appeal


def _words(queryset: Any, value: str, audit: str) -> Any:
    for word in value.split()[:MOST_WORDS]:
        found = Q(**{f"{audit}__number__icontains": word})
        for name in ("site__name_ja", "site__name_en", "site__supplier__name_ja"):
            found |= Q(**{f"{audit}__{name}__icontains": word})
        queryset = queryset.filter(found)
    return queryset


class AlertFilter(_List):
    """The list of critical alerts."""

    organisations = ()
    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("open", pgettext_lazy("alert", "open")),
            ("confirmed", pgettext_lazy("alert", "confirmed")),
            ("cancelled", pgettext_lazy("alert", "cancelled")),
        ],
        method="filter_state",
        empty_label=_("All"),
    )

    class Meta:
        model = Alert
        fields = ("q", "state")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, site or supplier."""
        return _words(queryset, value, "audit")

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to open, confirmed or cancelled ones."""
        if value == "open":
            return queryset.filter(settled_at=None)
        return queryset.filter(confirmed=value == "confirmed")


class AppealFilter(_List):
    """The list of appeals."""

    organisations = ()
    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("open", pgettext_lazy("appeal", "to be decided")),
            ("upheld", pgettext_lazy("appeal", "upheld")),
            ("dismissed", pgettext_lazy("appeal", "dismissed")),
        ],
        method="filter_state",
        empty_label=_("All"),
    )

    class Meta:
        model = Appeal
        fields = ("q", "state")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, site or supplier."""
        return _words(queryset, value, "result__audit")

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to those to be decided, upheld or dismissed."""
        if value == "open":
            return queryset.filter(decided_at=None)
        return queryset.filter(upheld=value == "upheld")
