"""The catalogue that ships is complete and consistent."""

from __future__ import annotations

from collections import Counter

from audits.standards.catalogue import Catalogue
from audits.standards.criteria import GradingParameters
from audits.standards.grading import Outcome, grade


def test_shipped_has_84_requirements_in_nine_categories(shipped: Catalogue) -> None:
    rows = shipped.contents.requirements
    assert [row.order for row in rows] == list(range(1, 85))
    counts = Counter(row.category for row in rows)
    assert [counts[number] for number in range(1, 10)] == [9, 6, 9, 2, 22, 15, 8, 7, 6]


def test_shipped_numbers_requirements_without_gap(shipped: Catalogue) -> None:
    for category in shipped.contents.categories:
        codes = [
            row.code for row in shipped.contents.requirements if row.category == category.number
        ]
        assert codes == [f"{category.number}-{place}" for place in range(1, len(codes) + 1)]


def test_shipped_has_clauses_lettered_from_a_for_every_requirement(shipped: Catalogue) -> None:
    for row in shipped.contents.requirements:
        codes = [
            clause.code for clause in shipped.contents.clauses if clause.requirement == row.code
        ]
        assert codes
        assert codes == [f"{row.code}{letter}" for letter in "abcdefgh"[: len(codes)]]


def test_shipped_clauses_are_sentences_in_both_languages(shipped: Catalogue) -> None:
    for clause in shipped.contents.clauses:
        assert clause.text_ja.endswith("。"), clause.code
        assert clause.text_en.endswith("."), clause.code
        assert clause.text_ja.strip() == clause.text_ja
        assert any("ぁ" <= sign <= "ん" for sign in clause.text_ja)
        assert clause.text_en.isascii() or set(clause.text_en) & set("m²"), clause.code
    texts = [clause.text_ja for clause in shipped.contents.clauses]
    assert len(set(texts)) == len(texts)


def test_shipped_never_speaks_of_certification(shipped: Catalogue) -> None:
    contents = shipped.contents
    texts = [row.text_ja + row.text_en for row in contents.requirements]
    texts += [row.text_ja + row.text_en for row in contents.clauses]
    text = " ".join(texts).lower()
    text = text.replace("生体認証", "")  # Biometrics at the time clock is another matter.
    assert not any(word in text for word in ("認証", "認定証", "certified", "certification"))


def test_shipped_wording_is_marked_as_unofficial(shipped: Catalogue) -> None:
    assert shipped.contents.official is False
    found = Counter(row.provenance for row in shipped.contents.requirements)
    assert found == {"restated": 52, "provisional": 32}


def test_shipped_clauses_share_the_provenance_of_their_requirement(shipped: Catalogue) -> None:
    of = {row.code: row.provenance for row in shipped.contents.requirements}
    assert all(clause.provenance == of[clause.requirement] for clause in shipped.contents.clauses)


def test_shipped_severities_and_conditions_follow_the_scheme(shipped: Catalogue) -> None:
    severity = {row.code: row.severity for row in shipped.contents.requirements}
    gravest = {code for code, word in severity.items() if word == "unacceptable"}
    assert gravest == {"1-1", "1-2", "1-6", "2-1", "2-5", "5-7"}
    condition = {row.code: row.condition for row in shipped.contents.requirements if row.condition}
    assert condition == {
        "2-4": "minors",
        "2-5": "minors",
        "2-6": "minors",
        "3-9": "homeworkers",
        "5-18": "dormitory_or_canteen",
        "5-21": "workers_50",
        "6-5": "foreign_workers",
        "9-1": "foreign_workers",
        "9-2": "foreign_workers",
        "9-3": "brokers",
        "9-4": "brokers",
        "9-5": "brokers",
        "9-6": "foreign_workers",
    }
    clauses = {row.code: row.condition for row in shipped.contents.clauses if row.condition}
    assert clauses["6-1b"] == clauses["5-22a"] == "workers_10"
    assert clauses["5-22b"] == "workers_50"


def test_shipped_criteria_give_a_when_everything_is_met_and_none_for_forced_labour(
    shipped: Catalogue,
) -> None:
    parameters = GradingParameters.from_data(shipped.contents.grading)
    rows = [Outcome(row.code, "conforming", row.severity) for row in shipped.contents.requirements]
    assert grade(parameters, rows).grade == "A"
    rows[0] = Outcome("1-1", "nonconforming", "unacceptable")
    assert grade(parameters, rows).grade == "none"
