"""Writing an audit as a workbook: locked but for the answers, with lists to choose from."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils.translation import gettext as _, override

from audits.services.fieldwork import LONGEST
from audits.services.workbook.columns import (
    COLUMNS,
    FIRST,
    HEADINGS,
    NAMES,
    STAMP,
    TICK,
    WORDS,
    Column,
    WorkbookLanguage,
    clean,
    label_of,
)
from audits.services.workbook.stamps import write_head, write_stamp
from audits.terms import Judgement, Method, Severity
from ui.templatetags.ui import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from audits.models import Audit, Finding
    from audits.standards.models import Clause

SHEETS: dict[str, tuple[str, str]] = {
    "ja": ("使い方", "監査票"),
    "en": ("How to use", "Audit"),
    "both": ("使い方 How to", "監査票 Audit"),
}
# What can be done in a protected sheet besides filling in: making a row higher, a column wider.
FREEDOMS = {"format_rows": True, "format_columns": True, "autofilter": True}


def write_workbook(
    audit: Audit,
    findings: Sequence[Finding],
    clauses: Mapping[Any, Sequence[Clause]],
    *,
    language: WorkbookLanguage,
    at: datetime,
) -> bytes:
    """Return the .xlsx of an audit; `findings` in order, `clauses` by requirement.

    Every cell is text, so that no program turns the code 5-7 into a date or runs what begins
    with an equals sign.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        how, answers = SHEETS[language]
        _explain(book, how, audit, language, at)
        _Answers(book, answers, language).write(audit, findings, clauses)
    return out.getvalue()


def _explain(
    book: xlsxwriter.Workbook, name: str, audit: Audit, language: WorkbookLanguage, at: datetime
) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    lines: list[str] = []
    for one in ("ja", "en") if language == "both" else (language,):
        with override(one):
            lines += [
                f"{audit.number} {audit.site.supplier.name} {audit.site.name}",
                str(audit.pinned_standard),
                _("Downloaded at %(moment)s") % {"moment": moment(at)},
                "",
                _("Fill in the white cells of the next sheet; everything else is locked."),
                _("Choose judgement, severity and methods from the lists in the cells."),
                _("Separate several clauses by a comma, such as 5-7-1, 5-7-3."),
                _("Rows may be sorted or left out; what is left out stays as it is."),
                _(
                    "Upload the file on the page of the audit. You see every change before it is taken over."
                ),
                _(
                    "It holds working notes. Keep it as you keep the papers of the audit, and "
                    "delete it afterwards."
                ),
                "",
            ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    sheet.protect("", FREEDOMS)


class _Answers:
    """The sheet that is filled in."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, language: WorkbookLanguage) -> None:
        self.language = language
        self.columns = [column for column in COLUMNS if column.shown_in(language)]
        self.sheet = book.add_worksheet(name)
        self.sheet.activate()
        common = {
            "num_format": "@",
            "text_wrap": True,
            "valign": "top",
            "border": 1,
            "border_color": "#d8d4c6",
        }
        self.head = book.add_format(
            common
            | {
                "bold": True,
                "bg_color": "#e6eaf4",
                "font_color": "#223a70",
                "num_format": "General",
            }
        )
        self.fixed = book.add_format(common | {"bg_color": "#f4f1e8"})
        self.open = book.add_format(common | {"locked": False})

    def write(
        self, audit: Audit, findings: Sequence[Finding], clauses: Mapping[Any, Sequence[Clause]]
    ) -> None:
        """Write names, headings, one row for each finding, the lists, and lock the rest."""
        last = FIRST + len(findings) - 2
        for index, column in enumerate(self.columns):
            self.sheet.set_column(index, index, column.width)
            self.sheet.write_string(NAMES - 1, index, column.name)
            self.sheet.write_string(HEADINGS - 1, index, column.heading(self.language), self.head)
            if rule := _rule(column, self.language):
                self.sheet.data_validation(FIRST - 1, index, last, index, rule)
        place = len(self.columns)
        self.sheet.set_column(place, place, 2, None, {"hidden": True})
        self.sheet.write_string(NAMES - 1, place, STAMP)
        self.sheet.write_string(NAMES - 1, place + 1, write_head(audit))
        self.sheet.set_column(place + 1, place + 1, 2, None, {"hidden": True})
        for row, finding in enumerate(findings, start=FIRST - 1):
            cells = cells_of(finding, clauses.get(finding.requirement_id, ()), self.language)
            for index, column in enumerate(self.columns):
                form = self.open if column.open else self.fixed
                self.sheet.write_string(row, index, cells[column.name], form)
            self.sheet.write_string(row, place, write_stamp(audit, finding))
        self.sheet.set_row(NAMES - 1, None, None, {"hidden": True})
        self.sheet.set_row(HEADINGS - 1, 34)
        self.sheet.freeze_panes(FIRST - 1, 2)
        self.sheet.set_landscape()
        self.sheet.set_paper(8)  # A3
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(HEADINGS - 1)
        self.sheet.protect("", FREEDOMS)


def _rule(column: Column, language: WorkbookLanguage) -> dict[str, Any] | None:
    if column.name in WORDS:
        values = (Judgement if column.name == "judgement" else Severity).values
        return {
            "validate": "list",
            "source": [label_of(column.name, one, language) for one in values],
        }
    if column.name in Method.values:
        return {"validate": "list", "source": [TICK]}
    if column.open:
        return {"validate": "length", "criteria": "<=", "value": LONGEST}
    return None


def cells_of(
    finding: Finding, clauses: Iterable[Clause], language: WorkbookLanguage
) -> dict[str, str]:
    """Return what stands in each column of a finding's row."""
    requirement = finding.requirement
    return {
        "code": requirement.code,
        **{
            name: clean(getattr(requirement, name))
            for name in ("title_ja", "title_en", "text_ja", "text_en")
        },
        "clauses": "\n".join(f"{row.code} {_text(row, language)}" for row in clauses),
        **{name: label_of(name, getattr(finding, name), language) for name in WORDS},
        **{name: TICK if name in finding.methods else "" for name in Method.values},
        "clauses_not_met": ", ".join(finding.clauses_not_met),
        **{
            name: clean(getattr(finding, name))
            for name in ("report_text", "working_note", "reason")
        },
    }


def _text(clause: Clause, language: WorkbookLanguage) -> str:
    if language == "both":
        return " / ".join(filter(None, (clause.text_ja, clause.text_en)))
    return (clause.text_en if language == "en" else "") or clause.text_ja
