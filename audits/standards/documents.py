"""The documents that a standard names: read out of the hints of its requirements, each once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ui.language import Localized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A comma inside brackets belongs to the name of one document.
_INSIDE = r"(?![^((]*[))])"
_BETWEEN_JA = re.compile(rf"[、,;;\n]{_INSIDE}")
_BETWEEN_EN = re.compile(rf"[,;\n]{_INSIDE}")
# What the team makes itself during the visit is not asked for.
_MADE_BY_TEAM = re.compile(r"^(?:(?:従業員)?面談記録|(?:.+の)?(?:測定)?写真)$")
KEY_LENGTH = 10
LONGEST = 200


@dataclass(frozen=True)
class Hint:
    """What a requirement says about the documents to see; `category` is 1 to 9."""

    code: str
    category: int
    ja: str
    en: str


@dataclass
class NamedDocument:
    """One document, and the requirements (code, category) in whose hints it is named."""

    key: str
    name_ja: str
    name_en: str = ""
    serves: list[tuple[str, int]] = field(default_factory=list)

    name = Localized()

    @property
    def codes(self) -> list[str]:
        """Return the codes of the requirements, in the order of the standard."""
        return [code for code, _category in self.serves]

    @property
    def categories(self) -> set[int]:
        """Return the numbers of the categories that the document serves."""
        return {category for _code, category in self.serves}


def key_of(name_ja: str) -> str:
    """Return the short key of a document: ten hex digits made of its Japanese name."""
    return hashlib.sha256(name_ja.encode()).hexdigest()[:KEY_LENGTH]


def names_in(hint: Hint) -> Iterator[tuple[str, str]]:
    """Yield (Japanese, English) of each document in a hint.

    Where the two languages list different numbers of documents, the English name is left empty.
    """
    japanese = [part.strip() for part in _BETWEEN_JA.split(hint.ja) if part.strip()]
    english = [part.strip() for part in _BETWEEN_EN.split(hint.en) if part.strip()]
    if len(japanese) != len(english):
        english = [""] * len(japanese)
    for name_ja, name_en in zip(japanese, english, strict=True):
        if not _MADE_BY_TEAM.match(name_ja):
            yield name_ja[:LONGEST], (name_en[:1].upper() + name_en[1:])[:LONGEST]


def documents_in(hints: Iterable[Hint]) -> list[NamedDocument]:
    """Return every document named in the hints once, in the order in which it first comes up."""
    found: dict[str, NamedDocument] = {}
    for hint in hints:
        for name_ja, name_en in names_in(hint):
            key = key_of(name_ja)
            document = found.setdefault(key, NamedDocument(key, name_ja))
            document.name_en = document.name_en or name_en
            if (hint.code, hint.category) not in document.serves:
                document.serves.append((hint.code, hint.category))
    return list(found.values())
