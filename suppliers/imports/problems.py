"""What can be wrong with a file of suppliers, in words that say how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

SHOWN_LENGTH = 80


@dataclass(frozen=True)
class Problem:
    """One bad cell or row: the row as the spreadsheet counts it (from 1), the column's heading,
    what stood there, and a sentence in the language that was active while reading."""

    row: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, int | str]:
        """The four members in the form that the command and the pages print."""
        return asdict(self)


class BadValue(ValueError):  # noqa: N818  an answer to a person, not a failure
    """A cell that cannot be understood; the message is the sentence for the person."""


class FileRefused(Exception):  # noqa: N818  as above
    """A file from which no rows can be read at all; the message is the sentence for the person.

    `row` is where reading ended, or 0 when the whole file is meant.
    """

    def __init__(self, reason: str, *, row: int = 0, column: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.problem = Problem(row, column, value, reason)


def shown(value: object) -> str:
    """The text of a cell as an error shows it: one line, shortened, without control characters."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SHOWN_LENGTH else line[: SHOWN_LENGTH - 1] + "…"
