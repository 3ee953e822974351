"""Which requirement of an older version a requirement most likely follows, over plain data."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from audits.standards.terms import Relation

if TYPE_CHECKING:
    from audits.standards.contents import Contents, RequirementRow

# From this likeness on (0 to 1) another wording is taken for the same requirement; measured on the
# shipped catalogue, where the most alike two different requirements have 0.45.
ALIKE = 0.7
# From this likeness on only the wording differs.
REWORDED = 0.9


@dataclass(frozen=True, slots=True)
class Match:
    """The requirement `code` follows `previous` ("" when it is new) in the way of `relation`."""

    code: str
    relation: str
    previous: str


def match_requirements(old: Contents, new: Contents) -> list[Match]:
    """Return a match for every requirement of `new`, in its order; each old one is taken once.

    The same text is followed even under another code; then the same code counts; then likeness.
    """
    olds, news = _Side(old), _Side(new)
    free = dict(olds.rows)
    found: dict[str, str] = {}
    for code in news.rows:
        if code in free and olds.texts[code] == news.texts[code]:
            found[code] = code
            del free[code]
    for code in news.rows:
        same = [other for other in free if olds.texts[other] == news.texts[code]]
        if same and code not in found:
            found[code] = same[0]
            del free[same[0]]
    for code in news.rows:
        if code not in found and code in free:
            found[code] = code
            del free[code]
    for code in news.rows:
        if code in found:
            continue
        likeness, other = max(
            ((_likeness(olds.texts[row], news.texts[code]), row) for row in free), default=(0.0, "")
        )
        if likeness >= ALIKE:
            found[code] = other
            del free[other]
    return [
        Match(code, _relation(olds, found[code], news, code), found[code])
        if code in found
        else Match(code, Relation.NEW.value, "")
        for code in news.rows
    ]


class _Side:
    """One version by code: its requirements, their texts without form, and their clauses."""

    def __init__(self, contents: Contents) -> None:
        self.rows: dict[str, RequirementRow] = {row.code: row for row in contents.requirements}
        self.texts = {code: _bare(row.text_ja) for code, row in self.rows.items()}
        self.clauses: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for clause in contents.clauses:
            self.clauses[clause.requirement].append(
                (
                    clause.code.removeprefix(clause.requirement),
                    _bare(clause.text_ja),
                    clause.condition,
                )
            )


def _relation(olds: _Side, old: str, news: _Side, new: str) -> str:
    before, now = olds.rows[old], news.rows[new]
    if (before.severity, before.condition) != (now.severity, now.condition):
        return Relation.CHANGED.value
    if olds.texts[old] == news.texts[new] and olds.clauses[old] == news.clauses[new]:
        return Relation.UNCHANGED.value
    alike = _likeness(olds.texts[old], news.texts[new]) >= REWORDED
    same_clauses = [row[1:] for row in olds.clauses[old]] == [row[1:] for row in news.clauses[new]]
    return Relation.REWORDED.value if alike and same_clauses else Relation.CHANGED.value


def _bare(text: str) -> str:
    """Fold what changes no meaning away: width, blanks, marks of punctuation."""
    return re.sub(r"[\s、。,.・()()「」]", "", unicodedata.normalize("NFKC", text)).casefold()


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
