"""Which conditions hold for which site, and why not."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from audits.standards.conditions import SiteFacts, applies, reason_not_applicable
from audits.standards.terms import Condition


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("", SiteFacts(workers=1), True),
        ("dormitory_or_canteen", SiteFacts(workers=1), False),
        ("dormitory_or_canteen", SiteFacts(workers=1, dormitory=True), True),
        ("dormitory_or_canteen", SiteFacts(workers=1, canteen=True), True),
        ("dormitory", SiteFacts(workers=1, canteen=True), False),
        ("dormitory", SiteFacts(workers=1, dormitory=True), True),
        ("canteen", SiteFacts(workers=1, dormitory=True), False),
        ("canteen", SiteFacts(workers=1, canteen=True), True),
        ("foreign_workers", SiteFacts(workers=9), False),
        ("foreign_workers", SiteFacts(workers=9, foreign_workers=1), True),
        ("brokers", SiteFacts(workers=9, foreign_workers=1), False),
        ("brokers", SiteFacts(workers=9, brokers=True), False),
        ("brokers", SiteFacts(workers=9, foreign_workers=1, brokers=True), True),
        ("homeworkers", SiteFacts(workers=9), False),
        ("homeworkers", SiteFacts(workers=9, homeworkers=1), True),
        ("minors", SiteFacts(workers=9), False),
        ("minors", SiteFacts(workers=9, minors=1), True),
        ("workers_10", SiteFacts(workers=9), False),
        ("workers_10", SiteFacts(workers=10), True),
        ("workers_50", SiteFacts(workers=49), False),
        ("workers_50", SiteFacts(workers=50), True),
    ],
)
def test_condition_applies(condition: str, facts: SiteFacts, expected: bool) -> None:
    assert applies(condition, facts) is expected


@pytest.mark.parametrize("condition", Condition.values)
def test_condition_has_a_reason_in_both_languages(condition: str) -> None:
    reason = reason_not_applicable(condition)
    with override("ja"):
        assert str(reason).endswith("該当しません。")
    with override("en"):
        assert str(reason).startswith("The site ")


def test_unknown_condition_is_an_error() -> None:
    with pytest.raises(KeyError):
        applies("weather", SiteFacts(workers=1))
