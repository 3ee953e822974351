"""Reading the CSV files of a catalogue into rows, whatever spreadsheet program saved them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from audits.standards.problems import Problem, because


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number (the header is 1) and its cells by column, trimmed."""

    number: int
    cells: dict[str, str]


def read_text(path: Path) -> str | Problem:
    """The text of a file in UTF-8, with or without BOM, or the problem of reading it."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return Problem(path.name, None, "", because(_("The file is missing.")))
    except OSError:
        return Problem(path.name, None, "", because(_("The file cannot be read.")))
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        return Problem(path.name, row, "", because(_("The file is not in UTF-8.")))


def read_sheet(
    path: Path, *, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> tuple[list[Line] | None, list[Problem]]:
    """Read a CSV file in UTF-8, with or without BOM, with any line ends.

    Returns the lines that are not empty with the problems of their form, or None when the file as
    a whole cannot be used. Missing optional columns read as blank.
    """
    text = read_text(path)
    if isinstance(text, Problem):
        return None, [text]
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for row in reader:
            rows.append((start, [cell.strip() for cell in row]))
            start = reader.line_num + 1
    except csv.Error:
        reason = because(_("The row cannot be read: check its quotation marks."))
        return None, [Problem(path.name, start, "", reason)]
    if not rows:
        return None, [Problem(path.name, None, "", because(_("The file is empty.")))]
    header = rows[0][1]
    problems = _header_problems(path.name, header, columns, optional)
    if problems:
        return None, problems
    return _lines(path.name, header, rows[1:], dict.fromkeys(optional, ""))


def _lines(
    name: str, header: list[str], rows: list[tuple[int, list[str]]], blank: dict[str, str]
) -> tuple[list[Line], list[Problem]]:
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, row in rows:
        if not any(row):
            continue
        if len(row) != len(header):
            reason = because(
                _("The row has {found} cells, the header {expected}."),
                found=len(row),
                expected=len(header),
            )
            problems.append(Problem(name, number, "", reason))
            continue
        lines.append(Line(number, blank | dict(zip(header, row, strict=True))))
    return lines, problems


def _header_problems(
    name: str, header: list[str], columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[Problem]:
    problems = [
        Problem(name, 1, column, because(_("The column is missing.")))
        for column in columns
        if column not in header
    ]
    for column in dict.fromkeys(header):
        if column not in (*columns, *optional):
            problems.append(Problem(name, 1, column, because(_("The column is not known."))))
        elif header.count(column) > 1:
            problems.append(
                Problem(name, 1, column, because(_("The column occurs more than once.")))
            )
    return problems
