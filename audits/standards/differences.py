"""What differs between two versions of the standard, down to the words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audits.standards.contents import ClauseRow, Contents, RequirementRow

# Texts in the order in which people read them; then the facts that audits depend on.
TEXTS = (
    "title_ja",
    "text_ja",
    "title_en",
    "text_en",
    "guidance_ja",
    "guidance_en",
    "evidence_hint_ja",
    "evidence_hint_en",
    "legal_basis",
)
FACTS = ("severity", "condition", "provenance", "category", "subcategory")
# Between two changes a rest of up to so many pieces is taken for changed as well: confetti cannot
# be read.
CRUMB = 2

# Words of Latin letters and katakana stay whole, kanji and hiragana are compared one by one.
_PIECES = re.compile(r"[A-Za-z0-9'’-]+|[ァ-ヶー]+|\s+|.", re.DOTALL)


class Piece(NamedTuple):
    """Some text that was kept ("same"), came in ("ins") or was dropped ("del")."""

    kind: str
    text: str


class Change(NamedTuple):
    """One text or fact that differs; a fact has `old` and `new` only."""

    name: str
    old: str
    new: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What became of one requirement; `kind` is added, dropped, changed or same."""

    code: str
    kind: str
    category: int
    title: str
    title_en: str
    changes: tuple[Change, ...] = ()
    clauses: tuple[Change, ...] = ()

    @property
    def facts(self) -> tuple[Change, ...]:
        """The changed severity, condition and the like."""
        return tuple(change for change in self.changes if change.name in FACTS)

    @property
    def texts(self) -> tuple[Change, ...]:
        """The changed texts."""
        return tuple(change for change in self.changes if change.name not in FACTS)


def differences(
    old: Sequence[RequirementRow],
    new: Sequence[RequirementRow],
    old_clauses: Iterable[ClauseRow] = (),
    new_clauses: Iterable[ClauseRow] = (),
) -> list[Difference]:
    """Compare requirement by requirement of the same code; new ones in their order, then dropped ones."""
    before = {row.code: row for row in old}
    now = {row.code: row for row in new}
    clauses_before, clauses_now = _grouped(old_clauses), _grouped(new_clauses)
    found = []
    for code, row in now.items():
        if code not in before:
            kind, changes = "added", _changes(None, row)
        else:
            kind, changes = "changed", _changes(before[code], row)
        clauses = _clause_changes(clauses_before.get(code, {}), clauses_now.get(code, {}))
        if kind == "changed" and not changes and not clauses:
            kind = "same"
        found.append(
            Difference(code, kind, row.category, row.title_ja, row.title_en, changes, clauses)
        )
    for code, row in before.items():
        if code not in now:
            found.append(
                Difference(
                    code,
                    "dropped",
                    row.category,
                    row.title_ja,
                    row.title_en,
                    _changes(row, None),
                    _clause_changes(clauses_before.get(code, {}), {}),
                )
            )
    return found


def between(old: Contents | None, new: Contents) -> list[Difference]:
    """Compare two whole versions; without an old one everything is added."""
    return differences(
        old.requirements if old else (),
        new.requirements,
        old.clauses if old else (),
        new.clauses,
    )


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Return the way from one text to the other in pieces, neighbours of a kind joined."""
    before, now = _PIECES.findall(old), _PIECES.findall(new)
    steps = SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    found: list[Piece] = []
    gone, come = "", ""
    for place, (step, start, end, new_start, new_end) in enumerate(steps):
        crumb = step == "equal" and end - start <= CRUMB and 0 < place < len(steps) - 1
        if step == "equal" and not crumb:
            found += _flushed(gone, come)
            gone, come = "", ""
            found.append(Piece("same", "".join(before[start:end])))
        else:
            gone += "".join(before[start:end])
            come += "".join(now[new_start:new_end])
    return tuple(found + _flushed(gone, come))


def _flushed(gone: str, come: str) -> list[Piece]:
    return [piece for piece in (Piece("del", gone), Piece("ins", come)) if piece.text]


def _changes(old: RequirementRow | None, new: RequirementRow | None) -> tuple[Change, ...]:
    found = []
    for name in (*TEXTS, *FACTS):
        before = str(getattr(old, name)) if old else ""
        now = str(getattr(new, name)) if new else ""
        if before != now:
            found.append(Change(name, before, now, () if name in FACTS else pieces(before, now)))
    return tuple(found)


def _grouped(clauses: Iterable[ClauseRow]) -> dict[str, dict[str, ClauseRow]]:
    found: dict[str, dict[str, ClauseRow]] = {}
    for clause in clauses:
        found.setdefault(clause.requirement, {})[clause.code] = clause
    return found


def _clause_changes(old: dict[str, ClauseRow], new: dict[str, ClauseRow]) -> tuple[Change, ...]:
    found = []
    for code in dict.fromkeys((*old, *new)):
        before, now = old.get(code), new.get(code)
        texts = (before.text_ja if before else "", now.text_ja if now else "")
        facts = tuple((row.condition, row.text_en) if row else ("", "") for row in (before, now))
        if texts[0] != texts[1] or facts[0] != facts[1]:
            found.append(Change(code, *texts, pieces(*texts)))
    return tuple(found)
