"""Submission papers: what they say, what is refused, and that they stay the same."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import override

from audits.models import AuditEvent, Result
from audits.services.perform import perform
from audits.services.records import verify_records
from audits.terms import Act, ResultStatus
from reports.documents.submissions import typeset_submission
from reports.models import Report, Submission, SubmissionFile, SubmissionTarget
from reports.services.papers import render
from reports.services.printing import Printed
from reports.services.submissions import zipped
from reports.snapshot import fingerprint
from reports.snapshot.submissions import Answer
from reports.tasks import render_paper
from reports.terms import JobState
from tests.audits.desks import client_of
from tests.factories import Scheme
from tests.reports.pdfa import complaints
from tests.reports.texts import bare, text_of
from ui.calendars import add_months, months_and_days

if TYPE_CHECKING:
    pass

from tests.reports.submissions.making import ADDRESS, PAPER, kept, made, make, unzip

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        (date(2026, 11, 28), date(2027, 2, 27), (2, 30)),
        (date(2026, 11, 30), date(2027, 2, 28), (3, 0)),
        (date(2026, 1, 31), date(2026, 3, 1), (1, 1)),
        (date(2024, 2, 29), date(2025, 2, 28), (12, 0)),
        (date(2026, 5, 10), date(2026, 5, 10), (0, 0)),
        (date(2026, 5, 10), date(2026, 4, 10), (0, 0)),
    ],
)
def test_months_and_days_are_counted_as_people_do(
    first: date, last: date, left: tuple[int, int]
) -> None:
    assert months_and_days(first, last) == left
    if last > first:
        assert add_months(first, left[0]) + timedelta(days=left[1]) == last


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ja",
            ["提出書類送付票", "御中", "14か月と3日", "時点", "確認済み", "未確認", "必要な書類"],
        ),
        ("en", ["Submission papers", "14 months and 3 days", "counted on", "not confirmed"]),
    ],
)
def test_cover_sheet_says_result_validity_and_answers(
    language: str, words: list[str], scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    SubmissionTarget.objects.update(cover_language=language, statement_language=language)
    target.refresh_from_db()
    answers = {
        "r1": Answer(met=True, paper=PAPER, day=date(2026, 4, 1)),  # the day is not asked for
        "r2": Answer(met=True, paper="宣言", day=date(2026, 4, 1), address=ADDRESS),
        "r3": Answer(met=False, paper="これは残らない"),
    }
    row = made(scheme, result, target, answers=answers)

    files = unzip(kept(row))
    cover, statement, manifest = files.values()
    text = text_of(cover)
    for told in (PAPER, ADDRESS, row.submission.number, *words):
        assert bare(told) in text, told
    assert "これは残らない" not in text
    assert row.members[1]["sha256"] in text
    stated = text_of(statement)
    with translation.override(language):
        for told in (result.get_grade_display(), result.audit.number, result.verification_code):
            assert bare(str(told)) in stated
            assert bare(str(told)) in text or told == result.audit.number
    listed = json.loads(manifest)
    assert [each["name"] for each in listed["files"]] == list(files)[:2]
    for each in listed["files"]:
        assert each["sha256"] == hashlib.sha256(files[each["name"]]).hexdigest()
    assert listed["content_sha256"] == fingerprint(row.submission.content)
    requirements = row.submission.data["requirements"]
    assert [each["met"] for each in requirements] == [True, True, False]
    assert (requirements[0]["day"], requirements[1]["day"]) == (None, "2026-04-01")


def test_statement_marks_provisional_criteria(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    assert not result.official
    data = make(scheme, result, target).submission.data["statement"]
    data |= {"made_at": "2026-11-30T10:00:00+09:00", "submission": "SB-1"}

    statement = typeset_submission("statement", data, "ja").content
    marked = text_of(statement)
    official = text_of(typeset_submission("statement", data | {"official": True}, "ja").content)

    with override("en"):
        assert typeset_submission("statement", data, "ja").content == statement
    assert complaints(statement) == []
    assert bare("正式なものとして公表していない暫定の基準") in marked
    assert "暫定" not in official
    for words in ("判定結果通知", scheme.supplier.name_ja, scheme.site.name_ja):
        assert bare(words) in official


def test_same_set_gives_the_same_bytes(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    row = made(scheme, result, target)
    first = kept(row)
    SubmissionFile.objects.filter(pk=row.pk).update(
        state=JobState.QUEUED, attempts=0, file="", sha256=""
    )
    scheme.supplier.name_ja = "改名した会社"
    scheme.supplier.save()

    render_paper(*row.message)

    row.refresh_from_db()
    assert kept(row) == first
    now = timezone.localtime()
    assert zipped({"a": b"1"}, now) == zipped({"a": b"1"}, now)


def test_making_is_recorded_and_told_to_the_supplier(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    row = make(scheme, result, target)

    event = AuditEvent.objects.visible_to(scheme.manager).get(act="submission_made")
    assert event.payload["note"] == row.submission.number
    assert event.comment == target.name_ja
    assert event.actor == scheme.manager
    assert verify_records(result.audit.number)[1] == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ResultStatus.SUSPENDED, "事務局に確認"),
        (ResultStatus.WITHDRAWN, "新しい監査を申し込んで"),
        (ResultStatus.SUPERSEDED, "新しい判定結果から"),
        (ResultStatus.EXPIRED, "新しい監査を申し込んで"),
    ],
)
def test_result_that_does_not_stand_is_refused(
    status: ResultStatus, words: str, scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    Result.objects.filter(pk=result.pk).update(status=status)

    with pytest.raises(ValidationError) as refusal:
        make(scheme, result, target)

    assert words in "".join(refusal.value.messages)
    assert not Submission.objects.exists()
    assert not AuditEvent.objects.filter(act="submission_made").exists()


def test_void_audit_is_refused(scheme: Scheme, result: Result, target: SubmissionTarget) -> None:
    perform(result.audit, Act.VOID, actor=scheme.owner, comment="別の事業所だった。")

    with pytest.raises(ValidationError):
        make(scheme, result, target)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"renewal_due_on": "soon"}, "short", "3か月未満"),
        ({"renewal_due_on": "over"}, "past_renewal", "過ぎています"),
        ({"renewal_due_on": None}, "no_renewal_day", "定められていません"),
        ({"grade": "none"}, "no_grade", "「判定なし」"),
    ],
)
def test_what_may_not_be_accepted_is_warned_of(
    changes: dict[str, Any],
    code: str,
    words: str,
    scheme: Scheme,
    result: Result,
    target: SubmissionTarget,
) -> None:
    today = timezone.localdate()
    days = {"soon": add_months(today, 3) - timedelta(days=1), "over": today - timedelta(days=1)}
    changes = {name: days.get(value, value) for name, value in changes.items()}
    Result.objects.filter(pk=result.pk).update(**changes)
    result.refresh_from_db()
    client = client_of(scheme.manager)
    address = reverse("portal:submission", args=[result.audit.number])

    row = made(scheme, result, target)

    assert code in row.submission.data["warnings"]
    assert bare(words) in text_of(unzip(kept(row))[row.members[0]["name"]])
    assert "may not accept" in client.get(address).content.decode()


def test_enough_time_is_no_warning(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    exactly = add_months(timezone.localdate(), target.minimum_months)
    Result.objects.filter(pk=result.pk).update(renewal_due_on=exactly, official=True)
    result.refresh_from_db()

    assert make(scheme, result, target).submission.data["warnings"] == []


def test_report_is_enclosed_when_the_target_asks_for_it(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    SubmissionTarget.objects.update(report_language="en")
    target.refresh_from_db()
    with pytest.raises(ValidationError, match="監査報告書を作成しています"):
        make(scheme, result, target)
    report = Report.objects.get(audit=result.audit, language="en")
    render(Report, report.pk, typeset=lambda *_: Printed(b"%PDF-1.7 report", 12, "1"))

    row = made(scheme, result, target)

    files = unzip(kept(row))
    assert [each["paper"] for each in row.members] == ["cover", "statement", "report"]
    assert files[row.members[2]["name"]] == b"%PDF-1.7 report"
    assert row.members[2]["pages"] == 12
