"""Which of the ranked auditors a page shows: a search, a page of each list, and those chosen."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import cached_property

from audits.auditors.eligibility import Obstacle
from audits.auditors.terms import Level
from audits.services.candidates import Person, Ranked
from ui.paging import Page, Paginator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = Ranked[Person]
PREFIX = "place-"
ELIGIBLE_SHOWN = 30
OTHERS_SHOWN = 25
LONGEST_SEARCH = 100
# A button with one of these names looks at other rows and proposes nothing.
LOOKING = ("look", "page", "rest", "show")


@dataclass(frozen=True)
class Shortlist:
    """The rows that one page shows of all that were ranked.

    `asked` are the parameters of the address or of the form; `places` are the functions to begin
    with, by id of the auditor, until somebody has chosen.
    """

    ranked: Sequence[Row]
    asked: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> str:
        """What is searched for."""
        return self.asked.get("q", "").strip()[:LONGEST_SEARCH]

    @cached_property
    def why(self) -> str:
        """The obstacle to which the list of the others is narrowed; empty for all."""
        wanted = self.asked.get("show", self.asked.get("why", ""))
        return wanted if wanted in Obstacle.values else ""

    @cached_property
    def chosen(self) -> dict[str, str]:
        """Return the functions that were chosen, by id of the auditor."""
        if not any(name.startswith(PREFIX) for name in self.asked):
            return dict(self.places)
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.asked.items()
            if name.startswith(PREFIX) and value in Level.values
        }

    @cached_property
    def found(self) -> list[Row]:
        """Return the rows with every word of the search in name or registration number."""
        words = _plain(self.words).split()
        if not words:
            return list(self.ranked)
        return [row for row in self.ranked if _has(row, words)]

    @cached_property
    def eligible(self) -> int:
        """Say how many may be assigned, whatever is searched for."""
        return sum(row.eligible for row in self.ranked)

    @cached_property
    def picked(self) -> list[Row]:
        """Return those chosen who are not on the page of the eligible anyway."""
        there = {row.auditor.pk for row in self.page}
        return [
            row
            for row in self.ranked
            if str(row.auditor.pk) in self.chosen and row.auditor.pk not in there
        ]

    @cached_property
    def page(self) -> Page:
        """Return the page of the eligible, best first."""
        rows = [row for row in self.found if row.eligible]
        return Paginator(rows, ELIGIBLE_SHOWN).get_page(self.asked.get("page"))

    @cached_property
    def others(self) -> list[Row]:
        """Return the found ones who may take no function, the fewest obstacles first."""
        return [row for row in self.found if not row.eligible]

    @cached_property
    def counts(self) -> list[tuple[Obstacle, int]]:
        """Return how many of the others each obstacle keeps out."""
        counted = Counter(one for row in self.others for one in row.hindered)
        return [(one, counted[one]) for one in Obstacle if counted[one]]

    @cached_property
    def rest(self) -> Page:
        """Return the page of the others."""
        rows = [row for row in self.others if not self.why or self.why in row.hindered]
        return Paginator(rows, OTHERS_SHOWN).get_page(self.asked.get("rest"))

    @property
    def unfolded(self) -> bool:
        """Say whether the others are shown at once: they are few, or somebody asked for them."""
        asked = bool(self.words or self.why) or "rest" in self.asked or "show" in self.asked
        return asked or not self.eligible or len(self.others) <= OTHERS_SHOWN


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _has(row: Row, words: list[str]) -> bool:
    text = _plain(f"{row.auditor.name} {row.auditor.registration_number}")
    return all(word in text for word in words)
