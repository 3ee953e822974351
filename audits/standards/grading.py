"""From the judgements of an audit to its grade, as the parameters of the standard version say.

The score is built so that three promises hold for every valid parameter set: a further
nonconformity never improves the grade, turning a finding into "not applicable" never worsens
it, and the order of the findings does not matter.

A quotient over the applicable requirements alone cannot keep the second promise: with something
lost, taking a fulfilled requirement out of numerator and denominator lowers it. So either

* `count_not_applicable` is true: everything counts in the denominator, and what does not apply
  counts as fulfilled. Score = 100 × (all points − points lost) ÷ all points; or
* it is false: there is no denominator that could shrink. Score = 100 − points lost, at least 0.

With T all points and L ≤ T the points lost, a further nonconformity of weight w in place of a
fulfilled requirement of weight r turns L/T into (L + w)/(T − r + w), which is never smaller; one
turned into "not applicable" is the same step backwards. Counts are cumulative (this severity or
graver), so that making a finding graver does not free room in a lighter limit.

"Could not be verified" and "not yet assessed" lose their points and use up the limits like a
nonconformity of the same severity, because nothing shows that the requirement is met; they do
not knock out, because nothing shows that it is broken. Judging such a requirement nonconforming
at its severity or a graver one therefore never improves the grade either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from audits.standards.criteria import (
    GRAVEST_FIRST,
    TARGETS,
    GradingParameters,
    InvalidParametersError,
)
from audits.standards.terms import GradeLetter, Judgement

__all__ = [
    "Grade",
    "GradingParameters",
    "InvalidParametersError",
    "Lift",
    "Outcome",
    "Reason",
    "grade",
    "lift",
]

_LOSING = frozenset({Judgement.NONCONFORMING, Judgement.UNVERIFIABLE, Judgement.UNASSESSED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The judgement of one requirement.

    `severity` is the finding's when nonconforming, otherwise the requirement's own.
    """

    code: str
    judgement: str
    severity: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a grade as data; `numbers` are what the sentence of `key` is filled with."""

    key: str
    grade: str
    severity: str = ""
    codes: tuple[str, ...] = ()
    numbers: Mapping[str, int | Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grade:
    """The computed grade ("A", "B" or "none"), the score of 100 rounded down to a tenth, and why."""

    grade: str
    score: Decimal
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Lift:
    """What would have to change for the next better grade.

    `codes` is a smallest set of requirements that, once met, lead to `target`; `reasons` are what
    stands in its way now.
    """

    target: str
    codes: tuple[str, ...]
    reasons: tuple[Reason, ...]


def grade(parameters: GradingParameters, outcomes: Iterable[Outcome]) -> Grade:
    """The grade that the outcomes of one audit lead to.

    The reasons say which threshold is met, and what stands in the way of the next better grade.
    """
    rows = tuple(outcomes)
    score = _score(parameters, rows)
    obstacles: list[Reason] = []
    for target in TARGETS:
        above, obstacles = obstacles, _obstacles(parameters, rows, target, score)
        if not obstacles:
            threshold = Decimal(parameters.thresholds[target])
            met = Reason("met", target, numbers={"score": score, "threshold": threshold})
            return Grade(target, score, (met, *above))
    return Grade(GradeLetter.NONE.value, score, tuple(obstacles))


def lift(parameters: GradingParameters, outcomes: Iterable[Outcome]) -> Lift | None:
    """What would lift the grade by one step; None when it is an A already.

    Every grade can be reached, since the parameters ask for no more than all requirements met.
    """
    rows = sorted(
        outcomes,
        key=lambda row: (not _knocks_out(parameters, row), _gravity(row), _position(row.code)),
    )
    now = grade(parameters, rows)
    if now.grade == GradeLetter.A:
        return None
    target = GradeLetter.A.value if now.grade == GradeLetter.B else GradeLetter.B.value
    reasons = tuple(_obstacles(parameters, rows, target, now.score))
    # Gravest first is a smallest set: it gives back the most points and eases the most limits.
    codes: list[str] = []
    for index, row in enumerate(rows):
        if row.judgement not in _LOSING:
            continue
        rows[index] = replace(row, judgement=Judgement.CONFORMING.value)
        codes.append(row.code)
        reached = grade(parameters, rows).grade
        if reached in (target, GradeLetter.A):
            return Lift(reached, tuple(sorted(codes, key=_position)), reasons)
    return None


def _score(parameters: GradingParameters, rows: tuple[Outcome, ...]) -> Decimal:
    lost = sum(parameters.points[row.severity] for row in rows if row.judgement in _LOSING)
    full = (
        sum(parameters.points[row.severity] for row in rows)
        if parameters.count_not_applicable
        else 100
    )
    tenths = 1000 if full == 0 else 1000 * max(full - lost, 0) // full
    return Decimal(tenths) / 10


def _obstacles(
    parameters: GradingParameters, rows: Iterable[Outcome], target: str, score: Decimal
) -> list[Reason]:
    rows = tuple(rows)
    found = []
    knocked: set[str] = set()
    for severity in GRAVEST_FIRST:
        codes = _codes(
            row for row in rows if row.severity == severity and _knocks_out(parameters, row)
        )
        if codes:
            knocked.update(codes)
            found.append(Reason("knock_out", target, severity, codes, {"count": len(codes)}))
    if score < parameters.thresholds[target]:
        threshold = Decimal(parameters.thresholds[target])
        numbers = {"score": score, "threshold": threshold}
        found.append(Reason("score_below", target, numbers=numbers))
    for limit, severity in enumerate(GRAVEST_FIRST):
        maximum = parameters.maximum[target].get(severity)
        if maximum is None:
            continue
        codes = _codes(row for row in rows if row.judgement in _LOSING and _gravity(row) <= limit)
        # What knocks out has been said already and need not be said again.
        if len(codes) > maximum and not knocked.issuperset(codes):
            counts = {"count": len(codes), "maximum": maximum}
            found.append(Reason("too_many", target, severity, codes, counts))
    return found


def _knocks_out(parameters: GradingParameters, row: Outcome) -> bool:
    return row.judgement == Judgement.NONCONFORMING and row.severity in parameters.knock_out


def _codes(rows: Iterable[Outcome]) -> tuple[str, ...]:
    return tuple(sorted((row.code for row in rows), key=_position))


def _gravity(row: Outcome) -> int:
    return GRAVEST_FIRST.index(row.severity)


def _position(code: str) -> tuple[tuple[int, ...], str]:
    """The key that puts 5-2 before 5-10; the code itself decides between equals."""
    return tuple(int(part) if part.isdecimal() else -1 for part in code.split("-")), code
