"""Taking a filled-in workbook over: what it would change, what stands against it, and doing it.

Each field is held against two others: how it stood when the workbook was downloaded, and how it
stands now. What the person did not change is left alone; what both changed is a conflict that the
person settles. What a finding may say is decided by `apply_fields`, as for cards and tablets.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from copy import copy
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Audit, Finding
from audits.services.fieldwork import FIELDS, apply_fields
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.syncing import KEPT, Item, canonical, sync_findings
from audits.services.workbook.columns import (
    PLACES,
    TICKS,
    UNTICKED,
    WORDS,
    clean,
    value_of,
)
from audits.services.workbook.reading import Cell, Filled, Line
from audits.services.workbook.stamps import Stamp, digest, read_stamp
from audits.standards.headings import fold
from audits.standards.models import Clause
from audits.terms import Judgement, Method
from suppliers.imports.problems import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from accounts.models import User

MINE, STORED = "mine", "stored"


@dataclass(frozen=True)
class CellProblem:
    """A cell that cannot be taken over: its address and a sentence."""

    address: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """One field that a workbook changes; `conflict` when it was changed here meanwhile too."""

    code: str
    name: str
    address: str
    stored: Any
    mine: Any
    conflict: bool = False

    @property
    def key(self) -> str:
        """Return the name under which a conflict is settled."""
        return f"{self.code}:{self.name}"


@dataclass
class Row:
    """What a workbook changes in one finding."""

    finding: Finding
    changes: list[Change]

    def settled(self, picks: Mapping[str, str]) -> dict[str, Any]:
        """Return the fields to be written, conflicts settled as picked."""
        return {
            change.name: change.mine
            for change in self.changes
            if not change.conflict or picks.get(change.key) == MINE
        }


@dataclass
class Outcome:
    """What taking a workbook over would do."""

    rows: list[Row] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Change]:
        """Return what both sides changed."""
        return [change for row in self.rows for change in row.changes if change.conflict]

    @property
    def seal(self) -> str:
        """Return a fingerprint of what is shown, to notice that something changed meanwhile."""
        shown = [
            [row.finding.version, [asdict(change) for change in row.changes]] for row in self.rows
        ]
        text = json.dumps(shown, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def look(*, actor: User, audit: Audit, filled: Filled) -> Outcome:
    """Return what a workbook would do to an audit; nothing is kept.

    Raises PermissionDenied outside the team or once signed, FileRefused when the workbook is of
    another audit or of another version of the standard.
    """
    if not policies.writes_findings(actor, audit):
        raise PermissionDenied(policies.WHO_WRITES)
    _check_head(audit, filled)
    return _Merge(audit, filled).outcome


def _check_head(audit: Audit, filled: Filled) -> None:
    if filled.head.audit != audit.number:
        raise FileRefused(
            _("This workbook is of the audit %(other)s, not of %(number)s. Choose the right file.")
            % {"other": filled.head.audit, "number": audit.number}
        )
    standard = audit.pinned_standard.version
    if filled.head.standard != standard:
        raise FileRefused(
            _(
                "This workbook was downloaded under version %(other)s of the standard; the audit "
                "now stands under %(version)s. Download it again and copy your answers into it."
            )
            % {"other": filled.head.standard, "version": standard}
        )


class _Merge:
    """One workbook held against the findings, in a constant number of queries."""

    def __init__(self, audit: Audit, filled: Filled) -> None:
        self.audit, self.filled = audit, filled
        self.outcome = Outcome(remarks=list(filled.remarks))
        findings = audit.findings.in_order().select_related("changed_by")
        self.findings = {row.requirement.code: row for row in findings}
        self.clauses: dict[UUID, set[str]] = {}
        for requirement, code in Clause.objects.filter(
            requirement__standard=audit.standard_id
        ).values_list("requirement_id", "code"):
            self.clauses.setdefault(requirement, set()).add(code)
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


@transaction.atomic
def take_over(
    *,
    actor: User,
    audit: Audit,
    filled: Filled,
    seal: str,
    picks: Mapping[str, str],
    skip_bad: bool = False,
    sha256: str = "",
) -> list[str]:
    """Write what a workbook changes, all of it or nothing; return the codes that changed.

    `seal` is that of the outcome that was looked at, `picks` settles each conflict by its key as
    MINE or STORED. Raises as `look` does, and ValidationError with a sentence otherwise.
    """
    audit = lock(audit)
    outcome = look(actor=actor, audit=audit, filled=filled)
    if outcome.seal != seal:
        raise ValidationError(
            _("Findings were saved here while you were looking. See what would change now."),
            code="changed",
        )
    if outcome.problems and not skip_bad:
        raise ValidationError(_("Nothing was taken over, because some cells have errors."))
    if any(picks.get(change.key) not in (MINE, STORED) for change in outcome.conflicts):
        raise ValidationError(_("Choose one of the two versions for every conflict."))
    items = [
        Item(
            key=uuid4(),
            sha256=hashlib.sha256(canonical(fields)).hexdigest(),
            code=row.finding.requirement.code,
            version=row.finding.version,
            fields=fields,
        )
        for row in outcome.rows
        if (fields := row.settled(picks))
    ]
    for done, item in zip(sync_findings(actor=actor, audit=audit, items=items), items, strict=True):
        if done.outcome not in KEPT:
            raise ValidationError(f"{item.code}: {done.sentence or done.outcome.label}")
    codes = [item.code for item in items]
    if codes:
        append_event(
            audit=audit,
            actor=actor,
            act="workbook_taken_over",
            payload={"codes": codes, "sha256": sha256},
        )
    return codes
