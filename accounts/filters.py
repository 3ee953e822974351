"""What lists of this room can be narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, Organisation, OrganisationEvent
from accounts.terms import Kind
from accounts.timeline import ACTS

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict

DAY = {"type": "date"}


def _recorded(request: Any) -> QuerySet[Organisation]:
    """Return the organisations of whose record the reader sees something."""
    seen = OrganisationEvent.objects.visible_to(request.user)
    visible = Organisation.objects.visible_to(request.user)
    return visible.filter(pk__in=seen.values("organisation")).order_by("name_ja")


def _acts() -> list[tuple[str, Any]]:
    return list(ACTS.items())


class _Narrowed(filters.FilterSet):  # type: ignore[misc]  # the library ships no types
    """A list that says whether anything is narrowed."""

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, request: Any) -> None:
        super().__init__(data, queryset, request=request)

    @property
    def active(self) -> bool:
        """Say whether anything is narrowed, so that an empty list can say what to do."""
        return any(value for name, value in self.data.items() if name in self.filters)


class NoticeFilter(_Narrowed):
    """What a person has been told: the unread, the urgent, or with some words in it."""

    q = filters.CharFilter(label=_("Words or number of the audit"), method="filter_words")
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[("unread", _("unread")), ("urgent", _("urgent"))],
        method="filter_state",
        empty_label=_("All"),
    )

    class Meta:
        model = Notice
        fields = ("q", "state")

    def filter_words(self, queryset: Any, name: str, value: str) -> Any:
        """Find words in the line or below it."""
        return queryset.filter(Q(subject__icontains=value) | Q(body__icontains=value))

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        """Narrow to what is unread, or urgent."""
        return queryset.unread() if value == "unread" else queryset.filter(urgent=True)


class OrganisationRecordFilter(_Narrowed):
    """The search in the records of organisations."""

    organisation = filters.ModelChoiceFilter(
        label=_("Organisation"), queryset=_recorded, empty_label=_("All")
    )
    kind = filters.ChoiceFilter(
        label=_("Kind"), field_name="organisation__kind", choices=Kind.choices, empty_label=_("All")
    )
    who = filters.CharFilter(label=_("By whom"), method="filter_who", max_length=100)
    act = filters.ChoiceFilter(label=_("Act"), choices=_acts, empty_label=_("All"))
    since = filters.DateFilter(
        label=_("From"),
        field_name="at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs=DAY),
    )
    until = filters.DateFilter(
        label=_("Until"),
        field_name="at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs=DAY),
    )

    class Meta:
        model = OrganisationEvent
        fields = ("organisation", "kind", "who", "act", "since", "until")

    def filter_who(self, queryset: Any, name: str, value: str) -> Any:
        """Find who acted by name or e-mail address."""
        return queryset.filter(Q(actor__name__icontains=value) | Q(actor__email__icontains=value))
