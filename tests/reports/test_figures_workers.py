"""Figures under real transactions: two workers at once, one entry or several, and a dead broker."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from audits.models import Audit
from audits.services.assessment import computed_grade
from audits.services.deciding import issue
from audits.services.perform import perform
from audits.terms import Act, Status
from reports.models import Figure, FigureEntry
from reports.services import counting, figures
from reports.tasks import apply_figures, sweep_jobs
from reports.terms import JobState
from tests.factories import Scheme, audit_at, make_site
from tests.reports.test_figures import counted, reissue

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)


def issued(scheme: Scheme) -> Audit:
    return audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))


def apart(work: Callable[[], T]) -> T:
    """Do the work on a connection of its own."""
    try:
        return work()
    finally:
        connection.close()


class Killed(BaseException):
    """A worker is gone in the middle of its work, and its connection with it."""


def kill_at_random(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Let a worker die before one in eight statements that change counters; nothing is tidied up."""
    draw, add = random.Random(seed), counting.add  # noqa: S311  repeatable, guards nothing

    def add_or_die(*args: Any) -> None:
        if draw.random() < 1 / 8:
            connection.close()
            raise Killed
        add(*args)

    monkeypatch.setattr(counting, "add", add_or_die)


def at_once(deliveries: list[UUID]) -> list[bool]:
    """Deliver each from a thread of its own, all at the same moment."""
    start = Barrier(len(deliveries))

    def deliver(pk: UUID) -> bool:
        start.wait()
        return apart(partial(figures.apply_entry, pk))

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(deliver, deliveries))


def test_two_workers_with_the_same_entry_count_it_once() -> None:
    issued(Scheme())
    entry = FigureEntry.objects.get()

    assert sorted(at_once([entry.pk, entry.pk, entry.pk])) == [False, False, True]

    assert Figure.objects.get(dimension="total", requirement__code="5-7").nonconforming == 1
    assert figures.differences() == []


def test_two_workers_with_different_entries_do_not_lose_nor_block_each_other() -> None:
    scheme = Scheme()
    audits = [issued(scheme) for _each in range(4)]
    perform(audits[0], Act.VOID, actor=scheme.owner, comment="取り消し")
    deliveries = list(FigureEntry.objects.values_list("pk", flat=True))

    assert at_once(deliveries) == [True] * 5

    assert Figure.objects.get(dimension="total", requirement__code="5-7").nonconforming == 3
    assert figures.differences() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_issues_revisions_and_voids_beside_workers_that_die_leave_right_figures(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = Scheme()
    sites = [make_site(scheme.supplier) for _each in range(6)]
    waiting = [audit_at(Status.DECISION, scheme, site=site) for site in sites]
    offices_done = Event()
    kill_at_random(monkeypatch, seed)

    def office(number: int) -> None:
        """Issue every second audit; revise some and declare some void, as others do the same."""
        draw = random.Random(f"{seed} {number}")  # noqa: S311  repeatable, guards nothing
        for audit in waiting[number::2]:
            issue(actor=scheme.decider, audit=audit, grade=computed_grade(audit).grade)
            if draw.random() < 0.6:
                figures.enter_issue(result=reissue(audit, "5-6"))
            if draw.random() < 0.4:
                perform(audit, Act.VOID, actor=scheme.owner, comment="取り消し")

    def worker(number: int) -> int:
        """Count whatever waits, in an order of one's own; start again after each death."""
        draw, deaths = random.Random(f"{seed} worker {number}"), 0  # noqa: S311  as above
        while not offices_done.is_set() or FigureEntry.objects.pending().exists():
            entries = list(FigureEntry.objects.pending().values_list("pk", flat=True))
            draw.shuffle(entries)
            for pk in entries:
                try:
                    figures.apply_entry(pk)
                except Killed:
                    deaths += 1
                # SQLite does not queue writers: one that never pauses would starve the offices.
                offices_done.wait(0.02)
        return deaths

    with ThreadPoolExecutor(5) as pool:
        workers = [pool.submit(apart, partial(worker, number)) for number in range(3)]
        offices = [pool.submit(apart, partial(office, number)) for number in range(2)]
        failures = [each.exception() for each in offices]
        offices_done.set()
        assert sum(each.result() for each in workers) > 0
    assert failures == [None, None]

    assert FigureEntry.objects.count() > len(waiting)
    assert not FigureEntry.objects.pending().exists()
    assert figures.differences() == []
    before = counted()
    figures.rebuild()
    assert counted() == before


def test_a_rebuild_beside_workers_leaves_right_figures() -> None:
    scheme = Scheme()
    deliveries = [entry.pk for entry in FigureEntry.objects.filter(audit=issued(scheme))]
    issued(scheme)
    figures.apply_entry(FigureEntry.objects.pending().exclude(pk__in=deliveries).get().pk)

    with ThreadPoolExecutor(2) as pool:
        rebuilt = pool.submit(apart, figures.rebuild)
        counted = pool.submit(at_once, deliveries)
    assert rebuilt.exception() is None
    assert counted.result() == [True]

    assert figures.differences() == []
    assert Figure.objects.get(dimension="total", requirement__code="5-7").nonconforming == 2


def test_a_broker_that_is_down_does_not_stop_the_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise BrokerError("connection refused")

    monkeypatch.setattr("celery.current_app.send_task", refuse)
    audit = issued(Scheme())

    assert audit.status == Status.ISSUED
    entry = FigureEntry.objects.get(audit=audit)
    assert (entry.state, entry.published_at) == (JobState.QUEUED, None)

    monkeypatch.undo()
    sweep_jobs()
    entry.refresh_from_db()
    assert entry.published_at is not None


def test_the_task_counts_or_keeps_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    issued(Scheme())
    entry = FigureEntry.objects.get()

    def refuse(*args: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("reports.services.counting.add", refuse)
        with pytest.raises(OSError, match="disk full"):
            apply_figures(str(entry.pk))
    entry.refresh_from_db()
    assert (entry.state, entry.applied_at) == (JobState.QUEUED, None)
    assert "disk full" in entry.error

    apply_figures(str(entry.pk))
    entry.refresh_from_db()
    assert (entry.state, entry.error) == (JobState.READY, "")
