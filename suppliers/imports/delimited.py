"""Reading .csv files from Excel, from Japanese office systems and from elsewhere."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from suppliers.imports.headers import (
    LOOKED_THROUGH,
    MOST_COLUMNS,
    SUPPLIERS,
    Columns,
    Headings,
    find_headings,
)
from suppliers.imports.problems import FileRefused

DELIMITERS = (",", "\t", ";")
# The most that a cell of Excel holds.
LONGEST_CELL = 32_767
# Of all the cells of a row together; less than the 131,072 at which the csv module gives up.
LONGEST_LINE = 100_000
# In so many characters the headings stand. More of a file is read once only, not for every
# encoding and delimiter.
HEAD = 300_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Record = tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """A text file as it is best understood: how well, its first records, and all of them."""

    known: int
    first: list[Record]
    records: Iterator[Record]


def read_delimited(
    content: bytes, columns: Columns = SUPPLIERS
) -> tuple[Headings | None, Iterator[Record]]:
    """Return the headings and all records of a text file, whatever its encoding and delimiter.

    Raises FileRefused.
    """

    def known(records: Sequence[Record]) -> int:
        found = find_headings(records, columns)
        return len(found.places) if found else 0

    best = best_reading(content, known)
    headings = find_headings(best.first, columns)
    if headings is None and b"\0" in content:
        raise FileRefused(_undecodable())  # some bytes that happen to be valid UTF-16
    return headings, best.records


def best_reading(content: bytes, known: Callable[[Sequence[Record]], int]) -> Reading:
    """Return the reading under which `known` counts most headings in the first thirty records.

    A byte-order mark decides the encoding; without one every encoding that fits is tried together
    with each delimiter. Raises FileRefused, also while the records are gone through.
    """
    best: Reading | None = None
    for text in _decodings(content):
        for delimiter in DELIMITERS:
            first = _look(text, delimiter)
            count = known(first)
            if best is None or count > best.known:
                best = Reading(count, first, _records(text, delimiter))
    if best is None:
        raise FileRefused(_undecodable())
    return best


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


def _look(text: str, delimiter: str) -> list[Record]:
    seen: list[Record] = []
    # What is broken below the headings is told with its row when the rows are read.
    with suppress(FileRefused):
        seen.extend(islice(_records(text[:HEAD], delimiter), LOOKED_THROUGH))
    return seen


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Give each record; raises FileRefused at quotation marks that do not match, and what is too long."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRefused(_unclosed(number, line), row=number) from error
        # Empty cells beyond are what some programs write after every row.
        if any(record[MOST_COLUMNS:]):
            raise FileRefused(_too_wide(number), row=number)
        for cell in record[:MOST_COLUMNS]:
            if len(cell) > LONGEST_CELL:
                # One that goes on over lines was most likely never meant to.
                unclosed = "\n" in cell or "\r" in cell
                reason = _unclosed(number, line) if unclosed else _too_long(line, LONGEST_CELL)
                raise FileRefused(reason, row=number)
        yield tuple(record[:MOST_COLUMNS])


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise FileRefused(_too_long(number, LONGEST_LINE), row=number)
        yield line


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


def _too_wide(number: int) -> str:
    return _(
        "Row %(row)d has more than %(most)d columns. Take away what is not of the list, "
        "and try again."
    ) % {"row": number, "most": MOST_COLUMNS}


def _too_long(line: int, most: int) -> str:
    return _(
        "Line %(line)d of the file, or a cell in it, has more than %(most)s characters. Shorten "
        "it, or save the list as .xlsx, and try again."
    ) % {"line": line, "most": f"{most:,}"}
