"""Submission papers: what they say, what is refused, who holds them, and that they stay the same."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from accounts.terms import Kind, Role
from audits.models import AuditEvent, Result
from audits.services.perform import perform
from audits.services.records import verify_records
from audits.terms import Act, ResultStatus, Status
from reports.documents.submissions import typeset_submission
from reports.models import Report, Submission, SubmissionFile, SubmissionTarget
from reports.services.reporting import Printed, render as render_report
from reports.services.submissions import make_submission, render, zipped
from reports.snapshot import fingerprint
from reports.snapshot.submissions import Answer
from reports.tasks import render_submission
from reports.terms import JobState
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_organisation, make_supplier, make_user
from tests.reports.texts import bare, text_of
from ui.calendars import add_months, months_and_days

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PAPER = "勤怠システムの<b>画面</b>"
ADDRESS = "https://example.jp/declaration.pdf"
QUERIES = 12


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def target(db: None) -> SubmissionTarget:
    return SubmissionTarget.objects.offered()[0]


@pytest.fixture
def result(scheme: Scheme) -> Result:
    """A result of grade A with some time left."""
    audit = audit_at(Status.ISSUED, scheme, nonconforming=())
    Result.objects.filter(audit=audit).update(
        grade="A", renewal_due_on=add_months(timezone.localdate(), 14) + timedelta(days=3)
    )
    return Result.objects.select_related("audit__site__supplier").get(audit=audit)


def make(scheme: Scheme, result: Result, target: SubmissionTarget, **more: Any) -> SubmissionFile:
    more.setdefault("answers", {"r1": Answer(met=True, paper=PAPER)})
    more.setdefault("actor", scheme.manager)
    more.setdefault("seen", target.version)
    return make_submission(result=result, target=target, **more)


def made(scheme: Scheme, result: Result, target: SubmissionTarget, **more: Any) -> SubmissionFile:
    row = make(scheme, result, target, **more)
    render_submission(str(row.pk))
    row.refresh_from_db()
    assert row.state == JobState.READY, row.error
    return row


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def kept(row: SubmissionFile) -> bytes:
    with row.file.open("rb") as file:
        return bytes(file.read())


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

    marked = text_of(typeset_submission("statement", data, "ja").content)
    official = text_of(typeset_submission("statement", data | {"official": True}, "ja").content)

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

    render_submission(str(row.pk))

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
    render_report(report.pk, typeset=lambda *_: Printed(b"%PDF-1.7 report", 12, "1"))

    row = made(scheme, result, target)

    files = unzip(kept(row))
    assert [each["paper"] for each in row.members] == ["cover", "statement", "report"]
    assert files[row.members[2]["name"]] == b"%PDF-1.7 report"
    assert row.members[2]["pages"] == 12


def test_only_managers_of_the_supplier_make_sets(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    reader = make_user(scheme.supplier.organisation, Role.READER)
    stranger = make_user(make_supplier().organisation, Role.MANAGER)
    for person in (reader, stranger, scheme.owner, scheme.coordinator, scheme.brand_user):
        with pytest.raises(PermissionDenied):
            make(scheme, result, target, actor=person)
    address = reverse("portal:submission", args=[result.audit.number])
    for person in (reader, scheme.owner, scheme.coordinator):
        assert client_of(person).get(address).status_code == 200
        assert client_of(person).post(address, {"seen": 1}).status_code == 403


def test_others_fetch_nothing(scheme: Scheme, result: Result, target: SubmissionTarget) -> None:
    row = made(scheme, result, target)
    strangers = [
        make_user(make_supplier().organisation, Role.MANAGER),
        make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR),
        scheme.desk,
        scheme.lead.user,
        scheme.brand_user,
        scheme.observer,
    ]
    for person in strangers:
        client = client_of(person)
        assert client.get(reverse("portal:submission_file", args=[row.pk])).status_code == 404
        assert client.get(reverse("portal:submission_member", args=[row.pk, 1])).status_code == 404
        address = reverse("portal:submission", args=[result.audit.number])
        assert client.get(address).status_code == 404


def test_page_makes_the_set_and_hands_it_out(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    client = client_of(scheme.manager)
    address = reverse("portal:submission", args=[result.audit.number])
    assert "14 months and 3 days" in client.get(address).content.decode()
    answer = {"seen": target.version, "r1_met": "on"}
    refused = client.post(address, answer)
    assert refused.status_code == 422
    assert "Say which paper proves it" in refused.content.decode()
    assert client.post(address, {**answer, "r1_met": "", "r2_day": "2999-01-01"}).status_code == 422

    assert client.post(address, {**answer, "r1_paper": PAPER}).status_code == 302

    row = SubmissionFile.objects.get()
    waiting = client.get(address).content.decode()
    assert "every 4s" in waiting
    assert reverse("portal:submission_file", args=[row.pk]) not in waiting
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert row.submission.number in part
    render_submission(str(row.pk))
    row.refresh_from_db()
    ready = client.get(address).content.decode()
    assert "every 4s" not in ready
    packed = client.get(reverse("portal:submission_file", args=[row.pk]))
    assert packed["Content-Type"] == "application/zip"
    assert f"{row.submission.number}.zip" in packed["Content-Disposition"]
    files = unzip(packed.content)
    for place, member in enumerate(row.members, start=1):
        assert reverse("portal:submission_member", args=[row.pk, place]) in ready
        alone = client.get(reverse("portal:submission_member", args=[row.pk, place]))
        assert alone.content == files[member["name"]]
    assert client.get(reverse("portal:submission_member", args=[row.pk, 9])).status_code == 404


def test_target_changed_meanwhile_is_looked_at_again(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    SubmissionTarget.objects.update(version=2)
    client = client_of(scheme.manager)
    address = reverse("portal:submission", args=[result.audit.number])

    answer = client.post(address, {"seen": 1})

    assert answer.status_code == 422
    assert "was changed in the meantime" in answer.content.decode()
    assert not Submission.objects.exists()


def test_page_of_a_suspended_result_says_why_there_is_no_button(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    row = made(scheme, result, target)
    Result.objects.filter(pk=result.pk).update(status=ResultStatus.SUSPENDED)

    page = client_of(scheme.manager).get(reverse("portal:submission", args=[result.audit.number]))

    text = page.content.decode()
    assert "The papers cannot be made." in text
    assert "Make the submission papers" not in text
    assert "do not submit this set" in text
    assert reverse("portal:submission_file", args=[row.pk]) in text


def test_failure_is_kept_with_its_reason(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    row = make(scheme, result, target)

    def jam(*_: object) -> Printed:
        raise RuntimeError("paper jam")

    assert not render(row.pk, typeset=jam)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.QUEUED, 1)
    page = client_of(scheme.manager).get(reverse("portal:submission", args=[result.audit.number]))
    assert "paper jam" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_no_more_queries_for_more_sets(
    count: int,
    scheme: Scheme,
    result: Result,
    target: SubmissionTarget,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(count):
        make(scheme, result, target)
    client = client_of(scheme.manager)
    with django_assert_num_queries(QUERIES):
        client.get(reverse("portal:submission", args=[result.audit.number]))
