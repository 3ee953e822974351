"""A damaged paper is made again; the same bytes go back, others are told of."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from accounts.models import Notice
from audits.models import AuditEvent
from audits.services.records import verify_records
from reports.models import ConsentPaper, Preliminary, Remaking, Report
from reports.services.papers import PAPERS, render
from reports.services.printing import read_file, read_version
from reports.services.remaking import remake
from reports.services.verifying import on_record
from reports.terms import JobState
from tests.factories import Scheme
from tests.reports.printed.conftest import jam, other, paper
from tests.reports.printed.damaging import forge, lose

pytestmark = pytest.mark.django_db


def asked(report: Report) -> Remaking:
    """The repair that reading a damaged file asks for."""
    with pytest.raises(ValidationError):
        read_file(report)
    return Remaking.objects.repairs().open().get()


@pytest.mark.parametrize("ruin", [forge, lose])
def test_same_bytes_go_back_and_nothing_else_changes(report: Report, ruin: Any) -> None:
    before = Report.objects.filter(pk=report.pk).values().get()
    events = AuditEvent.objects.count()
    ruin(report)
    repair = asked(report)

    assert remake(repair.pk, typeset=paper)

    repair.refresh_from_db()
    assert (repair.state, repair.identical) == (JobState.READY, True)
    assert repair.after_sha256 == repair.before_sha256 == report.sha256
    assert Report.objects.filter(pk=report.pk).values().get() == before
    assert read_file(report) == b"%PDF-1.7 paper"
    assert AuditEvent.objects.count() == events
    assert not Notice.objects.filter(kind="paper-differs").exists()


def test_other_bytes_become_the_file_and_are_told_of(report: Report, scheme: Scheme) -> None:
    before = report.sha256
    lose(report)
    repair = asked(report)

    with capture_logs() as logs:
        assert remake(repair.pk, typeset=other)

    old, report = report, Report.objects.get(pk=report.pk)
    repair.refresh_from_db()
    assert repair.identical is False
    assert (repair.before_version, repair.after_version) == ("1", "2")
    assert (report.pages, report.template_version) == (4, "2")
    assert report.sha256 == repair.after_sha256 != before
    assert report.updated_at > old.updated_at  # brands that ask for changes get it again
    assert read_file(report) == b"%PDF-1.7 a newer look"
    assert ("error", "paper_differs") in [(row["log_level"], row["event"]) for row in logs]
    event = AuditEvent.objects.get(act="paper_remade")
    assert event.payload == {"paper": report.file_name, "before": before, "after": report.sha256}
    assert verify_records(report.audit.number) == (1, [])
    letter = Notice.objects.get(kind="paper-differs", recipient=scheme.owner)
    assert report.file_name in letter.subject


def test_earlier_hashes_stay_known(report: Report) -> None:
    first = report.sha256
    lose(report)
    remake(asked(report).pk, typeset=other)
    report.refresh_from_db()

    assert report.known_hashes == [report.sha256, first]
    for digest in report.known_hashes:
        assert Report.objects.known_as(digest).get() == report
        assert on_record(digest) == report
    assert not Report.objects.known_as("0" * 64).exists()


def test_earlier_file_stays_readable_when_it_is_whole(report: Report) -> None:
    first = report.sha256
    repair = Remaking.objects.ask(report, "damaged", "")

    remake(repair.pk, typeset=other)

    report.refresh_from_db()
    assert report.sha256 != first
    assert read_version(report, first) == b"%PDF-1.7 paper"


def test_failure_is_kept_and_told_to_who_wants_the_file(report: Report) -> None:
    forge(report)
    repair = asked(report)
    for _time in range(Remaking.MAX_FAILURES):
        Remaking.objects.hurry(repair.pk)
        assert not remake(repair.pk, typeset=jam)

    repair.refresh_from_db()
    assert repair.state == JobState.FAILED
    assert "paper jam" in repair.reason
    with pytest.raises(ValidationError, match="作り直すことができませんでした"):
        read_file(report)
    assert Remaking.objects.get() == repair


def test_paper_that_was_changed_meanwhile_is_not_overwritten(report: Report) -> None:
    repair = Remaking.objects.ask(report, "damaged", "")

    def slow(*_arguments: Any) -> Any:
        Report.objects.filter(pk=report.pk).update(sha256="f" * 64)
        return other()

    assert not remake(repair.pk, typeset=slow)

    report.refresh_from_db()
    assert report.sha256 == "f" * 64
    assert Remaking.objects.get().state == JobState.QUEUED  # tried again with what is there then


def test_worker_that_lost_its_claim_changes_nothing(report: Report) -> None:
    repair = Remaking.objects.ask(report, "damaged", "")

    def slow(*_arguments: Any) -> Any:
        Remaking.objects.filter(pk=repair.pk).update(attempts=2)  # somebody else took over
        return other()

    assert not remake(repair.pk, typeset=slow)

    before = report.sha256
    report.refresh_from_db()
    assert report.sha256 == before
    assert not AuditEvent.objects.filter(act="paper_remade").exists()


def test_every_kind_is_made_again_to_the_byte(scheme: Scheme, report: Report) -> None:
    """The real typesetters: what they print twice is the same twice."""
    for row in (
        Preliminary.objects.filter(language="ja")[0],
        Report.objects.get(audit=report.audit, language="en"),
    ):
        kind = type(row)
        assert render(kind, row.pk)
        row.refresh_from_db()
        lose(row)
        repair = Remaking.objects.ask(row, "missing", "")

        assert remake(repair.pk)

        repair.refresh_from_db()
        assert repair.identical is True, kind
        assert read_file(row).startswith(b"%PDF-")
    assert ConsentPaper in PAPERS


def test_reader_is_told_and_served_again_afterwards(scheme: Scheme, report: Report) -> None:
    client = Client()
    client.force_login(scheme.manager)
    address = reverse("portal:report_file", args=[report.pk])
    forge(report)

    page = client.get(address, follow=True).content.decode()
    assert "作り直しています" in page
    remake(Remaking.objects.get().pk, typeset=paper)

    assert client.get(address).content == b"%PDF-1.7 paper"
