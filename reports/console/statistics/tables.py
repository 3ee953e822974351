"""A table that says what a picture shows: written on the page, or sent as a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, pgettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.utils.safestring import SafeString

    from ui.tables import Value

    Number = int | float | None


class Unit(Enum):
    """What a column counts in."""

    NUMBER = ""
    MEAN = "1"
    SHARE = "%"
    DAYS = "d"
    POINTS = "pt"
    WORDS = "w"


@dataclass(frozen=True, slots=True)
class Column:
    """A column after the first, which names the row."""

    label: str
    unit: Unit = Unit.NUMBER

    @property
    def heading(self) -> str:
        """Return the label for a file, where the unit does not stand beside the number."""
        return f"{self.label} (%)" if self.unit is Unit.SHARE else self.label


@dataclass(frozen=True, slots=True)
class Row:
    """A row; with too few sites `shown` is False, and no value leaves the server."""

    label: str
    values: Sequence[Number | str]
    url: str | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is how the address of its files calls it, `first` the heading of the rows' names."""

    name: str
    title: str
    first: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    @property
    def lines(self) -> Iterator[tuple[Row, list[str]]]:
        """Yield each row with its cells as they are read on a page."""
        for row in self.rows:
            pairs = zip(self.columns, row.values, strict=True)
            yield row, [written(v, c.unit) if row.shown else _("not shown") for c, v in pairs]

    @property
    def header(self) -> list[Value]:
        """Return the first line of a file."""
        return [self.first, *(column.heading for column in self.columns)]

    @property
    def filed(self) -> Iterator[list[Value]]:
        """Yield the other lines of a file: numbers as numbers, shares in percent."""
        for row in self.rows:
            pairs = zip(self.columns, row.values, strict=True)
            yield [
                row.label,
                *(_filed(v, c.unit) if row.shown else _("not shown") for c, v in pairs),
            ]


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawing, or several small ones by name, with the table that says the same."""

    drawing: SafeString | None
    table: Table
    hint: str = ""
    legend: SafeString | str = ""
    multiples: Sequence[tuple[str, SafeString]] = ()
    wide: bool = False


def written(value: Number | str, unit: Unit) -> str:
    """Return a value as it is read: 1,234 · 1.2 · 82.6 % · 12 days · +1.4 points."""
    match value, unit:
        case None, _unit:
            return "–"
        case str(), _unit:
            return value
        case _number, Unit.MEAN:
            return f"{value:,.1f}"
        case _number, Unit.SHARE:
            return f"{value * 100:.1f} %"
        case _number, Unit.DAYS:
            return pgettext("length", "%(days)s days") % {"days": f"{round(value, 1):g}"}
        case _number, Unit.POINTS:
            return pgettext("difference", "%(points)s points") % {"points": f"{value * 100:+.1f}"}
        case _:
            return f"{value:,}"


def _filed(value: Number | str, unit: Unit) -> Value:
    if isinstance(value, float):
        return round(value * 100 if unit in (Unit.SHARE, Unit.POINTS) else value, 1)
    return value
