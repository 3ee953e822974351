"""Reading a catalogue from a folder and finding everything that is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audits.standards.contents import CategoryRow, ClauseRow, Contents, RequirementRow
from audits.standards.manifest import read_manifest
from audits.standards.problems import Problem, because
from audits.standards.sheets import Line, read_sheet
from audits.standards.terms import Condition, Provenance, Severity

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SHIPPED = Path(__file__).parent / "data" / "jasti-2025"

CATEGORIES, REQUIREMENTS, CLAUSES = "categories.csv", "requirements.csv", "clauses.csv"
CATEGORY_COLUMNS = ("number", "name_ja", "name_en", "order")
REQUIREMENT_TEXTS = (
    "title_ja",
    "title_en",
    "text_ja",
    "text_en",
    "guidance_ja",
    "guidance_en",
    "evidence_hint_ja",
    "evidence_hint_en",
)
REQUIREMENT_COLUMNS = (
    "code",
    "category",
    "subcategory",
    "order",
    *REQUIREMENT_TEXTS,
    "legal_basis",
    "severity",
    "condition",
    "provenance",
    "source",
)
CLAUSE_COLUMNS = ("code", "text_ja", "text_en", "condition")
_LONGEST = {"name_ja": 100, "name_en": 100, "title_ja": 200, "title_en": 200, "subcategory": 100}
_REQUIREMENT_CODE = re.compile(r"([1-9])-[1-9][0-9]?", re.ASCII)
# Ours are the requirement's code and a letter (5-7a), the official ones a third number (5-11-3).
_CLAUSE_CODE = re.compile(r"([1-9]-[1-9][0-9]?)(?:[a-z]|-[1-9][0-9]?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue without faults; `activate` is whether it is to come into force when loaded."""

    contents: Contents
    mandatory_from: date | None
    activate: bool


def read_catalogue(folder: Path) -> Catalogue | list[Problem]:
    """Read manifest.yaml, categories.csv, requirements.csv and clauses.csv of `folder`.

    Returns the catalogue, or every problem that could be found in one go.
    """
    manifest, problems = read_manifest(folder / "manifest.yaml")
    lines: dict[str, list[Line]] = {}
    broken = False
    for name, columns, optional in (
        (CATEGORIES, CATEGORY_COLUMNS, ()),
        (REQUIREMENTS, REQUIREMENT_COLUMNS, ()),
        (CLAUSES, CLAUSE_COLUMNS, ("provenance",)),
    ):
        sheet, found = read_sheet(folder / name, columns=columns, optional=optional)
        lines[name] = sheet or []
        broken = broken or sheet is None
        problems += found
    if broken:
        # Without a whole file the checks across files would only repeat the same fault.
        return problems
    check = Check(problems)
    categories = check.categories(lines[CATEGORIES])
    requirements = check.requirements(lines[REQUIREMENTS], {row.number for row in categories})
    clauses = check.clauses(lines[CLAUSES], requirements)
    if manifest:
        check.counts(manifest.expected, categories, requirements)
    if problems or manifest is None:
        return problems
    contents = Contents(
        version=manifest.version,
        title_ja=manifest.title_ja,
        title_en=manifest.title_en,
        effective_on=manifest.effective_on,
        official=manifest.official,
        grading=manifest.grading,
        categories=tuple(sorted(categories, key=lambda row: row.order)),
        requirements=tuple(sorted(requirements, key=lambda row: row.order)),
        clauses=clauses,
    )
    return Catalogue(
        contents=contents, mandatory_from=manifest.mandatory_from, activate=manifest.activate
    )


class Check:
    """Turns lines into rows and notes what is wrong on the way.

    `texts` are the columns of requirements that may not be blank.
    """

    def __init__(self, problems: list[Problem], texts: tuple[str, ...] = REQUIREMENT_TEXTS) -> None:
        self.problems = problems
        self.texts = texts

    def categories(self, lines: list[Line]) -> list[CategoryRow]:
        """The categories in the order of the file."""
        rows = []
        for line in lines:
            cell = self._cells(CATEGORIES, line, required=("name_ja", "name_en"))
            number = self._number(CATEGORIES, line, "number", highest=9)
            order = self._number(CATEGORIES, line, "order")
            rows.append(
                CategoryRow(
                    number=number, name_ja=cell("name_ja"), name_en=cell("name_en"), order=order
                )
            )
        self._once(CATEGORIES, lines, "number")
        self._once(CATEGORIES, lines, "order")
        return rows

    def requirements(self, lines: list[Line], categories: set[int]) -> list[RequirementRow]:
        """The requirements in the order of the file; `categories` are the numbers there are."""
        rows = []
        for line in lines:
            cell = self._cells(REQUIREMENTS, line, required=self.texts)
            category = self._number(REQUIREMENTS, line, "category", highest=9)
            if category and category not in categories:
                self._fault(
                    REQUIREMENTS, line, "category", because(_("There is no such category."))
                )
            match = _REQUIREMENT_CODE.fullmatch(cell("code"))
            if not match:
                self._fault(
                    REQUIREMENTS, line, "code", because(_("A code such as 5-7 is required."))
                )
            elif category and int(match[1]) != category:
                self._fault(
                    REQUIREMENTS,
                    line,
                    "code",
                    because(_("The code does not begin with its category.")),
                )
            self._one_of(REQUIREMENTS, line, "severity", Severity.values)
            self._one_of(REQUIREMENTS, line, "condition", ["", *Condition.values])
            self._one_of(REQUIREMENTS, line, "provenance", Provenance.values)
            texts = {
                column: cell(column)
                for column in REQUIREMENT_COLUMNS
                if column not in ("category", "order")
            }
            order = self._number(REQUIREMENTS, line, "order", highest=len(lines))
            rows.append(RequirementRow(category=category, order=order, **texts))
        self._once(REQUIREMENTS, lines, "code")
        self._once(REQUIREMENTS, lines, "order")
        return rows

    def clauses(
        self, lines: list[Line], requirements: list[RequirementRow]
    ) -> tuple[ClauseRow, ...]:
        """The clauses in the order of their requirements, numbered in the order of the file."""
        owners = {row.code: row for row in requirements}
        rows: dict[str, list[ClauseRow]] = {code: [] for code in owners}
        for line in lines:
            cell = self._cells(CLAUSES, line, required=("text_ja", "text_en"))
            self._one_of(CLAUSES, line, "condition", ["", *Condition.values])
            self._one_of(CLAUSES, line, "provenance", ["", *Provenance.values])
            match = _CLAUSE_CODE.fullmatch(cell("code"))
            if not match:
                self._fault(CLAUSES, line, "code", because(_("A code such as 5-7a is required.")))
            elif match[1] not in owners:
                self._fault(
                    CLAUSES,
                    line,
                    "code",
                    because(_("There is no requirement {code}."), code=match[1]),
                )
            else:
                owner = owners[match[1]]
                clause = ClauseRow(
                    code=cell("code"),
                    requirement=owner.code,
                    order=len(rows[owner.code]) + 1,
                    text_ja=cell("text_ja"),
                    text_en=cell("text_en"),
                    condition=cell("condition"),
                    provenance=cell("provenance") or owner.provenance,
                )
                rows[owner.code].append(clause)
        self._once(CLAUSES, lines, "code")
        for code, found in rows.items():
            if not found:
                reason = because(_("Requirement {code} has no clause."), code=code)
                self.problems.append(Problem(CLAUSES, None, "code", reason))
        in_order = sorted(requirements, key=lambda row: row.order)
        return tuple(clause for row in in_order for clause in rows[row.code])

    def counts(
        self,
        expected: dict[int, int],
        categories: list[CategoryRow],
        requirements: list[RequirementRow],
    ) -> None:
        """Compare with the numbers of the manifest."""
        numbers = {row.number for row in categories}
        found = Counter(row.category for row in requirements)
        for number, count in expected.items():
            if number not in numbers:
                reason = because(_("Category {number} is missing."), number=number)
                self.problems.append(Problem(CATEGORIES, None, "number", reason))
            if found[number] != count:
                reason = because(
                    _("Category {number} has {found} requirements, {expected} are expected."),
                    number=number,
                    found=found[number],
                    expected=count,
                )
                self.problems.append(Problem(REQUIREMENTS, None, "category", reason))
        for number in sorted(numbers - set(expected)):
            reason = because(_("Category {number} is not expected by the manifest."), number=number)
            self.problems.append(Problem(CATEGORIES, None, "number", reason))

    def _fault(self, file: str, line: Line, column: str, reason: _StrPromise) -> None:
        self.problems.append(Problem(file, line.number, column, reason))

    def _cells(self, file: str, line: Line, *, required: Iterable[str]) -> Callable[[str], str]:
        for column in required:
            if not line.cells[column]:
                self._fault(file, line, column, because(_("A text is required.")))
        for column, longest in _LONGEST.items():
            if len(line.cells.get(column, "")) > longest:
                reason = because(
                    _("The text is longer than {longest} characters."), longest=longest
                )
                self._fault(file, line, column, reason)
        return line.cells.__getitem__

    def _number(self, file: str, line: Line, column: str, *, highest: int = 999) -> int:
        value = line.cells[column]
        if re.fullmatch(r"[1-9][0-9]{0,3}", value) and int(value) <= highest:
            return int(value)
        reason = because(_("A whole number from 1 to {highest} is required."), highest=highest)
        self._fault(file, line, column, reason)
        return 0

    def _one_of(self, file: str, line: Line, column: str, values: list[str]) -> None:
        if line.cells[column] not in values:
            reason = because(_("Must be one of: {values}."), values=", ".join(filter(None, values)))
            self._fault(file, line, column, reason)

    def _once(self, file: str, lines: list[Line], column: str) -> None:
        first: dict[str, int] = {}
        for line in lines:
            value = line.cells[column]
            if value and first.setdefault(value, line.number) != line.number:
                reason = because(
                    _("{value} already stands in row {row}."), value=value, row=first[value]
                )
                self._fault(file, line, column, reason)
