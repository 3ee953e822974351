"""Interviews: whom to hear, whether enough were heard, who interprets, and the sealed notes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audits.models import Audit, AuditEvent, Interpreter, InterviewNote, SchemeSettings
from audits.portal.supplier.records import shown_events
from audits.sampling import plan
from audits.services import fieldwork, interviews
from audits.services.checking import advice_on
from audits.services.interviews import (
    add_interpreter,
    coverage_of,
    explain_shortfall,
    write_note,
)
from audits.terms import Employer, InterviewForm, Status
from reports.snapshot import build_snapshot
from suppliers.models import SiteProfile
from suppliers.terms import Language
from tests.audits.desks import browser, url
from tests.factories import (
    Scheme,
    audit_at,
    finish_visit,
    hear_some,
    hold_closing,
    judge_all,
)

pytestmark = pytest.mark.django_db


def hear(scheme: Scheme, audit: Audit, stratum: str, planned: int, done: int, **more: Any) -> None:
    interviews.record_sample(
        actor=scheme.lead.user,
        audit=audit,
        stratum=stratum,
        planned=planned,
        done=done,
        **{"language": "ja", **more},
    )


def interpreter(scheme: Scheme, audit: Audit, employer: Employer, **more: Any) -> Interpreter:
    return add_interpreter(
        actor=scheme.lead.user,
        audit=audit,
        language=Language.VIETNAMESE,
        employer=employer,
        **more,
    )


def write(scheme: Scheme, audit: Audit, text: str, **more: Any) -> InterviewNote:
    return write_note(
        actor=scheme.lead.user,
        audit=audit,
        stratum="技能実習",
        language=Language.VIETNAMESE,
        form=InterviewForm.INDIVIDUAL,
        text=text,
        **more,
    )


def profile(**counts: int) -> SiteProfile:
    fields = {"workers_male": 30, "workers_female": 70, "workers_regular": 100} | counts
    return SiteProfile(**fields)


@pytest.mark.parametrize(
    ("site", "least"),
    [
        (profile(), 10),
        (profile(technical_interns=12, specified_skilled=1, minors=1), 26),
        (profile(workers_regular=60, workers_fixed_term=40, homeworkers=5), 10),
        (profile(workers_male=3, workers_female=0, workers_regular=3), 4),
        (profile(workers_regular=0, workers_fixed_term=100, technical_interns=100), 26),
        (profile(), 100),
    ],
)
def test_plan_hears_every_group_and_enough_in_all(site: SiteProfile, least: int) -> None:
    groups = [row for row in plan(site, least) if not row.across]
    total = sum(row.planned for row in groups)

    assert total >= min(least, site.workers)
    for row in groups:
        assert row.heads is not None
        assert 1 <= row.planned <= row.heads
        if not row.japanese:
            assert row.planned >= min(2, row.heads)
    assert total <= max(min(least, site.workers), 2 * len(groups))


def test_plan_shows_sex_dormitory_and_shifts_across_the_groups() -> None:
    site = profile(shifts=2)
    site.has_dormitory = True
    across = {row.name: row.planned for row in plan(site, 10) if row.across}

    assert across == {"女性": 7, "男性": 3, "寮の居住者": 2, "シフト1": 1, "シフト2": 1}
    assert not [row for row in plan(profile(), 10) if row.name.startswith(("寮", "シフト"))]


def test_minimum_comes_from_the_settings_and_never_asks_for_more_than_there_are() -> None:
    settings = SchemeSettings(interview_minimums=[[20, 4], [100, 10], [100_000, 26]])

    assert [settings.interviews_for(n) for n in (3, 20, 21, 101, 5000)] == [3, 4, 10, 26, 26]


def test_too_few_interviews_need_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    judge_all(scheme, audit)
    hear(scheme, audit, "正社員", 4, 2, done_in_groups=1)
    hear(scheme, audit, "女性", 3, 3, across=True)
    audit = Audit.objects.with_people().select_related("profile").get(pk=audit.pk)
    heard = coverage_of(audit)
    assert (heard.least, heard.planned, heard.done, heard.individually) == (6, 4, 2, 1)

    hold_closing(scheme, audit)
    with pytest.raises(ValidationError) as error:
        fieldwork.finish_visit(actor=scheme.lead.user, audit=audit)
    assert len(error.value.messages) == 2
    assert "正社員 2/4" in error.value.messages[1]
    for person, reason in ((scheme.lead, " "), (scheme.lead, "田中さんが休みだった。")):
        with pytest.raises(ValidationError):
            explain_shortfall(actor=person.user, audit=audit, reason=reason)
    with pytest.raises(PermissionDenied):
        explain_shortfall(actor=scheme.desk, audit=audit, reason="停電のため")
    explain_shortfall(
        actor=scheme.member.user, audit=audit, reason="停電のため午後の面談ができなかった。"
    )
    assert fieldwork.finish_visit(actor=scheme.lead.user, audit=audit).status == Status.DRAFTING
    event = AuditEvent.objects.get(audit=audit, act="finish_visit")
    assert (event.payload["interviews"], event.payload["interviews_at_least"]) == (2, 6)
    assert AuditEvent.objects.get(audit=audit, act="interviews_explained").comment
    done = Audit.objects.with_people().select_related("profile").get(pk=audit.pk)
    remarks = advice_on(audit=done, findings=[], reader=scheme.reviewer)
    assert any("停電" in str(remark) for remark in remarks)


def test_enough_interviews_need_none(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    judge_all(scheme, audit)
    assert finish_visit(scheme, audit).status == Status.DRAFTING


def test_groups_are_named_never_persons(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    with pytest.raises(ValidationError, match="田中さん"):
        hear(scheme, audit, "田中さん", 1, 1)
    with pytest.raises(ValidationError):
        hear(scheme, audit, "正社員", 1, 1, done_in_groups=2)
    assert not audit.samples.exists()


@pytest.mark.parametrize(
    ("employer", "name"),
    [
        (Employer.SITE, ""),
        (Employer.BROKER, ""),
        (Employer.AGENCY, "瀬戸内繊維協同組合"),
        (Employer.AGENCY, "〇〇監理団体"),
        (Employer.AGENCY, "the company itself"),
    ],
)
def test_interpreter_of_site_or_broker_is_refused(
    scheme: Scheme, employer: Employer, name: str
) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    if name == "the company itself":
        name = f"{scheme.supplier.name_ja} 総務部"
    with pytest.raises(ValidationError) as error:
        interpreter(scheme, audit, employer, employer_name=name)

    assert error.value.code == "dependent"
    assert not Interpreter.objects.exists()


def test_stated_conflict_is_kept_and_its_interviews_do_not_count(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear_some(scheme, audit)
    audit = Audit.objects.with_people().select_related("profile").get(pk=audit.pk)
    assert not coverage_of(audit).is_short
    row = interpreter(scheme, audit, Employer.BROKER, conflict="当日、予定の通訳者が来なかった。")

    assert row.is_dependent
    event = AuditEvent.objects.get(audit=audit, act="interpreter_conflict")
    assert "来なかった" in event.comment
    heard = coverage_of(audit)
    assert (heard.counted, heard.is_short, heard.dependent) == (3, True, ["ベトナム語"])
    interpreter(scheme, audit, Employer.AGENCY, employer_name="通訳センター")
    assert not coverage_of(audit).is_short  # somebody independent interpreted after all
    assert Interpreter.objects.visible_to(scheme.reviewer).count() == 2
    for person in (scheme.manager, scheme.brand_user):
        assert not Interpreter.objects.visible_to(person).exists()
    assert "interpreter_conflict" not in [e.act for e in shown_events(scheme.manager, audit)]


def test_language_nobody_speaks_is_pointed_out(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear(scheme, audit, "特定技能", 2, 2, language="my")
    audit = Audit.objects.with_people().select_related("profile").get(pk=audit.pk)

    assert coverage_of(audit).unspoken == ["ミャンマー語"]


def test_note_is_sealed_and_names_nobody(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    for text in ("", "連絡先 090-1234-5678", "在留カード AB12345678CD", "x" * 10_001):
        with pytest.raises(ValidationError):
            write(scheme, audit, text, sure=True)
    with pytest.raises(ValidationError) as error:
        write(scheme, audit, "班長の田中さんが怒鳴るという。")
    assert {row.code for row in error.value.error_list} == {"name"}

    note = write(scheme, audit, "地元の木村さんという店の話。", sure=True)
    assert note.label == "N-001"
    # Sent twice, because the answer was lost.
    assert write(scheme, audit, "地元の木村さんという店の話。", sure=True) == note
    event = AuditEvent.objects.get(audit=audit, act="interview_note_written")
    assert event.payload == {"note": "N-001", "warned": 1}
    for person in (scheme.lead.user, scheme.member.user, scheme.reviewer):
        assert InterviewNote.objects.visible_to(person).count() == 1
    for person in (scheme.manager, scheme.desk, scheme.owner, scheme.observer, scheme.brand_user):
        assert not InterviewNote.objects.visible_to(person).exists()
    with pytest.raises(PermissionDenied):
        write_note(
            actor=scheme.reviewer,
            audit=audit,
            stratum="技能実習",
            language=Language.JAPANESE,
            form=InterviewForm.GROUP,
            text="審査員が書く。",
        )


def test_every_reading_of_a_note_is_recorded(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    note = write(scheme, audit, "残業は月60時間ほどという。")
    address = reverse("portal:interview_note", args=[note.pk])
    assert "残業は" not in browser(scheme.lead.user).get(url("interviews", audit)).content.decode()

    for person in (scheme.lead.user, scheme.reviewer):
        answer = browser(person).get(address)
        assert "残業は月60時間" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    for person in (scheme.manager, scheme.desk, scheme.owner, scheme.brand_user):
        assert browser(person).get(address).status_code == 404
    readings = AuditEvent.objects.filter(audit=audit, act="read_interview_note")
    assert [event.actor for event in readings] == [scheme.lead.user, scheme.reviewer]
    assert not readings.visible_to(scheme.manager).exists()


def test_report_tells_counts_by_group_and_nothing_else(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear_some(scheme, audit)
    hear(scheme, audit, "女性", 3, 3, across=True)
    write(scheme, audit, "封印された言葉。")
    data = build_snapshot(Audit.objects.get(pk=audit.pk), None)

    assert [row["stratum"] for row in data["samples"]] == ["技能実習", "正社員"]
    assert "封印された言葉" not in str(data)


def test_page_proposes_saves_and_warns(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client = browser(scheme.lead.user)
    text = client.get(url("interviews", audit)).content.decode()
    assert "寮の居住者" in text
    assert 'name="s-0-planned" value=' in text
    rows = (("正社員", "", "4", "4", "2"), ("女性", "on", "2", "2", ""))
    data: dict[str, Any] = {"act": "sample", "s-TOTAL_FORMS": 2, "s-INITIAL_FORMS": 2}
    for number, row in enumerate(rows):
        names = ("stratum", "across", "planned", "done", "done_in_groups")
        data |= {f"s-{number}-{name}": value for name, value in zip(names, row, strict=True)}
        data[f"s-{number}-language"] = "ja"
    assert client.post(url("interviews", audit), data).status_code == 302
    kept = audit.samples.values_list("stratum", "across", "planned", "done", "done_in_groups")
    assert list(kept) == [("正社員", False, 4, 4, 2), ("女性", True, 2, 2, 0)]
    assert (
        client.post(url("interviews", audit), data | {"s-0-done_in_groups": "5"}).status_code == 422
    )
    assert (
        client.post(url("interviews", audit), data | {"s-0-stratum": "田中さん"}).status_code == 422
    )

    wanted = {"act": "interpreter", "i-language": "vi", "i-employer": "broker"}
    refused = client.post(url("interviews", audit), wanted)
    assert refused.status_code == 422
    assert "通訳ができません" in refused.content.decode()
    assert (
        client.post(url("interviews", audit), wanted | {"i-employer": "agency"}).status_code == 302
    )
    recorded = Interpreter.objects.get(audit=audit)
    away = reverse("portal:interpreter_removal", args=[audit.number, recorded.pk])
    assert browser(scheme.reviewer).post(away).status_code == 403
    assert client.post(away).status_code == 302
    assert not Interpreter.objects.exists()

    note = {"act": "note", "stratum": "正社員", "language": "ja", "form": "group"}
    warned = client.post(url("interviews", audit), note | {"text": "田中さんの話"})
    assert warned.status_code == 422
    assert 'name="sure"' in warned.content.decode()
    assert (
        client.post(
            url("interviews", audit), note | {"text": "田中さんの話", "sure": "on"}
        ).status_code
        == 302
    )
    for person in (scheme.desk, scheme.reviewer):
        assert (
            browser(person).post(url("interviews", audit), note | {"text": "別"}).status_code == 403
        )


def test_reviewer_finds_the_notes_on_the_review_desk(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    note = write(scheme, audit, "封印された言葉。")
    fieldwork.sign(actor=scheme.lead.user, audit=audit)
    desk = browser(scheme.reviewer).get(reverse("console:review", args=[audit.number]))

    assert reverse("portal:interview_note", args=[note.pk]) in desk.content.decode()
    assert "封印された言葉" not in desk.content.decode()


def test_page_asks_for_the_reason_only_when_there_are_too_few(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client = browser(scheme.member.user)
    assert 'value="shortfall"' in client.get(url("interviews", audit)).content.decode()
    wanted = {"act": "shortfall", "reason": "田中さんが休みだった。"}
    assert client.post(url("interviews", audit), wanted).status_code == 422
    assert (
        client.post(url("interviews", audit), wanted | {"reason": "停電のため"}).status_code == 302
    )
    assert "停電のため" in client.get(url("interviews", audit)).content.decode()
    hear_some(scheme, audit)
    assert 'value="shortfall"' not in client.get(url("interviews", audit)).content.decode()
    closing = browser(scheme.lead.user).get(url("closing", audit)).content.decode()
    assert url("interviews", audit) in closing


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_stays(
    scheme: Scheme, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    for number in range(rows):
        hear(scheme, audit, f"組{number}", 1, 1)
        write(scheme, audit, f"話 {number}")
        interpreter(scheme, audit, Employer.AGENCY)
    client = browser(scheme.lead.user)
    with django_assert_num_queries(15):
        client.get(url("interviews", audit))
