"""A filled-in workbook held against the findings.

Each field is held against two others: how it stood when the workbook was downloaded, and how it
stands now. What the person did not change is left alone; what both changed is a conflict. What a
finding may say is decided by `apply_fields`, as for cards and tablets.
"""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from audits.models import Audit, Finding
from audits.services.fieldwork import FIELDS, apply_fields
from audits.services.workbook.columns import (
    PLACES,
    TICKS,
    UNTICKED,
    WORDS,
    clean,
    value_of,
)
from audits.services.workbook.outcome import CellProblem, Change, Outcome, Row
from audits.services.workbook.reading import Cell, Filled, Line
from audits.services.workbook.stamps import Stamp, digest, read_stamp
from audits.standards.headings import fold
from audits.standards.models import Clause
from audits.terms import Judgement, Method

if TYPE_CHECKING:
    from collections.abc import Iterable


class Merge:
    """One workbook held against the findings, in a constant number of queries."""

    def __init__(self, audit: Audit, filled: Filled) -> None:
        self.audit, self.filled = audit, filled
        self.outcome = Outcome(remarks=list(filled.remarks))
        findings = audit.findings.in_order().select_related("changed_by")
        self.findings = {row.requirement.code: row for row in findings}
        self.clauses = Clause.objects.filter(requirement__standard=audit.standard_id).codes()
        seen: dict[str, int] = {}
        rows = {}
        for line in filled.lines:
            if (stamp := self._known(line, seen)) and (row := self._row(line, stamp)):
                rows[stamp.code] = row
        self.outcome.rows = [rows[code] for code in self.findings if code in rows]
        if missing := len(self.findings) - len(seen):
            self.outcome.remarks.append(
                _("%(count)d requirements are not in the file; they stay as they are.")
                % {"count": missing}
            )

    def _refuse(self, cell: Cell, code: str, sentence: str) -> None:
        self.outcome.problems.append(CellProblem(cell.address, code, sentence))

    def _known(self, line: Line, seen: dict[str, int]) -> Stamp | None:
        """Return the stamp of a row, or None after saying why it is left out."""
        code = line.code
        if not line.stamp:
            self._refuse(
                code,
                code.text,
                _("This row was added. Write into the rows that were downloaded."),
            )
            return None
        stamp = read_stamp(self.audit, line.stamp)
        if stamp is None or stamp.code not in self.findings:
            self._refuse(
                code,
                code.text,
                _("The hidden part of this row was changed or is of another audit."),
            )
            return None
        if code.text != stamp.code:
            self._refuse(
                code,
                stamp.code,
                _("This row is of %(code)s, but another code stands there. Put it back.")
                % {"code": stamp.code},
            )
            seen.setdefault(stamp.code, line.number)
            return None
        if stamp.code in seen:
            self._refuse(
                code,
                stamp.code,
                _("This requirement stands in row %(row)d already. Delete one of the two rows.")
                % {"row": seen[stamp.code]},
            )
            return None
        seen[stamp.code] = line.number
        return stamp

    def _row(self, line: Line, stamp: Stamp) -> Row | None:
        finding = self.findings[stamp.code]
        before = len(self.outcome.problems)
        changes = []
        for name in FIELDS:
            if not line.cells.keys() >= set(PLACES.get(name, (name,))):
                continue
            mine = self._value(line, stamp.code, name)
            if mine is None or digest(mine) == stamp.digests[name]:
                continue
            stored = getattr(finding, name)
            if digest(mine) == digest(stored):
                continue
            conflict = digest(stored) != stamp.digests[name]
            change = Change(
                stamp.code, name, self._cell(line, name).address, stored, mine, conflict
            )
            changes.append(change)
        self._check(finding, changes, line)
        if not changes or len(self.outcome.problems) > before:
            return None
        return Row(finding, changes)

    def _cell(self, line: Line, name: str) -> Cell:
        """Return the first cell of a field."""
        return line.cells[PLACES.get(name, (name,))[0]]

    def _check(self, finding: Finding, changes: Iterable[Change], line: Line) -> None:
        """Ask the one rule of findings about each field, so that it can be told by its cell."""
        mine = {change.name: change.mine for change in changes}
        for change in changes:
            try:
                apply_fields(
                    copy(finding),
                    {change.name: change.mine},
                    clauses=self.clauses.get(finding.requirement_id, set()),
                )
            except ValidationError as error:
                self._refuse(self._cell(line, change.name), change.code, " ".join(error.messages))
        judgement = mine.get("judgement", finding.judgement)
        if mine.get("severity") and judgement != Judgement.NONCONFORMING:
            self._refuse(
                line.cells["severity"],
                finding.requirement.code,
                _("A severity belongs to a nonconformity only. Clear it, or change the judgement."),
            )

    def _value(self, line: Line, code: str, name: str) -> Any:
        """Return the value that a row gives a field, or None after saying what is wrong."""
        if name == "methods":
            return self._methods(line, code)
        cell = line.cells[name]
        if cell.wrong:
            self._refuse(cell, code, cell.wrong)
            return None
        if name in WORDS:
            value = value_of(name, clean(cell.text))
            if value is None:
                self._refuse(cell, code, _("Choose one of the words in the list of the cell."))
                return None
            return value or ("" if name == "severity" else Judgement.UNASSESSED.value)
        if name == "clauses_not_met":
            return _clauses(cell.text)
        return clean(cell.text)

    def _methods(self, line: Line, code: str) -> list[str] | None:
        found = []
        for method in Method.values:
            cell = line.cells[method]
            ticked = fold(clean(cell.text))
            if cell.wrong or ticked not in TICKS | UNTICKED:
                self._refuse(cell, code, cell.wrong or _("Choose ○, or leave the cell empty."))
                return None
            if ticked in TICKS:
                found.append(method)
        return found


def _clauses(text: str) -> list[str]:
    """Return the codes of a cell, whatever stands between them."""
    parts = re.split(r"[,、;/\s]+", unicodedata.normalize("NFKC", text))
    return list(dict.fromkeys(part for part in parts if part))
