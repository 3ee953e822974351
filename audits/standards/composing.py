"""From uploaded sheets to the rows of a new version: what a file leaves out comes from a base."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audits.standards.catalogue import (
    CATEGORIES,
    CATEGORY_COLUMNS,
    CLAUSES,
    REQUIREMENT_COLUMNS,
    REQUIREMENTS,
    Check,
)
from audits.standards.headings import COLUMNS
from audits.standards.problems import Problem, because
from audits.standards.sheets import Line
from audits.standards.terms import Provenance

if TYPE_CHECKING:
    from audits.standards.contents import CategoryRow, ClauseRow, Contents, RequirementRow
    from audits.standards.uploads import Upload

TEXTS = ("title_ja", "title_en", "text_ja", "text_en")


@dataclass(frozen=True)
class Composed:
    """The rows of a new version, every problem of the file, and remarks that stop nothing."""

    categories: tuple[CategoryRow, ...]
    requirements: tuple[RequirementRow, ...]
    clauses: tuple[ClauseRow, ...]
    problems: list[Problem]
    remarks: list[str]


def compose(upload: Upload, base: Contents | None) -> Composed:
    """Complete the uploaded rows from `base` and check them like a catalogue.

    A column that a sheet does not have is taken from the requirement of the same code; a column
    that is there counts as it stands, blank or not. Wording without a stated origin is official.
    """
    composer = _Composer(upload, base)
    check = Check(composer.problems, TEXTS)
    categories = check.categories(composer.categories())
    lines = composer.requirements()
    requirements = check.requirements(lines, {row.number for row in categories})
    clauses = check.clauses(composer.clauses(requirements), requirements)
    return Composed(
        categories=tuple(sorted(categories, key=lambda row: row.order)),
        requirements=tuple(sorted(requirements, key=lambda row: row.order)),
        clauses=clauses,
        problems=[_placed(problem, upload) for problem in composer.problems],
        remarks=[*upload.remarks, *composer.remarks()],
    )


def _placed(problem: Problem, upload: Upload) -> Problem:
    """Name sheet and column as the file does; rows that are not in the file have no number."""
    sheet = upload.sheets.get(problem.file)
    columns = {column.name: column.heading for column in COLUMNS.get(problem.file, ())}
    headings = columns | (sheet.headings if sheet else {})
    return replace(
        problem,
        file=sheet.title if sheet else problem.file,
        row=problem.row or None,
        column=headings.get(problem.column, problem.column),
    )


class _Composer:
    """Gives every sheet as lines with all columns of the catalogue."""

    def __init__(self, upload: Upload, base: Contents | None) -> None:
        self.upload = upload
        self.base = base
        self.problems = list(upload.problems)
        self.old = {row.code: row for row in base.requirements} if base else {}
        self.stale: list[str] = []
        self.kept: list[str] = []
        self.made: list[str] = []

    def categories(self) -> list[Line]:
        """The sheet of categories, else those of the base."""
        sheet = self.upload.sheets.get(CATEGORIES)
        known = {str(row.number): row for row in self.base.categories} if self.base else {}
        if sheet is None:
            if self.base is None:
                reason = because(gettext_lazy("The sheet of categories is missing."))
                self.problems.append(Problem(CATEGORIES, None, "", reason))
            return [
                Line(0, {name: str(value) for name, value in asdict(row).items()})
                for row in known.values()
            ]
        lines = []
        for place, line in enumerate(sheet.lines, start=1):
            old = known.get(line.cells.get("number", ""))
            filled = {"order": str(place)} | (
                {"name_ja": old.name_ja, "name_en": old.name_en} if old else {}
            )
            lines.append(Line(line.number, _complete(CATEGORY_COLUMNS, line.cells, filled)))
        return lines

    def requirements(self) -> list[Line]:
        """The sheet of requirements with what it leaves out."""
        sheet = self.upload.sheets.get(REQUIREMENTS)
        if sheet is None:
            return []
        lines = []
        for place, line in enumerate(sheet.lines, start=1):
            code = line.cells.get("code", "")
            old = self.old.get(code)
            filled = {
                "order": str(place),
                "category": code.partition("-")[0],
                "provenance": Provenance.OFFICIAL.value,
            }
            if old is not None:
                kept = {
                    name: str(value)
                    for name, value in asdict(old).items()
                    if name not in ("order", "provenance", "source")
                }
                filled = kept | filled | {"category": str(old.category)}
                if line.cells.get("text_ja", "") != old.text_ja and "text_en" not in line.cells:
                    self.stale.append(code)
            cells = _complete(REQUIREMENT_COLUMNS, line.cells, filled)
            if not cells["severity"] and "severity" not in line.cells:
                reason = because(
                    gettext_lazy("Requirement {code} is new: give its severity."), code=code
                )
                self.problems.append(Problem(REQUIREMENTS, line.number, "severity", reason))
                cells["severity"] = "minor"
            lines.append(Line(line.number, cells))
        return _ranked(lines)

    def clauses(self, requirements: list[RequirementRow]) -> list[Line]:
        """The sheet of clauses; without one those of the base, or the requirement itself as one."""
        sheet = self.upload.sheets.get(CLAUSES)
        old: dict[str, list[ClauseRow]] = defaultdict(list)
        english: dict[str, ClauseRow] = {}
        for clause in self.base.clauses if self.base else ():
            old[clause.requirement].append(clause)
            english[clause.code] = clause
        if sheet is not None:
            lines = []
            for line in sheet.lines:
                same = english.get(line.cells.get("code", ""))
                filled = {"condition": same.condition, "text_en": same.text_en} if same else {}
                columns = ("code", "text_ja", "text_en", "condition", "provenance")
                lines.append(Line(line.number, _complete(columns, line.cells, filled)))
            return lines
        rows: list[dict[str, str]] = []
        for requirement in requirements:
            if found := old.get(requirement.code):
                if requirement.text_ja != self.old[requirement.code].text_ja:
                    self.kept.append(requirement.code)
                rows += [{name: str(value) for name, value in asdict(row).items()} for row in found]
            elif requirement.code:
                self.made.append(requirement.code)
                rows.append(
                    {
                        "code": f"{requirement.code}a",
                        # A blank text is told of the requirement and need not be said again.
                        "text_ja": requirement.text_ja or "–",
                        "text_en": requirement.text_en or "–",
                        "condition": "",
                        "provenance": requirement.provenance,
                    }
                )
        return [Line(0, cells) for cells in rows]

    def remarks(self) -> list[str]:
        """What was taken from elsewhere and should be looked at."""
        return [
            text % {"count": len(codes), "codes": _listed(codes)}
            for codes, text in (
                (
                    self.stale,
                    ngettext(
                        "The Japanese text of %(count)d requirement changed while its English text "
                        "was taken from the base version: %(codes)s.",
                        "The Japanese texts of %(count)d requirements changed while their English "
                        "texts were taken from the base version: %(codes)s.",
                        len(self.stale),
                    ),
                ),
                (
                    self.kept,
                    ngettext(
                        "The text of %(count)d requirement changed while its clauses were taken "
                        "from the base version: %(codes)s.",
                        "The texts of %(count)d requirements changed while their clauses were taken "
                        "from the base version: %(codes)s.",
                        len(self.kept),
                    ),
                ),
                (
                    self.made,
                    ngettext(
                        "%(count)d requirement has no clauses in the file and became its own: "
                        "%(codes)s.",
                        "%(count)d requirements have no clauses in the file and became their own: "
                        "%(codes)s.",
                        len(self.made),
                    ),
                ),
            )
            if codes
        ]


def _ranked(lines: list[Line]) -> list[Line]:
    """Close the gaps in the order: somebody who takes a row out does not number all others anew."""
    given = [line.cells["order"] for line in lines]
    if len(set(given)) != len(given) or not all(order.isdecimal() for order in given):
        return lines
    places = {order: str(place) for place, order in enumerate(sorted(given, key=int), start=1)}
    return [
        Line(line.number, line.cells | {"order": places[line.cells["order"]]}) for line in lines
    ]


def _complete(
    columns: tuple[str, ...], cells: dict[str, str], filled: dict[str, str]
) -> dict[str, str]:
    return dict.fromkeys(columns, "") | filled | cells


def _listed(codes: list[str]) -> str:
    most = 12
    shown = "、".join(codes[:most])
    return _("%(codes)s and others") % {"codes": shown} if len(codes) > most else shown
