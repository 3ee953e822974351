"""How alike two texts are, fast enough to compare a report with many others."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Shorter texts say the same thing in the same words by nature.
SHORTEST = 20  # characters without spaces
LONGEST = 2_000  # characters that are compared; copies show long before
WIDTH = 3  # characters of one shingle

Shingles = Counter[str]


@dataclass(frozen=True)
class Text:
    """A text written about a requirement elsewhere, and where; `where` is blank if not to be named."""

    code: str
    text: str
    where: str


@dataclass(frozen=True)
class Alike:
    """A finding's text that is nearly that of another audit, in percent, and where that is."""

    code: str
    percent: int
    where: str


def shingles(text: str) -> Shingles:
    """Return the overlapping pieces of a text, without width, case and spaces; none when short."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())[:LONGEST]
    if len(plain) < SHORTEST:
        return Counter()
    return Counter(plain[at : at + WIDTH] for at in range(len(plain) - WIDTH + 1))


def likeness(one: Shingles, other: Shingles) -> int:
    """Return how alike two texts are, in percent (Dice's coefficient of their pieces), rounded down."""
    total = one.total() + other.total()
    return 200 * (one & other).total() // total if one and other else 0


def alike(texts: Mapping[str, str], others: Iterable[Text], percent: int) -> list[Alike]:
    """Return, for each text by code, the most alike other text of the same code from `percent` on."""
    pieces = {code: shingles(text) for code, text in texts.items()}
    best: dict[str, Alike] = {}
    for other in others:
        mine = pieces.get(other.code)
        if not mine:
            continue
        found = likeness(mine, shingles(other.text))
        if found >= percent and (other.code not in best or found > best[other.code].percent):
            best[other.code] = Alike(other.code, found, other.where)
    return [best[code] for code in texts if code in best]
