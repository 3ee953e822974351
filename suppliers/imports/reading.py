"""From an uploaded file to rows, problems and warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from suppliers.imports.delimited import read_delimited
from suppliers.imports.headers import SUPPLIERS, Columns, Headings, check_headings
from suppliers.imports.problems import FileRefused, Problem
from suppliers.imports.rows import Consistency, SupplierRow, parse_row
from suppliers.imports.workbooks import read_workbook

Row = TypeVar("Row")
LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_EMPTY_ROWS = 200_000
ENDINGS = (".xlsx", ".csv", ".tsv", ".txt")

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Parsed(Generic[Row]):
    """What a file says: good rows, every problem of the bad ones, and remarks that stop nothing."""

    headings: Headings
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        """How many rows have a problem."""
        return len({problem.row for problem in self.problems})


def read_suppliers(content: bytes, filename: str) -> Parsed[SupplierRow]:
    """Read a list of suppliers and sites from the bytes of an .xlsx or .csv file.

    What the bytes are decides, not the name's ending; the ending only has to be one that is
    accepted. Rows are counted as the spreadsheet program counts them, from 1. Sentences are in the
    active language. Raises FileRefused when no rows can be read; nothing is ever raised for one
    bad row.
    """
    headings, rows = read_list(content, filename, SUPPLIERS)
    parsed: Parsed[SupplierRow] = Parsed(headings, warnings=remarks(headings))
    consistency = Consistency(headings)
    for number, values in rows:
        row, problems = parse_row(number, values, headings)
        if row is not None:
            problems = consistency.check(row)
            if not problems:
                parsed.rows.append(row)
        parsed.problems.extend(problems)
    return parsed


def read_list(
    content: bytes, filename: str, columns: Columns
) -> tuple[Headings, Iterator[tuple[int, tuple[object, ...]]]]:
    """Return the headings of any list, and the rows below them with their numbers.

    Raises FileRefused, also while the rows are gone through: when there are none, or too many.
    """
    check_file(len(content), filename)
    found, cells = _open(content, columns)
    headings = check_headings(found, columns)
    return headings, _counted(headings, cells)


def _counted(
    headings: Headings, cells: Iterator[tuple[object, ...]]
) -> Iterator[tuple[int, tuple[object, ...]]]:
    read = 0
    for number, values in _below(headings, cells):
        read += 1
        most = headings.columns.most_rows or MOST_ROWS
        if read > most:
            raise FileRefused(_too_many(most), row=number)
        yield number, values
    if not read:
        raise FileRefused(
            _("There are no rows below the headings. Write one row for each entry."),
            row=headings.row,
        )


def _open(content: bytes, columns: Columns) -> tuple[Headings | None, Iterator[tuple[object, ...]]]:
    if content.startswith(_OLE):
        raise FileRefused(
            _(
                "The file is protected by a password or in the old .xls format. "
                "Save it as .xlsx without a password and try again."
            )
        )
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return read_workbook(content, columns)
    return read_delimited(content, columns)


def _below(
    headings: Headings, cells: Iterator[tuple[object, ...]]
) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Give the rows below the headings that hold anything, with their numbers."""
    empty = 0
    for number, values in enumerate(cells, start=1):
        if any(value is not None and str(value).strip() for value in values):
            if number > headings.row:
                yield number, values
            continue
        empty += 1
        if empty > MOST_EMPTY_ROWS:
            raise FileRefused(_too_many(MOST_ROWS), row=number)


def check_file(size: int, filename: str) -> None:
    """Refuse by size and ending, before anything is read; raises FileRefused."""
    if PurePath(filename).suffix.casefold() not in ENDINGS:
        raise FileRefused(
            _("Only .xlsx and .csv files can be read. Save the list in one of these formats.")
        )
    if size == 0:
        raise FileRefused(_("The file is empty. Choose the file that holds the list."))
    if size > LARGEST_FILE:
        raise FileRefused(
            _(
                "The file is larger than %(most)d MB. Remove pictures and other sheets, "
                "or divide the list, and try again."
            )
            % {"most": LARGEST_FILE // 1024 // 1024}
        )


def remarks(headings: Headings) -> list[str]:
    """Return a sentence about each column that nothing is done with."""
    return [
        _("The column “%(heading)s” is not known here and was left out.") % {"heading": heading}
        for heading in headings.unknown
    ]


def _too_many(most: int) -> str:
    return _(
        "The list has more than %(most)d rows. Divide it into several files and import each."
    ) % {"most": most}
