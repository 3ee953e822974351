"""Reading the rows of an uploaded workbook or CSV file of the standard, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from audits.standards.catalogue import CATEGORIES, CLAUSES, REQUIREMENTS
from audits.standards.headings import (
    COLUMNS,
    column_of,
    fold,
    sheet_names,
    title_of,
    understood,
    value_of,
)
from audits.standards.problems import Problem, because
from audits.standards.sheets import Line
from suppliers.imports.delimited import best_reading
from suppliers.imports.headers import MOST_COLUMNS
from suppliers.imports.problems import FileRefused
from suppliers.imports.reading import check_file
from suppliers.imports.workbooks import BROKEN, check_archive, refuse_broken

# What nobody sees, and PostgreSQL in part refuses to keep; tabs and ends of lines are seen.
_UNSEEN = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n\r"}
# Title rows may stand above the headings.
LOOKED_THROUGH = 10
MOST_ROWS = 2_000
_ZIP = b"PK\x03\x04"

Row = Sequence[object]


@dataclass
class Sheet:
    """One sheet as it was found: its name, headings by column as written, and its lines."""

    title: str
    headings: dict[str, str]
    lines: list[Line]


@dataclass
class Upload:
    """What a file holds, by sheet of the catalogue; problems of its form and remarks."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_upload(content: bytes, filename: str) -> Upload:
    """Read a workbook with the sheets of a catalogue, or a CSV file of requirements.

    Raises FileRefused when no requirements can be read from it.
    """
    check_file(len(content), filename)
    upload = Upload()
    found = _workbook(content) if content.startswith(_ZIP) else {"": _text(content)}
    for title, rows in found.items():
        # Any name will do for a sheet whose headings say what it is.
        sheet = (sheet_names().get(fold(title)) or _guess(rows)) if title else REQUIREMENTS
        if sheet is None or sheet in upload.sheets:
            upload.remarks.append(
                _("The sheet “%(title)s” is not one of ours and was left out.") % {"title": title}
            )
            continue
        _read(sheet, title or title_of(sheet), rows, upload)
    if REQUIREMENTS not in upload.sheets and not upload.problems:
        raise FileRefused(
            _(
                "No sheet of requirements was found. Name it “%(name)s” and put the headings "
                "of the template above the rows."
            )
            % {"name": title_of(REQUIREMENTS)}
        )
    return upload


def _guess(rows: Sequence[Row]) -> str | None:
    best = max(
        ((max((understood(sheet, row) for row in rows[:LOOKED_THROUGH]), default=0), sheet))
        for sheet in (CATEGORIES, CLAUSES, REQUIREMENTS)
    )
    return best[1] if best[0] >= 3 else None


def _read(sheet: str, title: str, rows: Sequence[Row], upload: Upload) -> None:
    count, place = max(
        ((understood(sheet, row), -number) for number, row in enumerate(rows[:LOOKED_THROUGH])),
        default=(0, 0),
    )
    top = -place
    if count < 2:
        reason = because(_("No row of headings was found. Take them from the template."))
        upload.problems.append(Problem(title, None, "", reason))
        return
    places, headings = _headings(sheet, title, top, rows[top], upload)
    for column in COLUMNS[sheet]:
        if column.needed and column.name not in places:
            reason = because(_("The column is missing."))
            upload.problems.append(Problem(title, top + 1, column.heading, reason))
    lines = []
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        cells = {name: _cell(row, index) for name, index in places.items()}
        if not any(cells.values()):
            continue
        code = places.get("code")
        if code is not None and code < len(row) and isinstance(row[code], date):
            reason = because(
                _(
                    "The spreadsheet program turned the code into a date. Format the column as "
                    "text and type the code again."
                )
            )
            upload.problems.append(Problem(title, number, headings["code"], reason))
            continue
        lines.append(Line(number, {name: value_of(name, text) for name, text in cells.items()}))
    upload.sheets[sheet] = Sheet(title, headings, lines)


def _headings(
    sheet: str, title: str, top: int, row: Row, upload: Upload
) -> tuple[dict[str, int], dict[str, str]]:
    places: dict[str, int] = {}
    headings: dict[str, str] = {}
    for index, cell in enumerate(row):
        text = "" if cell is None else str(cell).strip()
        name = column_of(sheet, cell)
        if name and name in places:
            reason = because(_("The column occurs more than once."))
            upload.problems.append(Problem(title, top + 1, text, reason))
        elif name:
            places[name], headings[name] = index, text
        elif text:
            upload.remarks.append(
                _("The column “%(heading)s” is not known here and was left out.")
                % {"heading": text[:80]}
            )
    return places, headings


def _cell(row: Row, index: int) -> str:
    value = row[index] if index < len(row) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).translate(_UNSEEN)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _workbook(content: bytes) -> dict[str, list[Row]]:
    check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        found: dict[str, list[Row]] = {}
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            found[sheet.title] = _bounded(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except BROKEN as error:
        raise refuse_broken() from error
    return found


def _text(content: bytes) -> list[Row]:
    """Return the rows of a CSV file as most headings of requirements are understood in them."""
    best = best_reading(
        content,
        lambda records: max(
            (understood(REQUIREMENTS, record) for record in records[:LOOKED_THROUGH]), default=0
        ),
    )
    if best.known < 2:
        raise FileRefused(
            _(
                "The file cannot be read as a list of requirements. Save it as .xlsx or as CSV "
                "UTF-8, with the headings of the template above the rows."
            )
        )
    return _bounded(best.records)


def _bounded(rows: Iterable[Row]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        found.append(row)
        if len(found) > MOST_ROWS:
            raise FileRefused(
                _("A sheet has more than %(most)d rows. Remove what is no row of the standard.")
                % {"most": MOST_ROWS}
            )
    return found
