"""The nightly look at the figures finds every wrong row within a week, and tells the scheme owner."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from accounts.models import Notice
from audits.terms import Status
from reports.figures import Dimension
from reports.models import AuditFacts, DaysFigure, Figure, FigureEntry, GradeFigure
from reports.services import counting, figures
from reports.services.figure_rounds import ROUND, check_night, places_of
from reports.tasks import check_figures
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
WEEK = [date(2026, 6, 1) + timedelta(days=night) for night in range(ROUND)]


@pytest.fixture
def scheme() -> Scheme:
    scheme = Scheme()
    audit_at(Status.ISSUED, scheme)
    for entry in FigureEntry.objects.pending():
        figures.apply_entry(entry.pk)
    return scheme


def found_in_a_week() -> list[figures.Difference]:
    return [row for night in WEEK for row in check_night(night, seconds=60)]


def test_every_place_has_its_turn_once_a_week(scheme: Scheme) -> None:
    turns = Counter(place for night in WEEK for place in places_of(night))

    assert turns == Counter(counting.all_places())
    assert len(turns) == 9
    assert places_of(WEEK[0]) == places_of(WEEK[0] + timedelta(days=ROUND))


def test_right_figures_are_told_to_nobody(scheme: Scheme) -> None:
    assert found_in_a_week() == []
    assert not Notice.objects.filter(kind="figures-differ").exists()


@pytest.mark.parametrize("dimension", Dimension.values)
def test_a_wrong_counter_of_any_dimension_is_found(scheme: Scheme, dimension: str) -> None:
    row = Figure.objects.filter(dimension=dimension, requirement__code="5-7")[0]
    Figure.objects.filter(pk=row.pk).update(nonconforming=row.nonconforming + 3)

    (found,) = found_in_a_week()

    assert (found.table, found.excess) == ("Figure", {"nonconforming": 3})
    assert found.key.startswith(f"{dimension} {row.key}".strip())


def test_missing_and_surplus_counters_are_found(scheme: Scheme) -> None:
    GradeFigure.objects.filter(dimension=Dimension.MONTH).delete()
    DaysFigure.objects.filter(dimension=Dimension.KIND, step="total").update(key="nonsense")

    found = {(row.table, row.key.split()[0]) for row in found_in_a_week()}

    assert found == {("GradeFigure", "month"), ("DaysFigure", "kind")}


def test_facts_that_the_ledger_contradicts_are_found_in_any_night(scheme: Scheme) -> None:
    AuditFacts.objects.update(counted=2)

    assert all(
        "AuditFacts" in {row.table for row in check_night(night, seconds=60)} for night in WEEK
    )


def test_the_task_raises_an_alarm(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    Figure.objects.update(conforming=99)

    with capture_logs() as logs:
        for night in WEEK:
            monkeypatch.setattr("django.utils.timezone.localdate", lambda night=night: night)
            check_figures()

    assert {(row["log_level"], row["event"]) for row in logs} == {("error", "figures_differ")}
    letters = Notice.objects.filter(kind="figures-differ")
    assert {letter.recipient for letter in letters} == {scheme.owner}
    assert "rebuild_figures" in letters[0].body
    assert "conforming +" in letters[0].body


def test_a_night_that_is_over_begins_nothing_and_says_so(scheme: Scheme) -> None:
    Figure.objects.update(conforming=99)
    busy = next(night for night in WEEK if places_of(night))

    with capture_logs() as logs:
        assert check_night(busy, seconds=-1) == []

    assert [(row["event"], row["left"]) for row in logs] == [
        ("figures_not_all_checked", len(places_of(busy)))
    ]


def test_a_night_costs_three_statements_a_place(
    scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    busy = max(WEEK, key=lambda night: len(places_of(night)))
    with django_assert_num_queries(2 + 3 * len(places_of(busy))):
        check_night(busy, seconds=60)
