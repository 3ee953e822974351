"""How often what occurs: a rough picture of Japan's textile industry and of what visits find."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from random import Random
from typing import TYPE_CHECKING, Any

from audits.standards.conditions import SiteFacts, applies, reason_not_applicable
from audits.terms import Judgement, Severity
from reports.demo import texts
from suppliers.prefectures import PREFECTURES
from suppliers.terms import Process

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.standards.criteria import GradingParameters
    from audits.standards.models import Requirement, Standard

# Shares of the textile sites in per mille; every other prefecture has OTHERS.
OTHERS = 5
AT_HOME = {
    23: 130, 27: 105, 18: 90, 21: 75, 17: 65, 26: 60, 33: 55, 38: 45, 13: 35, 30: 35, 15: 35,
    22: 35, 10: 35, 34: 35, 28: 35, 25: 25, 29: 25, 24: 20, 19: 15, 11: 15, 16: 15, 6: 15, 9: 15,
    37: 15, 36: 10, 40: 10,
}  # fmt: skip
PREFECTURE_CODES = [prefecture.code for prefecture in PREFECTURES]
PREFECTURE_WEIGHTS = [AT_HOME.get(code, OTHERS) for code in PREFECTURE_CODES]
PROCESS_WEIGHTS = {
    Process.SEWING: 34,
    Process.WEAVING: 22,
    Process.DYEING: 16,
    Process.KNITTING: 12,
    Process.TWISTING: 6,
    Process.SPINNING: 4,
    Process.OTHER: 6,
}
# How often a requirement of a category is not met.
UNMET = {1: 0.02, 2: 0.01, 3: 0.05, 4: 0.05, 5: 0.1, 6: 0.09, 7: 0.06, 8: 0.05, 9: 0.07}
# What is gravest is rarest; what was found once is found again this much more often.
RARITY = {Severity.UNACCEPTABLE: 0.1, Severity.MAJOR: 0.7, Severity.MINOR: 1.3}
AGAIN = 3
UNVERIFIABLE = 0.004
OTHER_SEVERITY = 0.1
NOT_SHOWN = "監査の当日に資料を確認できなかった。"


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement: what is needed of it, how often it is not met, and what is written then."""

    requirement: Requirement
    code: str
    category: int
    severity: str
    condition: str
    unmet: float
    text: str


class Rules:
    """A version of the standard, read once, with how often its requirements are met."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.parameters: GradingParameters = standard.parameters
        written: dict[str, Any] = texts.read("findings")
        rows = standard.requirements.select_related("category").order_by("order")
        self.rules = [
            Rule(
                requirement=row,
                code=row.code,
                category=row.category.number,
                severity=row.severity,
                condition=row.condition,
                # Every requirement has a rate of its own, the same for every seed.
                unmet=UNMET[row.category.number]
                * RARITY[Severity(row.severity)]
                * exp(Random(row.code).gauss(0, 0.5)),  # noqa: S311  repeatable, guards nothing
                text=written[row.code]["text"],
            )
            for row in rows
        ]
        self.categories = {rule.code: rule.category for rule in self.rules}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged of one requirement; `severity` is blank unless it is not the rule's own."""

    rule: Rule
    judgement: Judgement
    severity: str = ""
    reason: str = ""

    @property
    def at_stake(self) -> str:
        """Return the severity that counts."""
        return self.severity or self.rule.severity


def judge(
    rng: Random, rules: Iterable[Rule], site: SiteFacts, care: float, before: set[str]
) -> list[Judged]:
    """Judge every requirement; `care` multiplies the rates, `before` are codes not met earlier."""
    found = []
    for rule in rules:
        rate = rule.unmet * care * (AGAIN if rule.code in before else 1)
        drawn = rng.random()
        if not applies(rule.condition, site):
            reason = str(reason_not_applicable(rule.condition))
            found.append(Judged(rule, Judgement.NOT_APPLICABLE, reason=reason))
        elif drawn < rate:
            other = rng.random() < OTHER_SEVERITY and rule.severity != Severity.UNACCEPTABLE
            lighter = Severity.MAJOR if rule.severity == Severity.MINOR else Severity.MINOR
            severity = lighter.value if other else ""
            found.append(Judged(rule, Judgement.NONCONFORMING, severity))
        elif drawn > 1 - UNVERIFIABLE:
            found.append(Judged(rule, Judgement.UNVERIFIABLE, reason=NOT_SHOWN))
        else:
            found.append(Judged(rule, Judgement.CONFORMING))
    return found
