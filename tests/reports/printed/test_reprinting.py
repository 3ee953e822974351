"""All reports of a year printed again: one batch at a time, paused, resumed, nothing lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import Notice, OrganisationEvent
from audits.models import Audit, AuditEvent
from reports.models import Remaking, Report, Reprint
from reports.services import reprinting
from reports.services.papers import render
from reports.services.printing import Printed, read_version
from reports.services.remaking import remake
from reports.services.reprinting import Year, pause, resume, retry, start, years
from reports.tasks import sweep_jobs
from reports.terms import JobState
from tests.factories import Scheme
from tests.reports.printed.conftest import jam, other, paper

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture(autouse=True)
def _newer_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprinting, "REPORT", "2")


@pytest.fixture
def both(report: Report) -> list[Report]:
    """Both reports of the audit, printed with the template of yesterday."""
    english = Report.objects.get(audit=report.audit, language="en")
    render(Report, english.pk, typeset=paper)
    return list(Report.objects.order_by("language"))


def states(batch: Reprint) -> list[str]:
    return sorted(Remaking.objects.filter(batch=batch).values_list("state", flat=True))


def finish(batch: Reprint) -> None:
    for item in Remaking.objects.filter(batch=batch):
        remake(item.pk, typeset=other)


def test_years_say_what_would_be_done(both: list[Report]) -> None:
    Report.objects.filter(language="en").update(template_version="2")

    assert years() == [Year(YEAR, 2, 1)]
    assert years()[0].outdated == 1


def test_start_takes_the_outdated_reports_of_the_year(both: list[Report], scheme: Scheme) -> None:
    Report.objects.filter(language="en").update(template_version="2")

    batch = start(actor=scheme.owner, year=YEAR)

    (item,) = Remaking.objects.filter(batch=batch)
    assert item.row() == both[1]
    assert (item.before_version, batch.template_version) == ("1", "2")
    event = OrganisationEvent.objects.get(act=reprinting.STARTED)
    assert event.actor == scheme.owner
    assert event.payload == {"year": YEAR, "template_version": "2", "count": 1}


def test_start_is_for_the_scheme_owner(both: list[Report], scheme: Scheme) -> None:
    for actor in (scheme.desk, scheme.coordinator, scheme.manager, scheme.observer):
        with pytest.raises(PermissionDenied):
            start(actor=actor, year=YEAR)
    assert not Reprint.objects.exists()


def test_start_with_nothing_to_do_is_refused(both: list[Report], scheme: Scheme) -> None:
    with pytest.raises(ValidationError):
        start(actor=scheme.owner, year=YEAR - 1)
    assert not Reprint.objects.exists()
    assert not OrganisationEvent.objects.filter(act=reprinting.STARTED).exists()


def test_second_start_is_refused_until_the_first_is_done(
    both: list[Report], scheme: Scheme
) -> None:
    batch = start(actor=scheme.owner, year=YEAR)
    with pytest.raises(ValidationError, match="別の再印刷"):
        start(actor=scheme.owner, year=YEAR)
    assert Remaking.objects.count() == 2

    finish(batch)
    Report.objects.update(template_version="1")
    assert start(actor=scheme.owner, year=YEAR) != batch


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_batch(both: list[Report], scheme: Scheme) -> None:
    said: list[str] = []
    gate = threading.Barrier(2)

    def click() -> None:
        gate.wait()
        try:
            start(actor=scheme.owner, year=YEAR)
            said.append("started")
        except ValidationError:
            said.append("refused")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _person in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()

    assert sorted(said) == ["refused", "started"]
    assert (Reprint.objects.count(), Remaking.objects.count()) == (1, 2)


def test_items_go_to_their_own_task(
    both: list[Report], scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, *_a, **_k: sent.append(name))
    start(actor=scheme.owner, year=YEAR)

    sweep_jobs()

    assert sent.count("reports.tasks.remake_paper") == 2


def test_batch_gives_new_files_and_keeps_the_old_ones(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)

    finish(batch)

    assert Remaking.objects.filter(batch=batch).counts() | {} == {
        "queued": 0, "running": 0, "ready": 2, "failed": 0, "held": 0, "different": 2,
    }  # fmt: skip
    for before in both:
        after = Report.objects.get(pk=before.pk)
        assert (after.template_version, after.pages) == ("2", 4)
        assert read_version(after, before.sha256) == b"%PDF-1.7 paper"
    assert years()[0].outdated == 0
    events = AuditEvent.objects.filter(act="paper_remade")
    assert {event.actor for event in events} == {scheme.owner}
    # Differences were asked for: they are listed, nobody is alarmed.
    assert not Notice.objects.filter(kind="paper-differs").exists()


def test_newer_template_may_give_the_same_bytes(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)

    for item in Remaking.objects.filter(batch=batch):
        remake(item.pk, typeset=lambda *_: Printed(b"%PDF-1.7 paper", 3, "2"))

    assert set(Remaking.objects.values_list("identical", flat=True)) == {True}
    assert years() == [Year(YEAR, 2, 2)]
    for before in both:
        assert Report.objects.get(pk=before.pk).updated_at == before.updated_at


def test_paused_batch_waits_and_goes_on(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)
    pause(actor=scheme.owner, batch=batch)

    first, second = Remaking.objects.filter(batch=batch)
    assert states(batch) == ["held", "held"]
    assert not remake(first.pk, typeset=other)  # its message was under way

    resume(actor=scheme.owner, batch=batch)
    assert states(batch) == ["queued", "queued"]
    assert remake(second.pk, typeset=other)
    acts = OrganisationEvent.objects.filter(act__startswith="reprint_").order_by("sequence")
    assert [event.act for event in acts] == [
        reprinting.STARTED, reprinting.PAUSED, reprinting.RESUMED,
    ]  # fmt: skip


def test_what_runs_when_paused_is_finished(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)

    def pausing(*_arguments: Any) -> Any:
        pause(actor=scheme.owner, batch=batch)
        return other()

    assert remake(Remaking.objects.filter(batch=batch)[0].pk, typeset=pausing)
    assert states(batch) == ["held", "ready"]


def test_what_fails_when_paused_waits_with_the_others(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)

    def pausing(*_arguments: Any) -> Any:
        pause(actor=scheme.owner, batch=batch)
        raise RuntimeError("paper jam")

    remake(Remaking.objects.filter(batch=batch)[0].pk, typeset=pausing)
    assert states(batch) == ["held", "held"]


def test_pausing_twice_is_recorded_once(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)
    for _click in range(2):
        pause(actor=scheme.owner, batch=batch)
    assert OrganisationEvent.objects.filter(act=reprinting.PAUSED).count() == 1
    with pytest.raises(PermissionDenied):
        resume(actor=scheme.desk, batch=batch)


def test_failed_items_are_tried_again(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)
    for item in Remaking.objects.filter(batch=batch):
        for _time in range(Remaking.MAX_FAILURES):
            Remaking.objects.hurry(item.pk)
            remake(item.pk, typeset=jam)
    assert states(batch) == ["failed", "failed"]
    for before in both:  # nothing happened to what was there
        before.refresh_from_db()
        assert before.template_version == "1"

    assert retry(actor=scheme.owner, batch=batch) == 2
    finish(batch)

    assert states(batch) == ["ready", "ready"]
    assert retry(actor=scheme.owner, batch=batch) == 0


def test_killed_worker_loses_nothing_of_a_batch(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)
    item = Remaking.objects.filter(batch=batch)[0]
    assert Remaking.objects.claim(item.pk, lease=timedelta(seconds=-1)) is not None

    finish(batch)

    assert states(batch) == ["ready", "ready"]


def test_damaged_file_is_repaired_beside_a_paused_batch(both: list[Report], scheme: Scheme) -> None:
    batch = start(actor=scheme.owner, year=YEAR)
    pause(actor=scheme.owner, batch=batch)

    repair = Remaking.objects.ask(both[0], "missing", "")

    assert remake(repair.pk, typeset=paper)
    repair.refresh_from_db()
    assert (repair.state, repair.identical) == (JobState.READY, True)
    assert states(batch) == ["held", "held"]
    assert Audit.objects.count() == 1
