"""Writing a version as a workbook that people edit and upload again."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import TYPE_CHECKING

import xlsxwriter

from audits.standards.catalogue import CATEGORIES, CLAUSES, REQUIREMENTS
from audits.standards.headings import COLUMNS, SHEETS, WORDS, label_of
from ui.language import active_language

if TYPE_CHECKING:
    from audits.standards.contents import Contents

# Room for rows that people add below.
SPARE_ROWS = 200
# A hidden sheet for the lists to choose from: they are longer than a cell's rule may be.
LISTS = "lists"


def write_workbook(contents: Contents | None) -> bytes:
    """Return an .xlsx with the sheets of a catalogue in the active language; empty without contents.

    Every cell is text, so that a program does not turn the code 5-7 into a date.
    """
    place = int(active_language() == "en")
    rows = {
        CATEGORIES: [asdict(row) for row in contents.categories] if contents else [],
        REQUIREMENTS: [asdict(row) for row in contents.requirements] if contents else [],
        CLAUSES: [asdict(row) for row in contents.clauses] if contents else [],
    }
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        sources = {
            name: f"={LISTS}!${letter}$1:${letter}${len(words)}"
            for letter, (name, words) in zip("ABC", WORDS.items(), strict=True)
        }
        for sheet, names in SHEETS.items():
            page = book.add_worksheet(names[place])
            page.freeze_panes(1, 1)
            last = len(rows[sheet]) + SPARE_ROWS
            for index, column in enumerate(COLUMNS[sheet]):
                page.set_column(index, index, column.width, text)
                page.write_string(0, index, (column.ja, column.en)[place], bold)
                if column.name in WORDS:
                    rule = {"validate": "list", "source": sources[column.name]}
                    page.data_validation(1, index, last, index, rule)
                for number, row in enumerate(rows[sheet], start=1):
                    value = label_of(column.name, str(row[column.name]))
                    page.write_string(number, index, value, text)
        lists = book.add_worksheet(LISTS)
        for index, words in enumerate(WORDS.values()):
            for number, (_value, label) in enumerate(words.choices):
                lists.write_string(number, index, str(label))
        lists.hide()
    return out.getvalue()
