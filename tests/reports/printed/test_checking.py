"""Every paper is read in turn, the one not read for longest first, and damaged ones are found."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from structlog.testing import capture_logs

from reports.models import Preliminary, Remaking, Report
from reports.services import checking
from reports.services.checking import check_slice
from reports.services.papers import render
from reports.services.remaking import remake
from reports.tasks import check_papers
from reports.terms import JobState
from tests.reports.printed.conftest import jam, paper
from tests.reports.printed.damaging import forge, lose

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=3)


def aged(*rows: Any) -> None:
    for place, row in enumerate(rows):
        type(row).objects.filter(pk=row.pk).update(checked_at=LONG_AGO + timedelta(hours=place))


@pytest.fixture
def summary(report: Report) -> Preliminary:
    row = Preliminary.objects.filter(language="ja")[0]
    render(Preliminary, row.pk, typeset=paper)
    row.refresh_from_db()
    return row


def test_round_reads_papers_of_every_kind_once(report: Report, summary: Preliminary) -> None:
    aged(report, summary)
    start = timezone.now()

    found = check_slice(before=start, seconds=60)

    assert found.read == {"reports.report": 1, "reports.preliminary": 1}
    assert found.damaged == []
    for row in (report, summary):
        row.refresh_from_db()
        assert row.checked_at >= start
    assert check_slice(before=start, seconds=60).read == {}


def test_slice_begins_with_what_was_not_read_for_longest(
    report: Report, summary: Preliminary, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = Report.objects.get(language="en")
    render(Report, english.pk, typeset=paper)
    aged(summary, english, report)
    monkeypatch.setattr(checking, "AT_ONCE", 1)
    order: list[str] = []

    def note(name: str) -> str:
        order.append(name.split("/")[2])
        return "x"

    monkeypatch.setattr(checking, "digest_at", note)
    check_slice(before=timezone.now(), seconds=60)

    assert order == [str(row.pk) for row in (summary, english, report)]


def test_slice_ends_in_time_and_the_next_goes_on(report: Report) -> None:
    aged(report)

    assert check_slice(before=timezone.now(), seconds=0).read == {}
    assert check_slice(before=timezone.now(), seconds=60).read == {"reports.report": 1}


@pytest.mark.parametrize("ruin", [forge, lose])
def test_damaged_paper_is_found_by_the_nightly_task(report: Report, ruin: Any) -> None:
    aged(report)
    ruin(report)

    with capture_logs() as logs:
        check_papers()

    assert Remaking.objects.get().paper == report.pk
    assert [row["paper"] for row in logs if row["event"] == "paper_damaged"] == [report.file_name]


@pytest.mark.parametrize("fate", ["superseded", "withdrawn"])
def test_papers_that_no_longer_stand_are_kept_as_well(report: Report, fate: str) -> None:
    changes: dict[str, Any] = (
        {"withdrawn_at": timezone.now()}
        if fate == "withdrawn"
        else {"superseded_by": Report.objects.get(language="en")}
    )
    Report.objects.filter(pk=report.pk).update(**changes)
    aged(report)
    lose(report)

    check_papers()
    assert remake(Remaking.objects.get().pk, typeset=paper)

    assert Remaking.objects.get().identical is True


def test_repair_that_failed_is_tried_again_the_next_night(report: Report) -> None:
    aged(report)
    lose(report)
    check_papers()
    repair = Remaking.objects.get()
    for _time in range(Remaking.MAX_FAILURES):
        Remaking.objects.hurry(repair.pk)
        remake(repair.pk, typeset=jam)
    assert Remaking.objects.get().state == JobState.FAILED

    aged(report)
    check_papers()

    assert Remaking.objects.get().state == JobState.QUEUED


def test_disk_that_is_not_there_does_not_have_everything_made_again(
    report: Report, summary: Preliminary, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(report, summary)
    lose(report)
    lose(summary)
    monkeypatch.setattr(checking, "MOST_REPAIRS", 1)
    monkeypatch.setattr(checking, "AT_ONCE", 1)

    with capture_logs() as logs:
        check_papers()

    assert Remaking.objects.count() == 1
    assert "papers_damaged_in_masses" in [row["event"] for row in logs]


def test_command_counts_and_ends_with_one_when_something_is_damaged(report: Report) -> None:
    out = StringIO()
    call_command("check_papers", stdout=out)
    assert "reports.report: 1 read" in out.getvalue()
    assert not Remaking.objects.exists()
    forge(report)

    with pytest.raises(SystemExit) as ended:
        call_command("check_papers", stdout=out)
    assert ended.value.code == 1
    assert f"damaged: {report.file_name}" in out.getvalue()
    assert not Remaking.objects.exists()

    with pytest.raises(SystemExit):
        call_command("check_papers", "--repair", stdout=out)
    assert Remaking.objects.get().paper == report.pk
