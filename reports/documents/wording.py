"""Says the fixed words, names and days of a report in Japanese, English, or both."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html_join
from django.utils.translation import gettext, override

from audits.auditors.terms import Level
from audits.standards.terms import GradeLetter, Judgement, Provenance, Severity
from audits.terms import (
    AuditKind,
    CorrectionStatus,
    Method,
    Payer,
    Threat,
    Verification,
)
from reports.documents.words import WORDS
from suppliers.terms import Language, Process
from ui.templatetags import ui

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What is said, language by language: [{"lang": "ja", "text": …}, {"lang": "en", "text": …}]
Texts = list[dict[str, str]]

# Japanese writes its signs as wide as its letters.
SIGNS = {
    "ja": {"open": "（", "close": "）", "colon": "：", "comma": "、"},
    "en": {"open": " (", "close": ")", "colon": ": ", "comma": ", "},
}

TERMS: dict[str, Any] = {
    "judgement": Judgement,
    "severity": Severity,
    "grade": GradeLetter,
    "provenance": Provenance,
    "method": Method,
    "kind": AuditKind,
    "payer": Payer,
    "function": Level,
    "threat": Threat,
    "status": CorrectionStatus,
    "verification": Verification,
    "process": Process,
    "language": Language,
}


class Said(str):
    """The same in two languages: one line of text; in a page each is marked by its language.

    For attributes and titles, which hold no marks, take `str(said)`.
    """

    __slots__ = ("texts",)

    texts: Texts

    def __new__(cls, texts: Texts) -> Said:
        """`texts` are at least two."""
        said = super().__new__(cls, " / ".join(row["text"] for row in texts))
        said.texts = texts
        return said

    def __html__(self) -> str:
        """Return the line as HTML, escaped."""
        rows = ((row["lang"], row["text"]) for row in self.texts)
        return format_html_join(" / ", '<span lang="{}">{}</span>', rows)


def one_line(texts: Texts) -> str:
    """Return texts on one line, separated by a slash."""
    if len(texts) > 1:
        return Said(texts)
    return texts[0]["text"] if texts else ""


class Wording:
    """Gives every fixed word, name and date of a report in its language or languages."""

    def __init__(self, language: str) -> None:
        """`language` is ja, en or both."""
        self.languages = ("ja", "en") if language == "both" else (language,)
        self.main = self.languages[0]
        self.signs = SIGNS[self.main]
        # A wording for each column of what is printed side by side.
        self.sides = [self] if language != "both" else [Wording(one) for one in self.languages]
        self.texts = {key: self.each(lambda key=key: str(WORDS[key])) for key in WORDS}  # type: ignore[misc]  # the default binds the key
        self.words = {key: one_line(texts) for key, texts in self.texts.items()}
        self.terms = {
            kind: {
                value: self.say(lambda kind=kind, value=value: str(TERMS[kind](value).label))  # type: ignore[misc]  # as above
                for value in TERMS[kind].values
            }
            for kind in TERMS
        }

    def each(self, sentence: Callable[[], str]) -> Texts:
        """Return what `sentence` gives in each language, once where both are the same."""
        said = {}
        for language in self.languages:
            with override(language):
                said[language] = sentence()
        return self.pair(said)

    def say(self, sentence: Callable[[], str]) -> str:
        """Return what `sentence` gives in each language, on one line."""
        return one_line(self.each(sentence))

    def term(self, kind: str, value: str) -> str:
        """Return the words for a value of a closed list; an unknown value as it is."""
        return self.terms[kind].get(value, value)

    def listed(self, kind: str, values: Iterable[str]) -> str:
        """Return the words for several values, separated as each language does."""
        rows = [(side.main, [side.term(kind, value) for value in values]) for side in self.sides]
        return one_line(self.pair({lang: SIGNS[lang]["comma"].join(row) for lang, row in rows}))

    def pair(self, texts: dict[str, str] | None) -> Texts:
        """Return a text in two languages as rows, once where both are the same."""
        if not texts:
            return []
        found: Texts = []
        for language in self.languages:
            text = texts[language]
            if text and text not in [row["text"] for row in found]:
                # In English a text that nobody translated is still the Japanese one.
                written = "ja" if text == texts.get("ja") else "en"
                found.append({"lang": written, "text": text})
        return found

    def one(self, texts: dict[str, str]) -> str:
        """Return a text in two languages on one line."""
        return one_line(self.pair(texts))

    def day(self, iso: str | None) -> str:
        """Return a date such as 2026年11月23日 or 23 Nov 2026; a dash for none."""
        return self.days(iso, None)

    def days(self, first: str | None, last: str | None) -> str:
        """Return one date, or first and last; a dash for none, what is no date as it is."""
        if not first:
            return "—"
        ends = (first, last) if last and last != first else (first,)
        return self.say(lambda: " – ".join(_day(iso) for iso in ends))

    def revision(self, number: int) -> str:
        """Return which revision it is, in words; nothing for a draft."""
        if not number:
            return ""
        return self.say(lambda: gettext("Revision %(number)d") % {"number": number})

    def count(self, value: int) -> str:
        """Return a number of requirements in words."""
        return self.say(lambda: gettext("%(count)d requirements") % {"count": value})


def _day(iso: str) -> str:
    try:
        return ui.day(datetime.fromisoformat(iso).date())
    except ValueError:
        return iso
