"""From the cells of one row to one supplier and site, and what contradicts inside a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from django.utils.translation import gettext as _

from suppliers.imports.dates import parse_date
from suppliers.imports.headers import Headings
from suppliers.imports.problems import BadValue, Problem, shown
from suppliers.imports.processes import parse_processes
from suppliers.imports.values import (
    clean_text,
    match_key,
    or_nothing,
    parse_corporate_number,
    parse_count,
    parse_kana,
    parse_name,
    parse_site_prefecture,
)

LONGEST_NAME = 200
LONGEST_ADDRESS = 300
LONGEST_OS_ID = 15

T = TypeVar("T")


@dataclass(frozen=True)
class SupplierRow:
    """One site and the supplier it belongs to, as a file tells them.

    `row` counts as the spreadsheet does. "", () and None mean that the file is silent;
    an import leaves alone what the file is silent about.
    """

    row: int
    name_ja: str
    site_ja: str
    prefecture: int
    corporate_number: str | None = None
    name_kana: str = ""
    name_en: str = ""
    site_en: str = ""
    address: str = ""
    processes: tuple[str, ...] = ()
    declared_workers: int | None = None
    established_on: date | None = None
    os_id: str = ""

    @property
    def supplier_key(self) -> tuple[str, ...]:
        """What makes two rows the same supplier: the number, else the name and prefecture."""
        if self.corporate_number:
            return (self.corporate_number,)
        return (match_key(self.name_ja), str(self.prefecture))


def parse_row(
    number: int, cells: Sequence[object], headings: Headings
) -> tuple[SupplierRow | None, list[Problem]]:
    """Return the row, or None with every reason why not."""
    problems: list[Problem] = []

    def read(column: str, parse: Callable[[object], T], fallback: T) -> T:
        place = headings.places.get(column, len(cells))
        value = cells[place] if place < len(cells) else None
        try:
            clean_text(value)  # refuses the error values of a spreadsheet in every column
            return parse(value)
        except BadValue as error:
            problems.append(Problem(number, headings.title(column), shown(value), str(error)))
            return fallback

    name = partial(parse_name, longest=LONGEST_NAME)
    text = partial(_optional_text, longest=LONGEST_NAME)
    address = read("address", partial(_optional_text, longest=LONGEST_ADDRESS), "")
    row = SupplierRow(
        row=number,
        corporate_number=read("corporate_number", parse_corporate_number, None),
        name_ja=read("name_ja", name, ""),
        name_kana=read("name_kana", partial(parse_kana, longest=LONGEST_NAME), ""),
        name_en=read("name_en", text, ""),
        site_ja=read("site_ja", name, ""),
        site_en=read("site_en", text, ""),
        prefecture=read("prefecture", partial(parse_site_prefecture, address=address), 0),
        address=address,
        processes=read("processes", parse_processes, ()),
        declared_workers=read("declared_workers", parse_count, None),
        established_on=read("established_on", parse_date, None),
        os_id=read("os_id", partial(_optional_text, longest=LONGEST_OS_ID), ""),
    )
    return (None if problems else row), problems


def _optional_text(value: object, *, longest: int) -> str:
    return or_nothing(clean_text(value, longest=longest))


class Consistency:
    """Remembers the rows of one file and finds those that repeat or contradict an earlier one."""

    def __init__(self, headings: Headings) -> None:
        self.headings = headings
        self.suppliers: dict[tuple[str, ...], SupplierRow] = {}
        self.sites: dict[tuple[tuple[str, ...], str], int] = {}

    def check(self, row: SupplierRow) -> list[Problem]:
        """Return what is wrong between this row and earlier ones; a good row is remembered."""
        first = self.suppliers.get(row.supplier_key)
        problems = self._contradictions(row, first) if first else []
        site = (row.supplier_key, match_key(row.site_ja))
        if site in self.sites:
            problems.append(
                self._problem(
                    row,
                    "site_ja",
                    row.site_ja,
                    _(
                        "This site of this supplier stands already in row %(row)d. "
                        "Remove one of the two rows."
                    )
                    % {"row": self.sites[site]},
                )
            )
        if not problems:
            self.suppliers.setdefault(row.supplier_key, row)
            self.sites[site] = row.row
        return problems

    def _contradictions(self, row: SupplierRow, first: SupplierRow) -> list[Problem]:
        problems = []
        if match_key(row.name_ja) != match_key(first.name_ja):
            problems.append(
                self._problem(
                    row,
                    "name_ja",
                    row.name_ja,
                    _(
                        "Row %(row)d gives the name “%(name)s” to the same corporate number. "
                        "Mend the name or the number."
                    )
                    % {"row": first.row, "name": first.name_ja},
                )
            )
        for column in ("name_kana", "name_en", "established_on"):
            here, there = getattr(row, column), getattr(first, column)
            if here and there and here != there:
                problems.append(
                    self._problem(
                        row,
                        column,
                        str(here),
                        _("Row %(row)d says “%(value)s” about the same supplier. Mend one of them.")
                        % {"row": first.row, "value": there},
                    )
                )
        return problems

    def _problem(self, row: SupplierRow, column: str, value: str, reason: str) -> Problem:
        return Problem(row.row, self.headings.title(column), shown(value), reason)
