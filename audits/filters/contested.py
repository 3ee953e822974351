"""The lists of alerts and of appeals."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.filters.lists import ListFilter, find_words, names_of
from audits.models import Alert, Appeal


class ContestedFilter(ListFilter):
    """What both lists have: words, and the state. `audit` leads to the audit, `ended` is when."""

    organisations = ()
    audit = ""
    ended = ""
    verdict = ""
    # Which state means that the verdict was a yes.
    yes = ""
    q = filters.CharFilter(
        label=_("Number, site or supplier"), method="filter_words", max_length=100
    )

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find every word in number, site or supplier."""
        columns = (f"{self.audit}__number", *names_of(f"{self.audit}__site"))
        return find_words(queryset, value, contains=columns)

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to open ones, or to those that ended with the verdict."""
        if value == "open":
            return queryset.filter(**{self.ended: None})
        return queryset.filter(**{self.verdict: value == self.yes})


class AlertFilter(ContestedFilter):
    """The list of critical alerts."""

    audit, ended, verdict, yes = "audit", "settled_at", "confirmed", "confirmed"
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


class AppealFilter(ContestedFilter):
    """The list of appeals."""

    audit, ended, verdict, yes = "result__audit", "decided_at", "upheld", "upheld"
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
