"""Repeat findings in words: for cards, desks, the supplier's pages, and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Repeat:
    """In which earlier audits of a site the same requirement was not met, and since when.

    `audits` are their numbers, the oldest first; `since` is the day on which its result was issued.
    """

    audits: tuple[str, ...]
    since: date

    @property
    def sentence(self) -> str:
        """Return it in words."""
        count = len(self.audits)
        return ngettext(
            "Not met in %(count)d earlier audit of the site either, since %(day)s (%(audits)s).",
            "Not met in %(count)d earlier audits of the site either, since %(day)s (%(audits)s).",
            count,
        ) % {
            "count": count,
            "day": date_format(self.since),
            "audits": ", ".join(self.audits),
        }
