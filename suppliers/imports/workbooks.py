"""Reading .xlsx files that strangers send: only values, and never more than fits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from suppliers.imports.headers import (
    LOOKED_THROUGH,
    MOST_COLUMNS,
    SUPPLIERS,
    Columns,
    Headings,
    find_headings,
)
from suppliers.imports.problems import FileRefused

MOST_PARTS = 500
MOST_UNPACKED = 150 * 1024 * 1024
# Deflate cannot do better than about 1,030 : 1; honest sheets of 10,000 rows pack 5 to 25 : 1.
HIGHEST_RATIO = 150
RATIO_MATTERS_FROM = 4 * 1024 * 1024
# What the format allows (ISO/IEC 29500-2): no spreadsheet program packs in another way.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

Row = tuple[object, ...]


def read_workbook(
    content: bytes, columns: Columns = SUPPLIERS
) -> tuple[Headings | None, Iterator[Row]]:
    """Return the headings and all rows (from row 1, gaps filled) of the sheet that has them.

    The visible sheet with most of our headings is taken, the first one when none has any.
    Formulas count with the value that the spreadsheet saved. Raises FileRefused.
    """
    check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        found: list[tuple[Headings | None, int]] = [
            (find_headings(_rows(book, index, LOOKED_THROUGH), columns), index)
            for index, sheet in enumerate(book.worksheets)
            if sheet in sheets
        ]
    except BROKEN as error:
        raise refuse_broken() from error
    if not found:
        raise FileRefused(_("The file holds no visible sheet. Save it with the list visible."))
    headings, index = max(found, key=lambda pair: len(pair[0].places) if pair[0] else 0)
    return headings, _guarded(_rows(book, index, None))


# What openpyxl lets through when parts are missing, cut off or not what they say.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


def _rows(book: Workbook, index: int, most: int | None) -> Iterator[Row]:
    sheet = book.worksheets[index]
    # The size that a file states may be wrong; without it openpyxl counts by itself.
    sheet.reset_dimensions()
    return sheet.iter_rows(max_row=most, max_col=MOST_COLUMNS, values_only=True)


def _guarded(rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except BROKEN as error:
        raise refuse_broken() from error


def check_archive(content: bytes) -> None:
    """Refuse a zip that is no workbook, holds macros, or would unpack to something huge."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise FileRefused(_too_large())
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or (
                unpacked > RATIO_MATTERS_FROM and unpacked > HIGHEST_RATIO * len(content)
            ):
                raise FileRefused(_too_large())
            if not all(part.compress_type in PACKED for part in parts):
                raise refuse_broken()
            names = {part.filename.casefold() for part in parts}
            if "xl/workbook.xml" not in names and "[content_types].xml" not in names:
                raise refuse_broken()
            if any(name.endswith("vbaproject.bin") for name in names):
                raise FileRefused(
                    _("The workbook holds macros. Save it as a plain .xlsx workbook and try again.")
                )
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        # A workbook never declares document types; bombs of entities do.
                        if b"<!DOCTYPE" in stream.read(4096).upper():
                            raise refuse_broken()
    except BROKEN as error:
        raise refuse_broken() from error


def refuse_broken() -> FileRefused:
    """Return the refusal of a workbook that cannot be read."""
    return FileRefused(
        _(
            "The workbook cannot be read: it is damaged, protected by a password, or no .xlsx file. "
            "Open it in the spreadsheet program, save it as .xlsx and try again."
        )
    )


def _too_large() -> str:
    return _(
        "The workbook unpacks to an implausible size and was not opened. "
        "Copy the list into a new workbook and try again."
    )
