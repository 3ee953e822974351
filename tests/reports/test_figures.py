"""Figures: every issued result is counted once, whatever happens to the messages about it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError

from audits.models import Audit, Result
from audits.services.perform import perform
from audits.terms import Act, Judgement, ResultStatus, Status
from reports.figures import Dimension, Tally
from reports.models import AuditFacts, DaysFigure, Figure, FigureEntry, GradeFigure
from reports.services import counting, figures
from reports.terms import JobState
from tests.factories import Scheme, audit_at, make_site

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
TABLES = (Figure, GradeFigure, DaysFigure)


def issued(scheme: Scheme, *codes: str) -> Audit:
    return audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier), nonconforming=codes)


def reissue(audit: Audit, *codes: str) -> Result:
    """A second revision, as after an appeal that was upheld: other findings, the first superseded."""
    first = audit.results.order_by("-revision")[0]
    audit.results.filter(pk=first.pk).update(status=ResultStatus.SUPERSEDED)
    outcomes = [
        [code, Judgement.NONCONFORMING if code in codes else Judgement.CONFORMING, severity]
        for code, _judgement, severity in first.inputs["outcomes"]
    ]
    return Result.objects.create(
        audit=audit,
        revision=first.revision + 1,
        number=f"{audit.number}-{first.revision + 1}",
        computed_grade=first.computed_grade,
        score=first.score,
        grade="B",
        decided_by=first.decided_by,
        inputs={**first.inputs, "outcomes": outcomes},
        issued_on=first.issued_on,
        # No code of its own has an I: it is too like a 1.
        verification_code=f"{first.verification_code[:10]}I{first.revision}",
    )


def apply_all() -> int:
    return sum(figures.apply_entry(entry.pk) for entry in FigureEntry.objects.pending())


def counted() -> dict[str, set[tuple[object, ...]]]:
    """Every counter that is not zero."""
    found = {}
    for table in counting.TABLES:
        rows = table.model._default_manager.values_list(*table.keys, *table.counts)
        found[table.model.__name__] = {row for row in rows if any(row[len(table.keys) :])}
    return found


def total(code: str = "5-7") -> Tally:
    row = Figure.objects.get(dimension=Dimension.TOTAL, requirement__code=code)
    return Tally(*(getattr(row, name) for name in Tally.__slots__))


def test_an_issued_result_is_entered_and_counted_in_every_dimension() -> None:
    scheme = Scheme()
    audit = issued(scheme, "5-7")

    entry = FigureEntry.objects.get(audit=audit)
    assert (entry.revision, entry.sign, entry.state) == (1, 1, JobState.QUEUED)
    assert not Figure.objects.exists()

    assert figures.apply_entry(entry.pk)

    entry.refresh_from_db()
    assert entry.applied_at is not None
    assert entry.state == JobState.READY
    places = set(Figure.objects.values_list("dimension", "key"))
    today = audit.results.get().issued_on
    assert places == {
        ("total", ""),
        ("month", f"{today:%Y-%m}"),
        ("prefecture", "38"),
        ("process", "weaving"),
        ("process", "dyeing"),
        ("size", "30-49"),
        ("kind", "initial"),
        ("body", scheme.body.pk.hex),
        ("secretariat", scheme.secretariat.pk.hex),
    }
    assert Figure.objects.count() == 84 * len(places)
    assert total("5-7").nonconforming == 1
    assert total("5-7").unacceptable + total("5-7").major + total("5-7").minor == 1
    assert total("5-6") == Tally(conforming=1)
    assert GradeFigure.objects.count() == len(places)


def test_facts_hold_what_the_counters_hold() -> None:
    audit = issued(Scheme(), "5-7", "5-6")
    apply_all()

    facts = AuditFacts.objects.get(audit=audit)
    assert facts.counted == 1
    assert facts.conforming + facts.nonconforming + facts.not_applicable == 84
    assert (facts.nonconforming, facts.nonconforming_5, facts.conforming_5) == (2, 2, 19)
    assert facts.unacceptable + facts.major + facts.minor == 2
    assert facts.days_total == 0
    assert facts.grade == audit.results.get().grade


def test_a_second_delivery_changes_nothing() -> None:
    issued(Scheme())
    entry = FigureEntry.objects.get()

    assert [figures.apply_entry(entry.pk) for _delivery in range(3)] == [True, False, False]
    assert total().judged == 1
    assert figures.differences() == []


def test_issuing_again_enters_nothing_twice() -> None:
    audit = issued(Scheme())
    result = audit.results.get()

    assert figures.enter_issue(result=result) == []
    assert FigureEntry.objects.count() == 1


def test_a_void_audit_is_taken_out() -> None:
    scheme = Scheme()
    kept, gone = issued(scheme, "5-7"), issued(scheme, "5-7")
    apply_all()

    perform(gone, Act.VOID, actor=scheme.owner, comment="虚偽の資料が見つかった。")
    apply_all()

    assert total().nonconforming == 1
    assert figures.differences() == []
    assert AuditFacts.objects.counted().get().audit == kept
    before = counted()
    figures.rebuild()
    assert counted() == before


def test_taking_out_before_adding_comes_to_nothing() -> None:
    scheme = Scheme()
    audit = issued(scheme, "5-7")
    perform(audit, Act.VOID, actor=scheme.owner, comment="虚偽の資料が見つかった。")
    add, out = FigureEntry.objects.order_by("-sign")

    figures.apply_entry(out.pk)
    assert total().nonconforming == -1
    figures.apply_entry(add.pk)

    assert counted() == {"Figure": set(), "GradeFigure": set(), "DaysFigure": set()}


def test_a_new_revision_replaces_the_one_before() -> None:
    audit = issued(Scheme(), "5-7")
    apply_all()

    entered = figures.enter_issue(result=reissue(audit, "5-6"))
    apply_all()

    assert sorted((row.revision, row.sign) for row in entered) == [(1, -1), (2, 1)]
    assert total("5-7") == Tally(conforming=1)
    assert total("5-6").nonconforming == 1
    assert figures.differences() == []


def test_what_is_taken_out_is_what_was_added_though_the_site_has_moved() -> None:
    scheme = Scheme()
    audit = issued(scheme, "5-7")
    apply_all()
    type(audit.site).objects.filter(pk=audit.site_id).update(prefecture=1, processes=["sewing"])

    perform(audit, Act.VOID, actor=scheme.owner, comment="虚偽の資料が見つかった。")
    apply_all()

    assert counted()["Figure"] == set()


def test_dying_half_way_leaves_nothing_and_the_next_worker_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issued(Scheme())
    entry = FigureEntry.objects.get()

    add = counting.add

    def die(table: counting.Table, *args: Any) -> None:
        add(table, *args)
        if table is counting.GRADE_COUNTS:
            raise DatabaseError("the connection is gone")

    with monkeypatch.context() as patch:
        patch.setattr(counting, "add", die)
        with pytest.raises(DatabaseError, match="gone"):
            figures.apply_entry(entry.pk)

    entry.refresh_from_db()
    assert entry.applied_at is None
    assert not Figure.objects.exists()
    assert figures.apply_entry(entry.pk)
    assert figures.differences() == []


def test_a_failure_is_kept_and_tried_again_later() -> None:
    issued(Scheme())
    entry = FigureEntry.objects.get()

    figures.note_failure(entry.pk, "database is locked")

    entry.refresh_from_db()
    assert (entry.state, entry.error) == (JobState.QUEUED, "database is locked")
    assert entry.due_at > entry.created_at
    assert figures.apply_entry(entry.pk)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_of_issues_and_voids_gives_what_a_rebuild_gives(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  repeatable, guards nothing
    scheme = Scheme()
    audits = [issued(scheme, *draw.sample(["5-7", "5-6", "1-1", "8-1"], 2)) for _each in range(4)]
    for audit in draw.sample(audits, 3):
        if draw.random() < 0.5:
            figures.enter_issue(result=reissue(audit, draw.choice(["5-7", "1-2"])))
        if draw.random() < 0.6:
            perform(audit, Act.VOID, actor=scheme.owner, comment="取り消し")
    deliveries = list(FigureEntry.objects.values_list("pk", flat=True)) * 2
    draw.shuffle(deliveries)
    for number, delivery in enumerate(deliveries):
        figures.apply_entry(delivery)
        if number % 5 == 0:
            assert figures.differences() == []

    assert figures.differences() == []
    before = counted()
    figures.rebuild()
    assert counted() == before
    assert figures.differences() == []


def test_entries_not_yet_applied_are_no_difference() -> None:
    issued(Scheme())
    assert figures.differences() == []
    figures.rebuild()
    assert not Figure.objects.exists()


@pytest.mark.parametrize("model", TABLES)
def test_a_wrong_counter_is_found_and_put_right(model: type[Figure]) -> None:
    issued(Scheme(), "5-7")
    apply_all()
    row = model.objects.filter(dimension=Dimension.PREFECTURE)[0]
    column = next(t.counts[0] for t in counting.TABLES if t.model is model)
    model.objects.filter(pk=row.pk).update(**{column: getattr(row, column) + 2})

    (difference,) = figures.differences()
    assert difference.table == model.__name__
    assert difference.excess == {column: 2}
    assert "prefecture 38" in str(difference)

    figures.rebuild()
    assert figures.differences() == []


def test_a_missing_and_a_surplus_counter_are_found() -> None:
    issued(Scheme(), "5-7")
    apply_all()
    Figure.objects.filter(dimension=Dimension.TOTAL, requirement__code="5-7").delete()
    Figure.objects.filter(dimension=Dimension.SIZE, requirement__code="5-7").update(key="300-")

    found = figures.differences()

    assert len(found) == 3
    assert {difference.excess["nonconforming"] for difference in found} == {-1, 1}


def test_wrong_facts_are_found() -> None:
    issued(Scheme())
    apply_all()
    AuditFacts.objects.update(counted=0)

    assert "AuditFacts" in {difference.table for difference in figures.differences()}


def test_counting_costs_the_same_whatever_was_counted_before(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    scheme = Scheme()
    for _round in range(3):
        issued(scheme, "5-7")
        entry = FigureEntry.objects.pending().get()
        with django_assert_num_queries(10):
            figures.apply_entry(entry.pk)


def test_counters_are_read_by_those_they_concern() -> None:
    ours, theirs = Scheme(), Scheme()
    issued(ours)
    issued(theirs)
    apply_all()

    def places(user: object) -> set[tuple[str, str]]:
        return set(Figure.objects.visible_to(user).values_list("dimension", "key"))  # type: ignore[arg-type]

    assert places(ours.coordinator) == {("secretariat", ours.secretariat.pk.hex)}
    assert places(ours.desk) == {("body", ours.body.pk.hex)}
    assert ("total", "") in places(ours.owner)
    assert ("total", "") in places(ours.observer)
    assert places(ours.manager) == set()
    assert places(ours.brand_user) == set()
    assert not FigureEntry.objects.visible_to(ours.desk).filter(audit__body=theirs.body).exists()
    assert AuditFacts.objects.visible_to(ours.desk).count() == 1
