"""Grades: the promises that hold for every parameter set, and the reasons given."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, strategies as st

from audits.standards.criteria import GradingParameters, InvalidParametersError
from audits.standards.explanations import explain, explain_lift
from audits.standards.grading import Outcome, grade, lift
from audits.standards.terms import Judgement, Severity

SEVERITIES = list(Severity.values)
BETTER = {"A": 2, "B": 1, "none": 0}
DATA: dict[str, Any] = {
    "knock_out": ["unacceptable"],
    "points": {"unacceptable": 10, "major": 3, "minor": 1},
    "thresholds": {"A": 90, "B": 70},
    "count_not_applicable": True,
    "maximum": {"A": {"unacceptable": 0, "major": 1}, "B": {"unacceptable": 0, "major": 3}},
}


@st.composite
def parameter_sets(draw: st.DrawFn) -> GradingParameters:
    light, middle, heavy = sorted(draw(st.tuples(*[st.integers(0, 12)] * 3)))
    low, high = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
    limits: dict[str, dict[str, int]] = {"A": {}, "B": {}}
    for severity in SEVERITIES:
        few, many = sorted(draw(st.tuples(st.integers(0, 6), st.integers(0, 6))))
        if draw(st.booleans()):
            limits["A"][severity] = few
            if draw(st.booleans()):
                limits["B"][severity] = many
    return GradingParameters.from_data(
        {
            "knock_out": SEVERITIES[: draw(st.integers(0, 3))],
            "points": {"unacceptable": heavy, "major": middle, "minor": light},
            "thresholds": {"A": high, "B": low},
            "count_not_applicable": draw(st.booleans()),
            "maximum": limits,
        }
    )


outcome_lists = st.lists(
    st.tuples(st.sampled_from(Judgement.values), st.sampled_from(SEVERITIES)),
    min_size=1,
    max_size=20,
).map(lambda pairs: [Outcome(f"1-{place}", *pair) for place, pair in enumerate(pairs, 1)])


def rank(parameters: GradingParameters, outcomes: list[Outcome]) -> tuple[int, Decimal]:
    result = grade(parameters, outcomes)
    return BETTER[result.grade], result.score


@given(parameter_sets(), outcome_lists, st.data())
def test_further_nonconformity_never_improves(
    parameters: GradingParameters, outcomes: list[Outcome], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(outcomes) - 1))
    worse = list(outcomes)
    judgement = outcomes[place].judgement
    # Whatever the severity of the finding, unless the requirement already counted as not shown.
    severity = (
        data.draw(st.sampled_from(SEVERITIES))
        if judgement in (Judgement.CONFORMING, Judgement.NOT_APPLICABLE)
        else outcomes[place].severity
    )
    worse[place] = Outcome(outcomes[place].code, "nonconforming", severity)
    before, after = rank(parameters, outcomes), rank(parameters, worse)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@given(parameter_sets(), outcome_lists, st.sampled_from(SEVERITIES))
def test_nonconformity_more_never_improves(
    parameters: GradingParameters, outcomes: list[Outcome], severity: str
) -> None:
    more = [*outcomes, Outcome("2-1", "nonconforming", severity)]
    before, after = rank(parameters, outcomes), rank(parameters, more)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@given(parameter_sets(), outcome_lists, st.data())
def test_not_applicable_never_worsens(
    parameters: GradingParameters, outcomes: list[Outcome], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(outcomes) - 1))
    better = list(outcomes)
    # A nonconforming finding carries its own severity; without it the requirement's counts again.
    severity = (
        data.draw(st.sampled_from(SEVERITIES))
        if outcomes[place].judgement == Judgement.NONCONFORMING
        else outcomes[place].severity
    )
    better[place] = Outcome(outcomes[place].code, "not_applicable", severity)
    before, after = rank(parameters, outcomes), rank(parameters, better)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(parameter_sets(), outcome_lists, st.data())
def test_order_does_not_matter(
    parameters: GradingParameters, outcomes: list[Outcome], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(outcomes))
    assert grade(parameters, shuffled) == grade(parameters, outcomes)
    assert lift(parameters, shuffled) == lift(parameters, outcomes)


@given(parameter_sets(), outcome_lists, st.data())
def test_graver_finding_never_improves(
    parameters: GradingParameters, outcomes: list[Outcome], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(outcomes) - 1))
    heavy, light = sorted(data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2))))
    graver, lighter = list(outcomes), list(outcomes)
    code = outcomes[place].code
    graver[place] = Outcome(code, "nonconforming", SEVERITIES[heavy])
    lighter[place] = Outcome(code, "nonconforming", SEVERITIES[light])
    before, after = rank(parameters, lighter), rank(parameters, graver)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@given(parameter_sets(), outcome_lists, st.data())
def test_what_was_not_shown_stands_between_conforming_and_nonconforming(
    parameters: GradingParameters, outcomes: list[Outcome], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(outcomes) - 1))
    ranks = []
    for judgement in ("nonconforming", "unverifiable", "conforming"):
        rows = list(outcomes)
        rows[place] = replace(outcomes[place], judgement=judgement)
        ranks.append(rank(parameters, rows)[0])
    assert ranks == sorted(ranks)


@given(parameter_sets(), outcome_lists)
def test_lift_reaches_a_better_grade_and_no_smaller_set_does(
    parameters: GradingParameters, outcomes: list[Outcome]
) -> None:
    now = grade(parameters, outcomes)
    step = lift(parameters, outcomes)
    if now.grade == "A":
        assert step is None
        return
    assert step is not None
    assert step.reasons

    def with_met(codes: tuple[str, ...]) -> str:
        rows = [
            replace(row, judgement="conforming") if row.code in codes else row for row in outcomes
        ]
        return grade(parameters, rows).grade

    assert BETTER[with_met(step.codes)] > BETTER[now.grade]
    assert with_met(step.codes) == step.target
    lost = [
        row.code
        for row in outcomes
        if row.judgement not in (Judgement.CONFORMING, Judgement.NOT_APPLICABLE)
    ]
    if len(lost) <= 8:
        fewer = combinations(lost, len(step.codes) - 1)
        assert all(BETTER[with_met(codes)] <= BETTER[now.grade] for codes in fewer)


@given(parameter_sets(), outcome_lists)
def test_every_reason_can_be_said_in_both_languages(
    parameters: GradingParameters, outcomes: list[Outcome]
) -> None:
    result, step = grade(parameters, outcomes), lift(parameters, outcomes)
    sentences = [*explain(result), *(explain_lift(step) if step else ())]
    assert sentences
    for language, end in (("ja", "。"), ("en", ".")):
        with override(language):
            for sentence in sentences:
                assert str(sentence).endswith(end)
                assert "%(" not in str(sentence)


def rows_with(**judgements: str) -> list[Outcome]:
    """Two unacceptable, twenty major and ten minor requirements, those named judged otherwise."""
    severities = ["unacceptable"] * 2 + ["major"] * 20 + ["minor"] * 10
    return [
        Outcome(f"1-{place}", judgements.get(f"r{place}", "conforming"), severity)
        for place, severity in enumerate(severities, 1)
    ]


@pytest.mark.parametrize(
    ("judgements", "expected", "score"),
    [
        ({}, "A", "100"),
        ({"r3": "nonconforming"}, "A", "96.6"),
        ({"r3": "nonconforming", "r4": "nonconforming"}, "B", "93.3"),
        ({"r3": "unverifiable", "r4": "unassessed"}, "B", "93.3"),
        ({"r3": "not_applicable", "r4": "nonconforming"}, "A", "96.6"),
        ({f"r{place}": "nonconforming" for place in range(3, 7)}, "none", "86.6"),
        ({"r1": "nonconforming"}, "none", "88.8"),
        ({"r1": "unverifiable"}, "none", "88.8"),
        ({f"r{place}": "nonconforming" for place in range(23, 33)}, "B", "88.8"),
    ],
)
def test_grade_of_an_audit(judgements: dict[str, str], expected: str, score: str) -> None:
    result = grade(GradingParameters.from_data(DATA), rows_with(**judgements))
    assert (result.grade, result.score) == (expected, Decimal(score))


def test_points_come_off_a_hundred_when_not_applicable_is_not_counted() -> None:
    parameters = GradingParameters.from_data({**DATA, "count_not_applicable": False})
    assert grade(parameters, rows_with(r3="nonconforming")).score == 97
    met_by_not_applying = rows_with(r3="nonconforming", r4="not_applicable")
    assert grade(parameters, met_by_not_applying).score == 97


def test_explanation_names_threshold_limit_and_way_up() -> None:
    parameters = GradingParameters.from_data(DATA)
    rows = rows_with(r3="nonconforming", r4="nonconforming")
    step = lift(parameters, rows)
    assert step is not None
    with override("ja"):
        assert [str(sentence) for sentence in explain(grade(parameters, rows))] == [
            "得点は93.3点で、B判定の基準である70点を満たしています。",
            (
                "重大度が「重要以上」で不適合・確認不能・未評価の所見が2件あり(1-3、1-4)、"
                "A判定で認められる1件を超えています。"
            ),
        ]
        assert [str(sentence) for sentence in explain_lift(step)] == [
            "あと1件の要求事項(1-3)に適合すれば、A判定になります。"
        ]
    with override("en"):
        assert str(explain_lift(step)[0]) == (
            "Grade A would be reached with one more requirement met: 1-3."
        )


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("knock_out", "unacceptable", "knock_out"),
        ("knock_out", ["fatal"], "knock_out"),
        ("knock_out", ["major"], "knock_out"),
        ("points", {"unacceptable": 1, "major": 1}, "points.minor"),
        ("points", {"unacceptable": 1, "major": 2, "minor": 0}, "points"),
        ("points", {"unacceptable": 1, "major": 1, "minor": -1}, "points.minor"),
        ("points", {"unacceptable": 1.5, "major": 1, "minor": 1}, "points.unacceptable"),
        ("points", {"unacceptable": True, "major": 1, "minor": 1}, "points.unacceptable"),
        ("points", {"unacceptable": 1, "major": 1, "minor": 1, "x": 1}, "points.x"),
        ("points", None, "points"),
        ("thresholds", {"A": 101, "B": 1}, "thresholds"),
        ("thresholds", {"A": 50, "B": 60}, "thresholds"),
        ("count_not_applicable", "yes", "count_not_applicable"),
        ("maximum", {"C": {}}, "maximum"),
        ("maximum", {"A": {"fatal": 1}}, "maximum.A.fatal"),
        ("maximum", {"B": {"major": 1}}, "maximum.A.major"),
        ("maximum", {"A": {"major": 2}, "B": {"major": 1}}, "maximum.A.major"),
        ("bonus", 1, "bonus"),
    ],
)
def test_bad_parameters_are_named(field: str, value: object, named: str) -> None:
    with pytest.raises(InvalidParametersError) as caught:
        GradingParameters.from_data({**DATA, field: value})
    assert caught.value.field == named


def test_parameters_that_are_no_mapping_are_refused() -> None:
    with pytest.raises(InvalidParametersError):
        GradingParameters.from_data([])
