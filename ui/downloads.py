"""Downloads of what a list shows: `?format=csv` or `?format=xlsx`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from ui.tables import as_csv, as_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.http import HttpRequest, HttpResponseBase

    from ui.tables import Value


def download(
    request: HttpRequest,
    name: str,
    header: Sequence[Value],
    rows: Callable[[], Iterable[Sequence[Value]]],
) -> HttpResponseBase | None:
    """Return the file that `?format=` asks for, or None when a page is asked for."""
    day = timezone.localdate().isoformat()
    match request.GET.get("format"):
        case "csv":
            return as_csv(f"{name}-{day}.csv", header, rows())
        case "xlsx":
            return as_xlsx(f"{name}-{day}.xlsx", header, rows())
        case _:
            return None


def in_batches(rows: Any) -> Iterator[Any]:
    """Yield the rows of a query without holding all of them at once, however long the list is."""
    yield from rows.iterator(chunk_size=500)
