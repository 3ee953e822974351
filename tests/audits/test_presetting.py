"""What the profile answers: for a new finding and for one that moves to another version alike."""

from __future__ import annotations

from typing import Any

from audits.models import Finding
from audits.services.presetting import preset
from audits.standards.conditions import SiteFacts
from audits.standards.models import Requirement
from audits.terms import Judgement

NO_DORMITORY = SiteFacts(workers=20)
DORMITORY = SiteFacts(workers=20, dormitory=True)


def finding(condition: str = "dormitory", **fields: Any) -> Finding:
    return Finding(requirement=Requirement(code="5-7", condition=condition), **fields)


def answer(row: Finding) -> tuple[str, bool, bool]:
    return row.judgement, row.preset, bool(row.reason)


def test_requirement_that_does_not_apply_is_answered_with_the_reason() -> None:
    row = finding(judgement=Judgement.NONCONFORMING, severity="major", clauses_not_met=["5-7a"])

    preset(row, NO_DORMITORY)

    assert answer(row) == (Judgement.NOT_APPLICABLE, True, True)
    assert (row.severity, row.clauses_not_met) == ("", [])


def test_what_the_profile_no_longer_says_is_taken_back() -> None:
    row = finding(judgement=Judgement.NOT_APPLICABLE, reason="寮なし", preset=True)

    preset(row, DORMITORY)

    assert answer(row) == (Judgement.UNASSESSED, False, False)


def test_answers_of_people_stay_where_the_requirement_applies_or_nothing_is_known() -> None:
    for facts, condition in ((DORMITORY, "dormitory"), (NO_DORMITORY, ""), (None, "dormitory")):
        row = finding(condition, judgement=Judgement.NOT_APPLICABLE, reason="理由")
        preset(row, facts)
        assert answer(row) == (Judgement.NOT_APPLICABLE, False, True)
