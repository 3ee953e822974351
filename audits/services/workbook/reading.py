"""Reading a filled-in workbook that anybody may have changed: cells with their addresses."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from audits.services.workbook.columns import ANSWERS, COLUMNS, FIRST, NAMES, STAMP
from audits.services.workbook.stamps import Head, read_head
from suppliers.imports.problems import FileRefused
from suppliers.imports.reading import check_file
from suppliers.imports.workbooks import BROKEN, check_archive, refuse_broken

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ROWS = 500
MOST_COLUMNS = 40
ANSWERED = str | int | float | bool
DATED = date | time | timedelta


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; `wrong` says why it cannot be read as an answer."""

    address: str
    text: str
    wrong: str = ""


@dataclass
class Line:
    """One row: the code and stamp as found, and its answers by column."""

    number: int
    code: Cell
    stamp: str
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass
class Filled:
    """A workbook as it came: of which audit it says to be, its rows, and remarks."""

    head: Head
    sheet: str
    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_workbook(content: bytes, filename: str) -> Filled:
    """Read the sheet of answers, wherever its columns and rows were moved to.

    Raises FileRefused with a sentence when it is no workbook of ours; a cell that cannot be read
    is no reason for that, it carries its own sentence.
    """
    check_file(len(content), filename)
    if PurePath(filename).suffix.casefold() != ".xlsx" or not content.startswith(b"PK"):
        raise refuse_broken()
    check_archive(content)
    _check_links(content)
    try:
        # Formulas are wanted as such, to be refused: what they last gave may be anything.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}
    except BROKEN as error:
        raise refuse_broken() from error
    ours = {title: rows for title, rows in sheets.items() if _is_ours(rows)}
    if not ours:
        raise FileRefused(
            _(
                "This is no workbook of an audit: the hidden row with which it was downloaded is "
                "missing. Download it again and copy your answers into it."
            )
        )
    if len(ours) > 1:
        raise FileRefused(
            _("The sheet of answers is there twice. Delete the copy and upload the file again.")
        )
    ((title, rows),) = ours.items()
    return _read(title, rows)


def _check_links(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(name.casefold().startswith("xl/externallinks/") for name in archive.namelist()):
            raise FileRefused(
                _(
                    "The workbook is linked to other files. Break the links in the spreadsheet "
                    "program, or copy your answers into a newly downloaded workbook."
                )
            )


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        if number > MOST_ROWS:
            if any(cell.value is not None for cell in row):
                raise FileRefused(
                    _("The sheet has more than %(most)d rows. Take away what is not of the audit.")
                    % {"most": MOST_ROWS}
                )
            if number > MOST_ROWS * 20:
                return
            continue
        yield row


def _is_ours(rows: list[tuple[Any, ...]]) -> bool:
    names = {cell.value for cell in rows[NAMES - 1]} if rows else set()
    return {"code", STAMP} <= names


def _read(title: str, rows: list[tuple[Any, ...]]) -> Filled:
    names: dict[str, int] = {}
    head: Head | None = None
    for index, cell in enumerate(rows[NAMES - 1]):
        name = str(cell.value or "")
        if name in names:
            raise FileRefused(
                _("The column “%(name)s” is there twice. Delete the copy and upload again.")
                % {"name": _heading(rows, index)}
            )
        if name in ("code", STAMP, *ANSWERS):
            names[name] = index
        head = head or read_head(name)
    if head is None:
        raise FileRefused(
            _(
                "The hidden row of the workbook was changed, so that it cannot be told from which "
                "audit it is. Download it again and copy your answers into it."
            )
        )
    filled = Filled(head, title)
    for column in COLUMNS:
        if column.open and column.name not in names:
            filled.remarks.append(
                _("The column “%(name)s” is missing; what it would say stays as it is.")
                % {"name": column.heading("ja" if get_language() == "ja" else "en")}
            )
    for number, row in enumerate(rows[FIRST - 1 :], start=FIRST):
        cells = {name: _cell(row, index, number) for name, index in names.items()}
        code, stamp = cells.pop("code"), cells.pop(STAMP).text
        if stamp or code.text or any(cell.text or cell.wrong for cell in cells.values()):
            filled.lines.append(Line(number, code, stamp, cells))
    return filled


def _heading(rows: list[tuple[Any, ...]], index: int) -> str:
    value = rows[NAMES][index].value if len(rows) > NAMES and index < len(rows[NAMES]) else None
    return str(value or rows[NAMES - 1][index].value)[:80]


def _cell(row: tuple[Any, ...], index: int, number: int) -> Cell:
    address = f"{get_column_letter(index + 1)}{number}"
    found = row[index] if index < len(row) else None
    value = None if found is None else found.value
    if found is None or value is None:
        return Cell(address, "")
    if found.data_type == "f" or not isinstance(value, ANSWERED | DATED):
        return Cell(address, "", _("The cell holds a formula. Put its value there as text."))
    if found.data_type == "e":
        return Cell(address, "", _("The cell holds an error of the spreadsheet program. Clear it."))
    if isinstance(value, DATED):
        return Cell(
            address,
            "",
            _(
                "The spreadsheet program turned it into a date. Format the cell as text, type again."
            ),
        )
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Cell(address, str(value))
