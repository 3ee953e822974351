"""The readiness of a site: what today's standard asks of it, and what the supplier says of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from audits.models import SelfAnswer, SelfCheck
from audits.services.assessment import facts_of
from audits.services.repinning import versions
from audits.standards.applicable import applies_to
from audits.standards.conditions import why_not_applicable
from audits.standards.documents import Hint, NamedDocument, documents_in
from audits.standards.grading import Grade, Lift, Outcome, grade, lift
from audits.standards.models import Clause, Requirement
from audits.standards.services.mapping import links_between
from audits.standards.terms import Judgement, Relation
from suppliers.models import SiteProfile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from audits.standards.models import Category
    from suppliers.models import Site

# An audit knows no half: what is met in part is not met.
JUDGEMENTS: dict[str, Judgement] = {
    SelfAnswer.MET: Judgement.CONFORMING,
    SelfAnswer.PARTLY: Judgement.NONCONFORMING,
    SelfAnswer.UNMET: Judgement.NONCONFORMING,
    SelfAnswer.OPEN: Judgement.UNASSESSED,
    SelfAnswer.NOT_APPLICABLE: Judgement.NOT_APPLICABLE,
}
NOT_MET = (SelfAnswer.PARTLY, SelfAnswer.UNMET)


class Given(NamedTuple):
    """What is said of one requirement."""

    answer: SelfAnswer
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One requirement: why it does not apply by the profile ("" when it does), and what is said.

    `changed_at` is None while nothing was said; `carried` is the relation to the requirement of an
    earlier version under which it was said ("" when it was said under this one).
    """

    requirement: Requirement
    reason: str = ""
    given: Given = field(default=Given(SelfAnswer.OPEN))
    changed_at: datetime | None = None
    carried: str = ""

    @property
    def code(self) -> str:
        """Return the code of the requirement."""
        return self.requirement.code

    @property
    def answer(self) -> SelfAnswer:
        """Return what counts: the profile before what is said."""
        return SelfAnswer.NOT_APPLICABLE if self.reason else self.given.answer

    @property
    def outcome(self) -> Outcome:
        """Return the line as the grading functions read it."""
        return Outcome(self.code, JUDGEMENTS[self.answer].value, self.requirement.severity)

    @cached_property
    def papers(self) -> list[NamedDocument]:
        """Return the documents that the auditors will want to see."""
        row = self.requirement
        hint = Hint(self.code, row.category.number, row.evidence_hint_ja, row.evidence_hint_en)
        return documents_in([hint])


@dataclass(frozen=True)
class Section:
    """One of the nine categories with its lines."""

    category: Category
    lines: list[Line]

    @property
    def done(self) -> int:
        """Return how many are answered, by the supplier or by the profile."""
        return sum(line.answer != SelfAnswer.OPEN for line in self.lines)

    @property
    def not_met(self) -> int:
        """Return how many are not met, or in part."""
        return sum(line.answer in NOT_MET for line in self.lines)


class Readiness:
    """A site before the version of the standard that applies today.

    As many queries for one answer as for all: versions, profile, requirements, answers, and two
    more while the answers are those to another version.
    """

    def __init__(self, site: Site, reader: User) -> None:
        self.site = site
        self.standard = applies_to(versions(), None, timezone.localdate())
        self.profile = SiteProfile.objects.visible_to(reader).latest_of(site)
        self._checks = list(
            SelfCheck.objects.visible_to(reader)
            .filter(site=site)
            .select_related("requirement")
            .only("site_id", "answer", "note", "changed_at", "requirement__standard_id")
        )

    @cached_property
    def is_stored(self) -> bool:
        """Say whether something was said under this version; before, it is carried over."""
        return any(row.requirement.standard_id == self._version for row in self._checks)

    @cached_property
    def lines(self) -> list[Line]:
        """Return the requirements in the order of the standard; none when no version applies."""
        rows = Requirement.objects.filter(standard=self.standard).select_related("category")
        said = self._said()
        facts = facts_of(self.profile) if self.profile else None
        return [
            said.get(row.pk, _Said()).line(row, why_not_applicable(row.condition, facts))
            for row in rows.order_by("order")
        ]

    @cached_property
    def sections(self) -> list[Section]:
        """Return the categories in the order of the standard."""
        groups = groupby(self.lines, key=lambda line: line.requirement.category)
        return [Section(category, list(lines)) for category, lines in groups]

    @cached_property
    def counts(self) -> Counter[SelfAnswer]:
        """Return how many requirements there are for each answer."""
        return Counter(line.answer for line in self.lines)

    @property
    def done(self) -> int:
        """Return how many are answered, by the supplier or by the profile."""
        return len(self.lines) - self.counts[SelfAnswer.OPEN]

    @property
    def not_met(self) -> int:
        """Return how many are not met, or in part."""
        return sum(self.counts[answer] for answer in NOT_MET)

    @property
    def is_begun(self) -> bool:
        """Say whether the supplier has answered anything; an estimate of nothing says nothing."""
        return any(line.given.answer != SelfAnswer.OPEN for line in self.lines if not line.reason)

    @cached_property
    def estimate(self) -> Grade | None:
        """Return the grade that an audit finding just this would lead to; None without a version."""
        return self._grade(line.outcome for line in self.lines)

    @cached_property
    def at_best(self) -> Grade | None:
        """Return the same with everything not checked yet being in place."""
        met = Given(SelfAnswer.MET)
        return self._grade(
            (Line(line.requirement, given=met) if line.answer == SelfAnswer.OPEN else line).outcome
            for line in self.lines
        )

    @property
    def lift(self) -> Lift | None:
        """Return what would lead to a better grade."""
        if self.standard is None:
            return None
        return lift(self.standard.parameters, [line.outcome for line in self.lines])

    def clauses(self, lines: Iterable[Line]) -> dict[str, list[tuple[Clause, str]]]:
        """Return by code the clauses of some lines, each with why it does not apply ("" if it does)."""
        facts = facts_of(self.profile) if self.profile else None
        codes = {line.requirement.pk: line.code for line in lines}
        found: dict[str, list[tuple[Clause, str]]] = {}
        for clause in Clause.objects.filter(requirement__in=codes).order_by("order"):
            entry = (clause, why_not_applicable(clause.condition, facts))
            found.setdefault(codes[clause.requirement_id], []).append(entry)
        return found

    def _grade(self, outcomes: Iterable[Outcome]) -> Grade | None:
        return grade(self.standard.parameters, outcomes) if self.standard else None

    @property
    def _version(self) -> UUID | None:
        return self.standard.pk if self.standard else None

    def _said(self) -> dict[UUID, _Said]:
        """Return what was said by requirement of this version, carried over when it was under another.

        Unchanged requirements keep their answer; of those reworded or changed only the note stays.
        """
        if self.is_stored or not self._checks or self.standard is None:
            return {
                row.requirement_id: _Said(Given(SelfAnswer(row.answer), row.note), row.changed_at)
                for row in self._checks
            }
        # Under one version at a time: whatever an earlier one left was carried over to this one.
        newest = max(self._checks, key=lambda row: row.changed_at).requirement.standard
        known = {row.requirement_id: row for row in self._checks}
        said = {}
        for here, link in links_between(newest, self.standard).items():
            if row := known.get(link.previous):
                same = link.relation == Relation.UNCHANGED
                answer = SelfAnswer(row.answer) if same else SelfAnswer.OPEN
                said[here] = _Said(Given(answer, row.note), row.changed_at, link.relation)
        return said


class _Said(NamedTuple):
    given: Given = Given(SelfAnswer.OPEN)
    changed_at: datetime | None = None
    carried: str = ""

    def line(self, requirement: Requirement, reason: str) -> Line:
        return Line(requirement, reason, *self)
