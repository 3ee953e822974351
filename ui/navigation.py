"""Items of the bar and which of them the reader is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation; `count` is shown as a badge when it is not zero."""

    label: str | Promise
    url: str
    current: bool = False
    count: int = 0


def current(items: Iterable[Item], path: str) -> list[Item]:
    """Return the items with the one marked whose URL is the longest beginning of `path`.

    A URL counts as beginning only at a segment border: `/portal/audits/` holds `/portal/audits/7/`
    but `/portal/audit` does not hold `/portal/audits/`.
    """
    listed = list(items)
    best = max((len(item.url) for item in listed if _holds(item.url, path)), default=0)
    return [
        replace(item, current=_holds(item.url, path) and len(item.url) == best) for item in listed
    ]


def _holds(url: str, path: str) -> bool:
    return path == url or path.startswith(url if url.endswith("/") else f"{url}/")
