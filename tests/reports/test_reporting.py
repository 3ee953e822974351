"""From issue to a file: queued with the move, printed once, kept, withdrawn with the result."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError

from audits.models import Audit, AuditEvent
from audits.services.perform import perform
from audits.services.results import change_result
from audits.terms import Act, Status
from reports.models import FigureEntry, Report
from reports.models.papers import Paper
from reports.services import printing
from reports.services.papers import PAPERS, render
from reports.services.printing import Printed, read_file
from reports.services.reporting import request_report, retry_report
from reports.tasks import job_models, render_paper
from reports.terms import JobState
from tests.factories import Scheme, audit_at
from tests.reports.texts import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def report(scheme: Scheme) -> Report:
    audit_at(Status.ISSUED, scheme)
    return Report.objects.get(language="ja")


def paper(*_arguments: Any) -> Printed:
    return Printed(b"%PDF-1.7 paper", 1, "1")


def jam(*_arguments: Any) -> Printed:
    raise RuntimeError("paper jam")


def test_issue_queues_japanese_and_english(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    rows = Report.objects.filter(audit=audit).order_by("-language")
    assert [(row.language, row.state, row.revision) for row in rows] == [
        ("ja", "queued", 1),
        ("en", "queued", 1),
    ]
    assert {row.snapshot.sha256 for row in rows} == {rows[0].snapshot.sha256}


def test_issue_publishes_after_the_commit(
    scheme: Scheme,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, **_k: sent.append(args[0]))
    with django_capture_on_commit_callbacks(execute=True):
        audit_at(Status.ISSUED, scheme)
        assert sent == []

    assert sent.count("reports.report") == 2
    assert not Report.objects.filter(published_at=None).exists()


def test_issue_succeeds_with_the_broker_down(
    scheme: Scheme,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        audit = audit_at(Status.ISSUED, scheme)

    assert audit.status == Status.ISSUED
    assert Report.objects.filter(published_at=None, state=JobState.QUEUED).count() == 2


def test_render_twice_prints_once(report: Report) -> None:
    assert render(Report, report.pk, typeset=paper)
    assert not render(Report, report.pk, typeset=jam)

    report.refresh_from_db()
    assert (report.state, report.pages, report.error, report.attempts) == ("ready", 1, "", 1)
    assert report.sha256 == hashlib.sha256(b"%PDF-1.7 paper").hexdigest()
    assert read_file(report) == b"%PDF-1.7 paper"
    assert report.file_name == f"{report.audit.number}_r1_ja.pdf"


def test_task_prints_a_real_report(report: Report) -> None:
    render_paper(*report.message)

    report.refresh_from_db()
    assert report.state == JobState.READY
    assert report.pages is not None
    assert report.pages > 10
    assert report.audit.number in text_of(read_file(report))


def test_every_kind_of_paper_says_how_it_is_printed() -> None:
    assert set(PAPERS) == {model for model in job_models() if issubclass(model, Paper)}
    for how in PAPERS.values():
        assert callable(how.typeset)


def test_failure_keeps_its_reason_and_is_tried_again(report: Report) -> None:
    assert not render(Report, report.pk, typeset=jam)

    report.refresh_from_db()
    assert report.state == JobState.QUEUED
    assert report.reason == "報告書を作成できませんでした。 (RuntimeError: paper jam)"
    Report.objects.hurry(report.pk)
    assert render(Report, report.pk, typeset=paper)


def test_changed_snapshot_is_not_printed(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "fingerprint", lambda _text: "0" * 64)

    assert not render(Report, report.pk, typeset=paper)

    report.refresh_from_db()
    assert "スナップショット" in report.error


def test_worker_that_lost_its_claim_leaves_no_trace(report: Report) -> None:
    def slow(data: Any, language: str, pictures: Any, renew: Any) -> Printed:
        Report.objects.filter(pk=report.pk).update(attempts=2)  # somebody else took over
        renew(50)
        return paper()

    assert not render(Report, report.pk, typeset=slow)

    report.refresh_from_db()
    assert (report.state, report.file.name, report.error) == (JobState.RUNNING, "", "")


def test_progress_is_kept_with_the_job(report: Report) -> None:
    seen: list[int] = []

    def slow(data: Any, language: str, pictures: Any, renew: Any) -> Printed:
        renew(60)
        seen.append(Report.objects.get(pk=report.pk).progress)
        return paper()

    assert render(Report, report.pk, typeset=slow)

    report.refresh_from_db()
    assert (seen, report.progress) == ([60], 100)


def test_retry_is_for_the_desk(scheme: Scheme, report: Report) -> None:
    for _attempt in range(Report.MAX_FAILURES):
        Report.objects.hurry(report.pk)
        render(Report, report.pk, typeset=jam)
    report.refresh_from_db()
    assert report.state == JobState.FAILED

    for actor in (scheme.manager, scheme.lead.user, scheme.brand_user, scheme.observer):
        with pytest.raises(PermissionDenied):
            retry_report(actor=actor, report=report)
    assert retry_report(actor=scheme.desk, report=report).state == JobState.QUEUED
    assert render(Report, report.pk, typeset=paper)


def test_void_withdraws_the_reports(scheme: Scheme, report: Report) -> None:
    perform(report.audit, Act.VOID, actor=scheme.owner, comment="別の工場を監査していた。")

    assert not Report.objects.current().exists()
    assert Report.objects.filter(withdrawn_at=None).count() == 0


def test_withdrawn_result_withdraws_the_reports_and_a_suspended_one_does_not(
    scheme: Scheme, report: Report
) -> None:
    result = report.audit.results.get()

    change_result(actor=scheme.decider, result=result, change="suspend", reason="調査中です。")
    assert Report.objects.current().count() == 2
    assert not FigureEntry.objects.filter(sign=-1).exists()
    change_result(actor=scheme.decider, result=result, change="withdraw", reason="虚偽の書類。")

    assert not Report.objects.current().exists()
    assert FigureEntry.objects.get(sign=-1).audit == report.audit


def test_request_before_issue_is_refused(scheme: Scheme) -> None:
    with pytest.raises(ValidationError, match="草案"):
        request_report(audit=audit_at(Status.DECISION, scheme), language="ja")


def test_request_again_returns_the_same_report(report: Report) -> None:
    assert request_report(audit=report.audit, language="ja") == report
    both = request_report(audit=report.audit, language="both")
    assert both.snapshot == report.snapshot


def test_printing_writes_nothing_into_the_record(report: Report) -> None:
    before = AuditEvent.objects.count()

    render(Report, report.pk, typeset=paper)

    assert AuditEvent.objects.count() == before


def test_command_writes_the_issued_file(report: Report, tmp_path: Any) -> None:
    out = tmp_path / "report.pdf"

    call_command("audit_report", report.audit.number, "--out", str(out))

    report.refresh_from_db()
    assert report.state == JobState.READY
    assert out.read_bytes() == read_file(report)


@pytest.mark.any_database
def test_command_writes_a_draft_before_issue(scheme: Scheme, tmp_path: Any) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    out = tmp_path / "draft.pdf"

    call_command("audit_report", audit.number, "--lang", "en", "--out", str(out))

    assert "DRAFT" in text_of(out.read_bytes())
    assert not Report.objects.exists()


def test_command_says_why_it_cannot(scheme: Scheme, tmp_path: Any) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    with pytest.raises(CommandError, match="no findings yet"):
        call_command("audit_report", audit.number)
    with pytest.raises(CommandError, match="There is no audit"):
        call_command("audit_report", "JASTI-1999-0001")
    assert Audit.objects.filter(pk=audit.pk).exists()
