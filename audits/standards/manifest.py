"""The manifest of a catalogue: which version it is, from when, and by which criteria it grades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext_lazy as _

from audits.standards.grading import GradingParameters, InvalidParametersError
from audits.standards.problems import Problem, because
from audits.standards.sheets import read_text
from audits.standards.terms import StandardStatus

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FILE = "manifest.yaml"
_KEYS = frozenset(
    {
        "version",
        "title_ja",
        "title_en",
        "effective_on",
        "mandatory_from",
        "status",
        "expected",
        "criteria",
        "notes",
    }
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the manifest says; `expected` is the number of requirements per category number."""

    version: str
    title_ja: str
    title_en: str
    effective_on: date
    mandatory_from: date | None
    activate: bool
    expected: dict[int, int]
    official: bool
    grading: dict[str, Any]


def read_manifest(path: Path) -> tuple[Manifest | None, list[Problem]]:
    """Read and check the manifest; the rows given with its problems are lines of the YAML file."""
    text = read_text(path)
    if isinstance(text, Problem):
        return None, [text]
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        return None, [
            Problem(
                FILE, mark.line + 1 if mark else None, "", because(_("The file is not valid YAML."))
            )
        ]
    if not isinstance(data, dict):
        return None, [Problem(FILE, None, "", because(_("The file must hold names with values.")))]
    where = _Lines(text)
    problems = [
        Problem(FILE, where.of(str(key)), str(key), because(_("The entry is not known.")))
        for key in data
        if key not in _KEYS
    ]
    manifest = _Parser(data, where, problems).manifest()
    return (None if problems else manifest), problems


class _Lines:
    """Finds the line on which an entry such as `criteria.grading` stands."""

    def __init__(self, text: str) -> None:
        self.places: dict[str, int] = {}
        self.seen: set[int] = set()
        self._walk(yaml.compose(text, Loader=yaml.SafeLoader), "")

    def _walk(self, node: yaml.Node | None, path: str) -> None:
        # An alias may lead back to a node that holds it.
        if isinstance(node, yaml.MappingNode) and id(node) not in self.seen:
            self.seen.add(id(node))
            for key, value in node.value:
                below = f"{path}.{key.value}" if path else str(key.value)
                self.places[below] = key.start_mark.line + 1
                self._walk(value, below)

    def of(self, path: str) -> int | None:
        """The line of the entry, or of the nearest one around it that is there."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path)


class _Parser:
    """Turns the entries into a manifest and notes what is wrong on the way."""

    def __init__(self, data: dict[Any, Any], where: _Lines, problems: list[Problem]) -> None:
        self.data = data
        self.where = where
        self.problems = problems

    def manifest(self) -> Manifest:
        """The manifest; only good when no problem was noted."""
        effective_on = self._day("effective_on", required=True)
        mandatory_from = self._day("mandatory_from", required=False)
        if effective_on and mandatory_from and mandatory_from < effective_on:
            reason = because(_("The date must not be before effective_on."))
            self._fault("mandatory_from", reason)
        status = self.data.get("status")
        if status not in (StandardStatus.DRAFT, StandardStatus.ACTIVE):
            reason = because(_("Must be one of: {values}."), values="draft, active")
            self._fault("status", reason)
        official, grading = self._criteria()
        return Manifest(
            version=self._text("version", 20),
            title_ja=self._text("title_ja", 200),
            title_en=self._text("title_en", 200),
            effective_on=effective_on or date.min,
            mandatory_from=mandatory_from,
            activate=status == StandardStatus.ACTIVE,
            expected=self._expected(),
            official=official,
            grading=grading,
        )

    def _fault(self, column: str, reason: _StrPromise) -> None:
        self.problems.append(Problem(FILE, self.where.of(column), column, reason))

    def _text(self, key: str, longest: int) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            self._fault(key, because(_("A text is required.")))
            return ""
        if len(value.strip()) > longest:
            reason = because(_("The text is longer than {longest} characters."), longest=longest)
            self._fault(key, reason)
        return value.strip()

    def _day(self, key: str, *, required: bool) -> date | None:
        value = self.data.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if required or value is not None:
            self._fault(key, because(_("A date such as 2025-04-01 is required.")))
        return None

    def _criteria(self) -> tuple[bool, dict[str, Any]]:
        criteria = self.data.get("criteria")
        criteria = criteria if isinstance(criteria, dict) else {}
        official, grading = criteria.get("official"), criteria.get("grading")
        if not isinstance(official, bool):
            reason = because(_("Must be one of: {values}."), values="true, false")
            self._fault("criteria.official", reason)
        try:
            GradingParameters.from_data(grading)
        except InvalidParametersError as error:
            self._fault(f"criteria.grading.{error.field}".rstrip("."), error.reason)
        return official is True, grading if isinstance(grading, dict) else {}

    def _expected(self) -> dict[int, int]:
        """The number of requirements by category; their sum is stated as well, against slips."""
        data = self.data.get("expected")
        data = data if isinstance(data, dict) else {}
        counts = data.get("categories")
        if not isinstance(counts, dict) or not all(
            type(number) is int and type(count) is int and count > 0
            for number, count in counts.items()
        ):
            reason = because(_("The number of requirements per category is required."))
            self._fault("expected.categories", reason)
            return {}
        if data.get("requirements") != sum(counts.values()):
            reason = because(_("The number must be the sum of those of the categories."))
            self._fault("expected.requirements", reason)
        return counts
