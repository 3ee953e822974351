"""Reading .csv files from Excel, from Japanese office systems and from elsewhere."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from django.utils.translation import gettext as _

from suppliers.imports.headers import (
    LOOKED_THROUGH,
    SUPPLIERS,
    Columns,
    Headings,
    find_headings,
)
from suppliers.imports.problems import FileRefused

DELIMITERS = (",", "\t", ";")
LONGEST_CELL = 10_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(
    content: bytes, columns: Columns = SUPPLIERS
) -> tuple[Headings | None, Iterator[tuple[str, ...]]]:
    """Return the headings and all records of a text file, whatever its encoding and delimiter.

    A byte-order mark decides the encoding; without one every encoding that fits is tried together
    with each delimiter, and the pair under which most headings are understood is taken.
    Raises FileRefused.
    """
    texts = list(_decodings(content))
    if not texts:
        raise FileRefused(_undecodable())
    readings = [
        (_look(text, delimiter, columns), text, delimiter)
        for text in texts
        for delimiter in DELIMITERS
    ]
    headings, text, delimiter = max(
        readings, key=lambda reading: len(reading[0].places) if reading[0] else 0
    )
    if headings is None and b"\0" in content:
        raise FileRefused(_undecodable())  # some bytes that happen to be valid UTF-16
    return headings, _records(text, delimiter)


def _decodings(content: bytes) -> Iterator[str]:
    encodings = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    candidates: tuple[str, ...] = (encodings,) if encodings else ("utf-8", "cp932", "euc_jp")
    if not encodings and b"\0" in content:
        # Text without a mark has zero bytes only as UTF-16, on every second place.
        candidates = ("utf-16-le", "utf-16-be")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            yield text


def _look(text: str, delimiter: str, columns: Columns) -> Headings | None:
    seen: list[tuple[str, ...]] = []
    # What is broken below the headings is told with its row when the rows are read.
    with suppress(FileRefused):
        seen.extend(islice(_records(text, delimiter), LOOKED_THROUGH))
    return find_headings(seen, columns)


def _records(text: str, delimiter: str) -> Iterator[tuple[str, ...]]:
    """Give each record; raises FileRefused at a quotation mark that does not close."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        line = reader.line_num + 1
        try:
            record = tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(_unclosed(number, line), row=number) from error
        if any(len(cell) > LONGEST_CELL for cell in record):
            raise FileRefused(_unclosed(number, line), row=number)
        yield record


def _undecodable() -> str:
    return _(
        "The character encoding of the file was not recognised. "
        "Save it as CSV UTF-8 or as .xlsx and try again."
    )


def _unclosed(number: int, line: int) -> str:
    return _(
        "The quotation marks in row %(row)d (line %(line)d of the file) do not match. Close or "
        "double them, or save the list as .xlsx, and try again."
    ) % {"row": number, "line": line}
