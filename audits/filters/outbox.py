"""What the outbox can be narrowed to."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from accounts.letters import LETTERS
from accounts.models import Notice
from accounts.models.notices import MAIL_STATES
from audits.filters.lists import ListFilter, find_words


def _kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the letters by what they are about."""
    every = sorted(LETTERS.values(), key=lambda each: str(each.group))
    return [
        (group, [(each.code, each.title) for each in rows])
        for group, rows in groupby(every, lambda each: str(each.group))
    ]


class OutboxFilter(ListFilter):
    """Letters by what became of their e-mail, by kind, recipient and audit."""

    organisations = ()

    state = filters.ChoiceFilter(
        label=_("State"),
        choices=list(MAIL_STATES.items()),
        method="filter_state",
        empty_label=_("All"),
    )
    kind = filters.ChoiceFilter(label=_("Letter"), choices=_kinds, empty_label=_("All"))
    who = filters.CharFilter(label=_("To whom"), method="filter_who")
    audit = filters.CharFilter(
        label=_("Number of the audit"), field_name="about", lookup_expr="icontains"
    )

    class Meta:
        model = Notice
        fields = ("state", "kind", "who", "audit")

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to one state of the e-mail."""
        return queryset.in_mail_state(value)

    def filter_who(self, queryset: Any, name: str, value: str) -> Any:
        """Find the recipient by name or e-mail address."""
        return find_words(queryset, value, contains=("recipient__name", "recipient__email"))
