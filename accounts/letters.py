"""Letters: every kind of message that the system writes to people, one list for all rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Fact = str | int | date | Promise | Callable[[], str] | None


@dataclass(frozen=True)
class Message:
    """What one person is told: one line, what to know and do, and the page it leads to.

    `kind` is the code of its letter, `about` the number of the audit that it is about, if any. What
    is urgent waits neither for a digest nor for the pause between two mails.
    """

    kind: str
    subject: str
    body: str = ""
    path: str = ""
    about: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Letter:
    """One kind of message: its sentence with places for facts, when it is written and to whom."""

    code: str
    sentence: _StrOrPromise
    to: tuple[Any, ...]
    when: _StrOrPromise
    group: _StrOrPromise
    urgent: bool = False
    # Whether the number of an audit stands before the sentence.
    numbered: bool = False
    # What the catalogue shows: facts of this letter's own, and what is written below the sentence.
    examples: Mapping[str, Fact] = field(default_factory=dict)
    example_body: _StrOrPromise = ""

    def message(
        self,
        facts: Mapping[str, Fact] | None = None,
        *,
        about: str = "",
        body: str = "",
        path: str = "",
        urgent: bool = False,
    ) -> Message:
        """Write the letter in the active language; facts are days, words or what returns words."""
        shown = {name: _shown(value) for name, value in (facts or {}).items()}
        sentence = str(self.sentence % shown)
        return Message(
            kind=self.code,
            subject=f"{about} {sentence}" if self.numbered else sentence,
            body=body.strip(),
            path=path,
            about=about,
            urgent=self.urgent or urgent,
        )

    @property
    def title(self) -> str:
        """Return the sentence with an ellipsis for each fact, for lists."""
        return str(self.sentence % _Left(count=2))

    def example(self) -> Message:
        """Write the letter with made-up facts, for the catalogue."""
        return self.message(
            EXAMPLES | dict(self.examples),
            about=EXAMPLE_AUDIT if self.numbered else "",
            body=str(self.example_body),
            path="/",
        )

    @property
    def readers(self) -> list[str]:
        """Return to whom it is written, in words."""
        return [str(getattr(reader, "label", reader)) for reader in self.to]


class _Left(dict[str, Any]):
    """Facts that are left open."""

    def __missing__(self, name: str) -> str:
        return "…"


LETTERS: dict[str, Letter] = {}

EXAMPLE_AUDIT = "JASTI-2026-0123"
# Made-up facts for the places that many sentences have.
EXAMPLES: dict[str, Fact] = {
    "due": date(2026, 12, 11),
    "day": date(2026, 12, 11),
    "first": date(2026, 12, 15),
    "last": date(2026, 12, 16),
    "count": 3,
    "name": _("Mihon Labour Consultants"),
    "version": "2025.2",
}


def letter(code: str, sentence: _StrOrPromise, **more: Any) -> Letter:
    """Enter a letter in the list and return it; its code is part of addresses and of stored rows."""
    if code in LETTERS:
        raise ValueError(f"there are two letters {code}")
    LETTERS[code] = Letter(code, sentence, **more)
    return LETTERS[code]


def _shown(value: Fact) -> Any:
    if callable(value):
        return value()
    if isinstance(value, date):
        return date_format(value)
    return "–" if value is None else value
