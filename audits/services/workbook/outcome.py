"""What taking a workbook over would do: changes, conflicts, cells that cannot be taken."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from audits.models import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping


MINE, STORED = "mine", "stored"


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be taken over: its address and a sentence."""

    address: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """One field that a workbook changes; `conflict` when it was changed here meanwhile too."""

    code: str
    name: str
    address: str
    stored: Any
    mine: Any
    conflict: bool = False

    @property
    def key(self) -> str:
        """Return the name under which a conflict is settled."""
        return f"{self.code}:{self.name}"


@dataclass
class Row:
    """What a workbook changes in one finding."""

    finding: Finding
    changes: list[Change]

    def settled(self, picks: Mapping[str, str]) -> dict[str, Any]:
        """Return the fields to be written, conflicts settled as picked."""
        return {
            change.name: change.mine
            for change in self.changes
            if not change.conflict or picks.get(change.key) == MINE
        }


@dataclass
class Outcome:
    """What taking a workbook over would do."""

    rows: list[Row] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Change]:
        """Return what both sides changed."""
        return [change for row in self.rows for change in row.changes if change.conflict]

    @property
    def seal(self) -> str:
        """Return a fingerprint of what is shown, to notice that something changed meanwhile."""
        shown = [
            [row.finding.version, [asdict(change) for change in row.changes]] for row in self.rows
        ]
        text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
