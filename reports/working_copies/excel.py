"""Findings as a workbook: the findings, the nonconformities with their plan, a summary."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _, pgettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.working_copies.contents import Action, Contents, Row
from ui.tables import FORMULA_STARTS

# On every Japanese Windows and Mac with Office, and with Latin letters of its own.
FONT = "Yu Gothic"
A4 = 9
# A cell holds 32,767 UTF-16 units, and a sign beyond the first plane takes two of them.
LONGEST = 16_000
# What a line of this font needs in points, and the most that a row can be.
LINE, HIGHEST = 17, 409
REASON_WIDTH = 90
# Room for more actions than the snapshot has: the rules for what people write reach so far.
SPARE_ROWS = 50
Value = str | date


@dataclass(frozen=True)
class Column:
    """A column: heading, width in characters, what stands in it, and what may be chosen in it.

    Without `value` it is empty, for those who go on working.
    """

    heading: str
    width: int
    value: Callable[[Row], Value] | None = None
    choices: Sequence[str] = ()
    is_day: bool = False


def write_excel(contents: Contents) -> bytes:
    """Return the .xlsx: the same contents give the same bytes.

    Everything is written as text, a number or a date; nothing becomes a formula or a link, and it
    stays text when somebody edits the cell.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "default_format_properties": {"font_name": FONT, "font_size": 10},
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": contents.title,
                "author": contents.author,
                "comments": contents.notice[0],
                "created": contents.made_at,
            }
        )
        _Book(book, contents).write()
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, contents: Contents) -> None:
        self.book, self.contents = book, contents
        # What a cell cannot hold, by code and heading; two sheets may say the same.
        self.rests: dict[tuple[str, str], str] = {}
        cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#d8d4c6"}
        head = cell | {"bold": True, "font_color": "#223a70", "valign": "vcenter"}
        self.head = self._format(head | {"bg_color": "#e6eaf4"})
        self.open_head = self._format(head | {"bg_color": "#fbf0d9"})
        self.text = self._format(cell)
        # With the sign that Excel itself sets before a text: it stays one when it is edited.
        self.guarded = self._format(cell | {"quote_prefix": True})
        self.day = self._format(cell | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.number = self._format(cell | {"num_format": "0", "align": "right"})
        self.notice = self._format({"bold": True, "font_color": "#b93431"})

    def _format(self, properties: dict[str, Any]) -> Format:
        # Without a scheme, which would put the theme's font in the place of the one named.
        font = {"font_name": FONT, "font_size": 10, "font_scheme": ""}
        return self.book.add_format(font | properties)

    def write(self) -> None:
        """Write the sheets in their order; one more where a text is longer than a cell."""
        self._table(_("Findings"), _finding_columns(), self.contents.rows)
        self._table(
            _("Nonconformities"), _action_columns(), self.contents.nonconforming, spare=SPARE_ROWS
        )
        self._summary()
        if self.rests:
            self._long_texts()

    def _sheet(self, name: str) -> Worksheet:
        """Return a new sheet that is printed on A4 landscape under the notice."""
        sheet: Worksheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_header(f"&L{self.contents.number} r{self.contents.revision}&R&A")
        sheet.set_footer(f"&L{_('Working copy')}&R&P / &N")
        return sheet

    def _table(
        self, name: str, columns: Sequence[Column], rows: Sequence[Row], *, spare: int = 0
    ) -> None:
        """Write a sheet with a row for each finding, under the notice and the headings."""
        sheet = self._sheet(name)
        sheet.write_string(0, 0, self.contents.notice[0], self.notice)
        last = max(len(rows), 1) + 1
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(
                1, index, column.heading, self.head if column.value else self.open_head
            )
            if column.choices:
                rule = {"validate": "list", "source": list(column.choices)}
                sheet.data_validation(2, index, last + spare, index, rule)
            elif column.is_day:
                days = {"validate": "date", "criteria": ">", "value": self.contents.issued_on}
                sheet.data_validation(2, index, last + spare, index, days)
        for place, row in enumerate(rows, start=2):
            values = [column.value(row) if column.value else "" for column in columns]
            for index, (column, value) in enumerate(zip(columns, values, strict=True)):
                self._cell(sheet, place, index, value, row.code, column)
            lines = max(
                _lines(value, column.width)
                for column, value in zip(columns, values, strict=True)
                if isinstance(value, str)
            )
            # Not every program makes rows as high as their texts.
            sheet.set_row(place, min(LINE * lines, HIGHEST))
        sheet.set_row(1, 2 * LINE)
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, last, len(columns) - 1)
        sheet.repeat_rows(1)
        sheet.repeat_columns(0)
        sheet.fit_to_pages(2, 0)
        # Codes such as 5-7 are neither dates nor numbers.
        sheet.ignore_errors({"two_digit_text_year": f"A3:A{last + 1}"})

    def _cell(
        self, sheet: Worksheet, row: int, index: int, value: Value, code: str, column: Column
    ) -> None:
        if isinstance(value, date):
            sheet.write_datetime(row, index, value, self.day)
        elif value:
            self._text(sheet, row, index, self._fitting(value, code, column.heading))
        else:
            sheet.write_blank(row, index, None, self.day if column.is_day else self.text)

    def _text(self, sheet: Worksheet, row: int, index: int, text: str) -> None:
        risky = text.startswith(FORMULA_STARTS) or text[0].isdigit()
        sheet.write_string(row, index, text, self.guarded if risky else self.text)

    def _fitting(self, text: str, code: str, heading: str) -> str:
        """Return what a cell holds of a text; the rest goes to the sheet for long texts."""
        if len(text) <= LONGEST:
            return text
        self.rests[code, heading] = text[LONGEST:]
        return text[:LONGEST] + "…\n" + _("[The text goes on in the sheet “Long texts”.]")

    def _long_texts(self) -> None:
        sheet = self._sheet(_("Long texts"))
        for index, (heading, width) in enumerate(
            ((_("Code"), 8), (_("Column"), 20), (_("Continued"), 120))
        ):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, heading, self.head)
        pieces = (
            (code, heading, rest[start : start + LONGEST])
            for (code, heading), rest in self.rests.items()
            for start in range(0, len(rest), LONGEST)
        )
        for row, piece in enumerate(pieces, start=1):
            for index, text in enumerate(piece):
                self._text(sheet, row, index, text)

    def _summary(self) -> None:
        """Write notice, facts, reasons of the grade and counts by category."""
        sheet = self._sheet(_("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, len(self.contents.count_heads) - 1, 11)
        place = 0
        for line in self.contents.notice:
            sheet.write_string(place, 0, line, self.notice)
            place += 1
        place += 1
        for name, value in self.contents.facts:
            sheet.write_string(place, 0, name, self.head)
            wide = self.day if isinstance(value, date) else self.text
            sheet.merge_range(place, 1, place, 6, "", wide)
            if isinstance(value, date):
                sheet.write_datetime(place, 1, value, self.day)
            elif value:
                self._text(sheet, place, 1, value)
            place += 1
        place += 1
        sheet.write_string(place, 0, _("Why this grade"), self.head)
        for number, reason in enumerate(self.contents.reasons, start=1):
            sheet.merge_range(place, 1, place, len(self.contents.count_heads) - 1, "", self.text)
            self._text(sheet, place, 1, self._fitting(reason, str(number), _("Why this grade")))
            # A joined cell never grows with its text.
            sheet.set_row(place, min(LINE * _lines(reason, REASON_WIDTH), HIGHEST))
            place += 1
        place += 1
        for index, heading in enumerate(self.contents.count_heads):
            sheet.write_string(place, index, heading, self.head)
        for counts in self.contents.counts:
            place += 1
            self._text(sheet, place, 0, counts.name)
            for index, number in enumerate(counts.numbers, start=1):
                sheet.write_number(place, index, number, self.number)
        sheet.fit_to_pages(1, 1)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; Japanese letters are twice as wide."""
    # A Japanese letter is three bytes in UTF-8, so that half of letters and bytes is the width.
    wide = [(len(line) + len(line.encode())) // 2 for line in text.split("\n")]
    return sum(max(1, -(-line // width)) for line in wide)


def _finding_columns() -> list[Column]:
    return [
        Column(_("Code"), 8, lambda row: row.code),
        Column(_("Category"), 18, lambda row: row.category),
        Column(_("Title"), 24, lambda row: row.title),
        Column(_("Requirement"), 48, lambda row: row.text),
        Column(_("Judgement"), 12, lambda row: row.judgement),
        Column(_("Severity"), 11, lambda row: row.severity),
        Column(_("Clauses not met"), 32, lambda row: row.clauses),
        Column(_("Methods"), 14, lambda row: row.methods),
        Column(_("Finding"), 56, lambda row: row.finding),
        Column(_("Reason"), 28, lambda row: row.reason),
        Column(_("Evidence"), 26, lambda row: row.evidence),
        Column(_("Legal basis"), 26, lambda row: row.legal_basis),
        Column(_("Wording of the requirements"), 12, lambda row: row.provenance),
        Column(_("Taken over from"), 22, lambda row: row.origin),
    ]


def _action_columns() -> list[Column]:
    def of(read: Callable[[Action], Value]) -> Callable[[Row], Value]:
        return lambda row: read(row.action) if row.action else ""

    return [
        Column(_("Code"), 8, lambda row: row.code),
        Column(_("Title"), 22, lambda row: row.title),
        Column(_("Severity"), 11, lambda row: row.severity),
        Column(_("Finding"), 42, lambda row: row.finding),
        Column(_("Repeat finding"), 18, of(lambda action: action.repeat)),
        Column(_("Root cause"), 30, of(lambda action: action.root_cause)),
        Column(_("Correction"), 30, of(lambda action: action.correction)),
        Column(_("Prevention"), 30, of(lambda action: action.prevention)),
        Column(_("Responsible"), 16, of(lambda action: action.responsible)),
        Column(_("Plan due"), 12, of(lambda action: action.plan_due), is_day=True),
        Column(_("To be closed by"), 12, of(lambda action: action.close_due), is_day=True),
        Column(_("Verification"), 14, of(lambda action: action.verification)),
        Column(_("Status at the issue"), 14, of(lambda action: action.status)),
        Column(_("Progress"), 12, choices=progress_words()),
        Column(_("What was done"), 34),
        Column(_("Carried out on"), 12, is_day=True),
        Column(_("Proved by"), 24),
        Column(pgettext("column to write in", "Remarks"), 24),
    ]


def progress_words() -> list[str]:
    """Return how far somebody's own work may be; it is not the status on record."""
    return [
        pgettext("own progress", "not begun"),
        pgettext("own progress", "under way"),
        pgettext("own progress", "done"),
        pgettext("own progress", "checked"),
    ]
