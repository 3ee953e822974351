"""What the lists of the console have in common: whose rows, and how words are looked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django.db.models import Q

from accounts import policies
from accounts.models import Organisation
from accounts.terms import Kind
from suppliers.models import FormerName

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict


# Each word is a condition of its own in the query; nobody looks for more of them than this.
MOST_WORDS = 8


def visible_secretariats(request: Any) -> QuerySet[Organisation]:
    """Return the secretariats that the reader sees."""
    visible = Organisation.objects.visible_to(request.user)
    return visible.filter(kind=Kind.SECRETARIAT).order_by("name_ja")


def visible_bodies(request: Any) -> QuerySet[Organisation]:
    """Return the bodies that the reader may meet: own secretariat's, own, or all."""
    bodies = Organisation.objects.visible_to(request.user).filter(kind=Kind.AUDIT_BODY)
    if not (policies.is_scheme_owner(request.user) or policies.is_observer(request.user)):
        bodies = bodies.filter(
            Q(parent__in=policies.organisation_ids(request.user, Kind.SECRETARIAT))
            | Q(pk__in=policies.organisation_ids(request.user, Kind.AUDIT_BODY))
        )
    return bodies.order_by("name_ja")


def find_words(
    queryset: Any, value: str, *, contains: Iterable[str], equals: Iterable[str] = ()
) -> Any:
    """Narrow to rows in which every word stands in one of the columns, or is one of them."""
    for word in value.split()[:MOST_WORDS]:
        found = Q()
        for name in contains:
            found |= Q(**{f"{name}__icontains": word})
            if name.endswith("supplier__name_ja"):
                # What a supplier was called before a merge leads to it as well.
                formerly = FormerName.objects.suppliers_called(word)
                found |= Q(**{f"{name.removesuffix('__name_ja')}__in": formerly})
        for name in equals:
            found |= Q(**{name: word})
        queryset = queryset.filter(found)
    return queryset


def names_of(site: str) -> tuple[str, ...]:
    """Return the columns that hold the names of a site and of its supplier; `site` leads to it."""
    return tuple(
        f"{site}__{name}"
        for name in ("name_ja", "name_en", "supplier__name_ja", "supplier__name_en")
    )


class ListFilter(filters.FilterSet):  # type: ignore[misc]  # the library ships no types
    """A filter that leaves out choices between fewer than two organisations."""

    organisations: tuple[str, ...] = ("secretariat", "body")

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, request: Any) -> None:
        super().__init__(data, queryset, request=request)
        for name in self.organisations:
            if name in self.form.fields and self.form.fields[name].queryset.count() < 2:
                del self.form.fields[name]
                del self.filters[name]

    @property
    def active(self) -> bool:
        """Say whether anything is narrowed, so that an empty list can say what to do."""
        return any(value for name, value in self.data.items() if name not in ("o", "page"))
