"""Pages of a list: bounded, and forgiving about nonsense in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.core.paginator import Page as DjangoPage, Paginator as DjangoPaginator
from django.db.models import QuerySet
from django.http import HttpRequest

MAX_PER_PAGE = 200
DIGITS = len(str(MAX_PER_PAGE))


class Page(DjangoPage):  # type: ignore[type-arg]  # generic only in the stubs, not at run time
    """One page of a list that knows which page numbers to offer."""

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to link: the ends and the neighbours, None where numbers are left out."""
        last = self.paginator.num_pages
        near = {1, 2, self.number - 1, self.number, self.number + 1, last - 1, last}
        shown: list[int | None] = []
        before = 0
        for number in sorted(n for n in near if 1 <= n <= last):
            if number == before + 2:
                shown.append(before + 1)
            elif number > before + 1:
                shown.append(None)
            shown.append(number)
            before = number
        return shown


class Paginator(DjangoPaginator):  # type: ignore[type-arg]  # generic only in the stubs, not at run time
    """Django's paginator handing out `Page`."""

    def get_page(self, number: float | str | None) -> Page:
        """Return the page, the first or the last for a number out of range."""
        return cast("Page", super().get_page(number))

    def _get_page(self, *args: Any, **kwargs: Any) -> Page:
        return Page(*args, **kwargs)


def paginate(
    request: HttpRequest, queryset: QuerySet[Any, Any] | Sequence[Any], per_page: int = 50
) -> Page:
    """Return the page of `queryset` that `?page=` asks for.

    `?per_page=` may change the length between 1 and 200. A page that is not a number is the first,
    one beyond the end the last. The pager template keeps the other parameters of the address.
    """
    wanted = request.GET.get("per_page", "")
    # a digit string of absurd length would raise in int(); more digits than the bound has are nonsense
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= DIGITS and int(wanted) > 0:
        per_page = int(wanted)
    page = request.GET.get("page", "1")[:9]
    return Paginator(queryset, min(per_page, MAX_PER_PAGE)).get_page(page)
