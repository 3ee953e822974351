"""A job is done once, however often it is delivered and whoever dies meanwhile."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from audits.terms import Status
from reports.models import Report
from reports.models.jobs import LEASE, LOST_AFTER
from reports.tasks import publish, sweep_jobs
from reports.terms import JobState
from tests.factories import audit_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    audit_at(Status.ISSUED)
    return Report.objects.get(language="ja")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would have gone to the broker: name of the task and key."""
    messages: list[tuple[str, str]] = []

    def send_task(name: str, args: tuple[str, ...], **_options: object) -> None:
        messages.append((name, args[-1]))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return messages


def test_claim_is_given_once(report: Report) -> None:
    first = Report.objects.claim(report.pk)

    assert first is not None
    assert first.attempt == 1
    assert Report.objects.claim(report.pk) is None


def test_claim_after_the_lease_is_given_to_another(report: Report) -> None:
    first = Report.objects.claim(report.pk)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        second = Report.objects.claim(report.pk)

        assert first is not None
        assert second is not None
        assert not Report.objects.finish(first, pages=1)
        assert not Report.objects.renew(first)
        assert Report.objects.finish(second, file="x", sha256="y")
    report.refresh_from_db()
    assert (report.state, report.attempts) == (JobState.READY, 2)


def test_renewed_lease_keeps_others_away(report: Report) -> None:
    claim = Report.objects.claim(report.pk)
    assert claim is not None
    with time_machine.travel(timezone.now() + LEASE - timedelta(seconds=5)):
        assert Report.objects.renew(claim)
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=5)):
        assert Report.objects.claim(report.pk) is None


def test_failure_waits_longer_each_time_and_ends(report: Report) -> None:
    pauses = []
    for _attempt in range(Report.MAX_FAILURES):
        Report.objects.hurry(report.pk)
        claim = Report.objects.claim(report.pk)
        assert claim is not None
        Report.objects.fail(claim, "no paper")
        report.refresh_from_db()
        pauses.append(round((report.due_at - timezone.now()).total_seconds()))

    assert pauses[:3] == [30, 60, 120]
    assert (report.state, report.error) == (JobState.FAILED, "no paper")
    assert Report.objects.claim(report.pk) is None


def died(report: Report, times: int) -> None:
    """A worker claimed the job and was killed, so many times."""
    for _time in range(times):
        assert Report.objects.claim(report.pk, lease=timedelta(seconds=-1)) is not None


def test_death_of_a_worker_is_no_failure_of_its_job(report: Report) -> None:
    died(report, Report.MAX_FAILURES + 2)

    claim = Report.objects.claim(report.pk)
    assert claim is not None
    assert Report.objects.fail(claim, "no paper")
    report.refresh_from_db()
    assert (report.state, report.failures) == (JobState.QUEUED, 1)
    assert round((report.due_at - timezone.now()).total_seconds()) == 30


def test_job_that_takes_every_worker_with_it_ends(report: Report) -> None:
    died(report, Report.MAX_ATTEMPTS)

    assert Report.objects.claim(report.pk) is None
    sweep_jobs()
    report.refresh_from_db()
    assert report.state == JobState.FAILED


def test_failure_at_the_last_claim_does_not_leave_the_job_waiting(report: Report) -> None:
    died(report, Report.MAX_ATTEMPTS - 1)
    claim = Report.objects.claim(report.pk)
    assert claim is not None

    Report.objects.fail(claim, "no paper")

    report.refresh_from_db()
    assert report.state == JobState.FAILED


def test_held_job_is_neither_claimed_nor_swept_until_released(
    report: Report, sent: list[tuple[str, str]]
) -> None:
    rows = Report.objects.filter(pk=report.pk)
    assert rows.hold() == 1
    assert Report.objects.claim(report.pk) is None  # a message that was under way
    sweep_jobs()
    assert ("reports.tasks.render_paper", str(report.pk)) not in sent

    assert rows.release() == 1
    sweep_jobs()
    assert ("reports.tasks.render_paper", str(report.pk)) in sent
    assert Report.objects.claim(report.pk) is not None
    assert rows.hold() == 0  # what runs is not taken away


def test_requeued_job_starts_from_the_first_attempt(report: Report) -> None:
    claim = Report.objects.claim(report.pk)
    assert claim is not None
    Report.objects.fail(claim, "no paper", final=True)

    assert Report.objects.requeue(report.pk)
    assert not Report.objects.requeue(report.pk)
    again = Report.objects.claim(report.pk)
    assert again is not None
    assert again.attempt == 1


def test_sweep_publishes_what_never_was(report: Report, sent: list[tuple[str, str]]) -> None:
    sweep_jobs()

    assert ("reports.tasks.render_paper", str(report.pk)) in sent
    sent.clear()
    sweep_jobs()
    assert sent == []


def test_sweep_publishes_lost_messages_ever_more_rarely(
    report: Report, sent: list[tuple[str, str]]
) -> None:
    start = timezone.now()
    times = []
    for minute in range(16):
        with time_machine.travel(start + minute * LOST_AFTER + timedelta(seconds=minute)):
            sent.clear()
            sweep_jobs()
            if ("reports.tasks.render_paper", str(report.pk)) in sent:
                times.append(minute)

    assert times == [0, 1, 3, 7, 15]


def test_sweep_takes_up_what_a_dead_worker_left(
    report: Report, sent: list[tuple[str, str]]
) -> None:
    sweep_jobs()
    Report.objects.claim(report.pk)
    sent.clear()
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        sweep_jobs()

    assert ("reports.tasks.render_paper", str(report.pk)) in sent


def test_sweep_gives_up_a_job_that_kills_every_worker(report: Report) -> None:
    now = timezone.now()
    Report.objects.filter(pk=report.pk).update(
        state=JobState.RUNNING, attempts=Report.MAX_ATTEMPTS, lease_until=now - LEASE
    )

    sweep_jobs()

    report.refresh_from_db()
    assert report.state == JobState.FAILED
    assert "worker ended" in report.error


def test_sweep_with_the_broker_down_changes_nothing(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)

    assert sweep_jobs() == 0
    report.refresh_from_db()
    assert report.published_at is None


def test_publishing_does_not_wait_for_a_broker_that_is_down(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis+socket:///nowhere/broker.sock")
    start = time.monotonic()

    assert not publish(report)

    assert time.monotonic() - start < 2  # a person waits for this; kombu alone takes six seconds
