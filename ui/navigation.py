"""Entries of the bar, by themselves or under a noun, and which of them the reader is in."""

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


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that the bar keeps in a menu under one noun."""

    label: str | Promise
    items: tuple[Item, ...]

    @property
    def current(self) -> bool:
        """Whether the reader is in one of the entries."""
        return any(item.current for item in self.items)


def bar(nouns: Iterable[tuple[str | Promise, Iterable[Item]]], path: str) -> list[Item | Group]:
    """Return the bar: for each noun its entries as a menu, or as they are where it has no label or one entry.

    The entry is marked whose URL is the longest beginning of `path`, counted in whole segments:
    `/portal/audits/` holds `/portal/audits/7/` but `/portal/audit` does not hold `/portal/audits/`.
    """
    listed = [(label, tuple(items)) for label, items in nouns]
    urls = [item.url for _label, items in listed for item in items if _holds(item.url, path)]
    here = max(urls, key=len, default=None)
    entries: list[Item | Group] = []
    for label, items in listed:
        marked = tuple(replace(item, current=item.url == here) for item in items)
        entries += [Group(label, marked)] if label and len(marked) > 1 else marked
    return entries


def _holds(url: str, path: str) -> bool:
    return path == url or path.startswith(url if url.endswith("/") else f"{url}/")
