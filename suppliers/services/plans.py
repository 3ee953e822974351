"""What every import of a list works out before it writes, and what it says of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from suppliers.imports.problems import Problem

if TYPE_CHECKING:
    from suppliers.imports.reading import Parsed

Row = TypeVar("Row")
# Rows that are written, or looked for, with one query.
BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """What an import did, counted in rows (a row is a site), or why it did nothing.

    `skipped` are rows that changed nothing: bad rows that were left out, and sites that already
    stood as the row says. Nothing at all was done when `stopped`. `done` says in words, by row, what
    happens to each row, and `changed` are the rows that change something stored, where the kind of
    list tells that.
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    stopped: bool = False
    done: dict[int, str] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """The object that the command prints."""
        return {
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "errors": [problem.as_json() for problem in self.problems],
        }


class Plan(Generic[Row]):
    """What is to be written, worked out in memory against what is stored; subclasses judge the rows.

    A preview and an import make the same plan, so that the one shows what the other does.
    """

    def __init__(self, parsed: Parsed[Row]) -> None:
        self.parsed = parsed
        self.problems: list[Problem] = []
        self.done: dict[int, str] = {}
        self.changed_rows: set[int] = set()
        self.created = self.updated = self.unchanged = 0

    def all_problems(self) -> list[Problem]:
        """Return the problems inside the file and those with what is stored, by row."""
        return sorted([*self.parsed.problems, *self.problems], key=lambda each: each.row)

    def outcome(self) -> Outcome:
        """Return what is done once this is written."""
        problems = self.all_problems()
        return Outcome(
            created=self.created,
            updated=self.updated,
            skipped=self.unchanged + len({problem.row for problem in problems}),
            problems=problems,
            done=self.done,
            changed=self.changed_rows,
        )
