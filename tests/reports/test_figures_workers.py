"""Figures under real transactions: two workers at once, one entry or several, and a dead broker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

import pytest
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from audits.models import Audit
from audits.services.perform import perform
from audits.terms import Act, Status
from reports.models import Figure, FigureEntry
from reports.services import figures
from reports.tasks import apply_figures, sweep_jobs
from reports.terms import JobState
from tests.factories import Scheme, audit_at, make_site

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
