"""Workbooks of an audit: downloaded, filled in, held against the audit, taken over."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone
from openpyxl import load_workbook

from audits.models import Audit, Finding
from audits.services.fieldwork import FIELDS, save_finding
from audits.services.workbook.columns import FIRST, NAMES
from audits.services.workbook.merging import look, take_over
from audits.services.workbook.outcome import Outcome
from audits.services.workbook.reading import read_workbook
from audits.services.workbook.writing import write_workbook
from audits.standards.models import Clause
from tests.factories import Scheme


def download(audit: Audit, language: Any = "ja") -> bytes:
    clauses = Clause.objects.by_requirement(audit.standard_id)
    rows = list(audit.findings.in_order())
    return write_workbook(audit, rows, clauses, language=language, at=timezone.now())


class Sheet:
    """A downloaded workbook as a spreadsheet program has it open."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[1]
        self.places = {cell.value: cell.column for cell in self.sheet[NAMES] if cell.value}

    def row(self, code: str) -> int:
        column = self.places["code"]
        rows = range(FIRST, self.sheet.max_row + 1)
        return next(row for row in rows if self.sheet.cell(row, column).value == code)

    def put(self, code: str, **values: Any) -> Sheet:
        for name, value in values.items():
            self.sheet.cell(self.row(code), self.places[name]).value = value
        return self

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def seen(content: bytes, audit: Audit, scheme: Scheme, name: str = "audit.xlsx") -> Outcome:
    return look(actor=scheme.lead.user, audit=audit, filled=read_workbook(content, name))


def taken(content: bytes, audit: Audit, scheme: Scheme, **given: Any) -> list[str]:
    filled = read_workbook(content, "audit.xlsx")
    values: dict[str, Any] = {"seal": seen(content, audit, scheme).seal, "picks": {}}
    return take_over(actor=scheme.lead.user, audit=audit, filled=filled, **values | given)


def finding_of(audit: Audit, code: str) -> Finding:
    return audit.findings.select_related("requirement").get(requirement__code=code)


def save(scheme: Scheme, audit: Audit, code: str, **fields: Any) -> None:
    finding = finding_of(audit, code)
    save_finding(actor=scheme.member.user, finding=finding, version=finding.version, **fields)


def stored(audit: Audit) -> list[tuple[Any, ...]]:
    return list(audit.findings.order_by("pk").values_list("version", *FIELDS))
