"""The closing meeting: what is told, who signs, what keeps the visit from being finished."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Notice
from accounts.terms import Role
from audits.models import Audit, AuditEvent, ClosingMeeting
from audits.services import fieldwork, meetings
from audits.services.fieldwork import save_finding
from audits.services.records import verify_records
from audits.signatures import path_of
from audits.terms import Judgement, Status
from tests.factories import (
    Scheme,
    audit_at,
    hear_some,
    hold_closing,
    judge_all,
    make_grant,
    make_supplier,
    make_user,
)

pytestmark = pytest.mark.django_db
LINE = "[[[40,40],[200,120]]]"


@pytest.fixture
def judged(scheme: Scheme) -> Audit:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear_some(scheme, audit)
    judge_all(scheme, audit, ["5-7"])
    judge(scheme, audit, "9-1", judgement=Judgement.UNVERIFIABLE, reason="記録が本社にある。")
    return audit


def judge(scheme: Scheme, audit: Audit, code: str, **fields: Any) -> None:
    finding = audit.findings.get(requirement__code=code)
    save_finding(actor=scheme.lead.user, finding=finding, version=finding.version, **fields)


def sentence_of(refusal: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(refusal.value.messages)


def test_list_holds_what_is_nonconforming_or_unverified_without_the_notes(
    judged: Audit, scheme: Scheme
) -> None:
    judge(scheme, judged, "5-7", working_note="内部の見立て")

    closing = hold_closing(scheme, judged, contested={"5-7": " 荷はすぐ片付けます。 "})

    assert [(row.code, row.judgement, row.severity) for row in closing.told] == [
        ("5-7", "nonconforming", judged.findings.get(requirement__code="5-7").severity),
        ("9-1", "unverifiable", ""),
    ]
    assert [row.text for row in closing.told] == [
        "避難通路に台車が置かれていた。",
        "記録が本社にある。",
    ]
    assert [(row.code, row.words) for row in closing.contested] == [("5-7", "荷はすぐ片付けます。")]
    assert "内部の見立て" not in str(closing.findings)
    judged.refresh_from_db()
    assert judged.closing_meeting_at == closing.held_at
    assert meetings.contested_words(judged) == {"5-7": "荷はすぐ片付けます。"}


def test_record_proves_what_was_signed_and_names_nobody(judged: Audit, scheme: Scheme) -> None:
    closing = hold_closing(scheme, judged, contested={"9-1": "本社から取り寄せます。"})

    event = AuditEvent.objects.get(audit=judged, act="closing_signed")
    assert event.payload == {
        "number": 1,
        "function": "工場長",
        "contested": ["9-1"],
        "sha256": meetings.seal_of(closing.told),
    }
    assert "織田" not in str(event.content())
    assert AuditEvent.objects.visible_to(scheme.manager).filter(pk=event.pk).exists()
    assert verify_records(judged.number)[1] == []


def test_supplier_is_told_the_same_moment(judged: Audit, scheme: Scheme) -> None:
    hold_closing(scheme, judged)

    notice = Notice.objects.get(recipient=scheme.manager, key=f"{judged.number}:closing1:supplier")
    assert notice.path == f"/portal/reports/{judged.number}/closing/"


def test_visit_ends_only_with_the_list_signed_as_it_stands(judged: Audit, scheme: Scheme) -> None:
    with pytest.raises(ValidationError) as refusal:
        fieldwork.finish_visit(actor=scheme.lead.user, audit=judged)
    assert {error.code for error in refusal.value.error_list} == {"closing_meeting_recorded"}

    hold_closing(scheme, judged)
    judge(scheme, judged, "9-1", judgement=Judgement.CONFORMING)
    judge(scheme, judged, "1-1", judgement=Judgement.NONCONFORMING)
    with pytest.raises(ValidationError) as refusal:
        fieldwork.finish_visit(actor=scheme.lead.user, audit=judged)
    assert "1-1, 9-1" in sentence_of(refusal)

    with pytest.raises(ValidationError) as refusal:
        hold_closing(scheme, judged)
    assert {error.code for error in refusal.value.error_list} == {"reason"}
    second = hold_closing(scheme, judged, reason="1-1を見落としていた。")
    assert (second.number, [row.code for row in second.told]) == (2, ["1-1", "5-7"])
    assert judged.closing_meetings.current() == second
    replaced = AuditEvent.objects.get(audit=judged, act="closing_replaced")
    assert replaced.comment == "1-1を見落としていた。"
    audit = fieldwork.finish_visit(actor=scheme.lead.user, audit=judged)
    assert audit.status == Status.DRAFTING
    assert audit.closing_meeting_at == second.held_at


def test_rewording_needs_no_further_meeting(judged: Audit, scheme: Scheme) -> None:
    hold_closing(scheme, judged)
    judge(scheme, judged, "5-7", report_text="避難通路に台車が2台置かれていた。")

    audit = fieldwork.finish_visit(actor=scheme.lead.user, audit=judged)

    assert audit.status == Status.DRAFTING


def test_signed_meeting_cannot_be_changed(judged: Audit, scheme: Scheme) -> None:
    closing = hold_closing(scheme, judged)
    rows = ClosingMeeting.objects.filter(pk=closing.pk)

    for attempt in (lambda: rows.update(remarks="違う"), rows.delete, closing.save):
        with pytest.raises(PermissionDenied):
            attempt()
    for attempt in (
        lambda: ClosingMeeting._base_manager.filter(pk=closing.pk)._raw_delete("default"),
        lambda: super(ClosingMeeting, closing).save(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert rows.count() == 1


def test_only_the_lead_and_only_during_the_visit(judged: Audit, scheme: Scheme) -> None:
    told = meetings.findings_to_tell(judged)
    values: dict[str, Any] = {
        "seal": meetings.seal_of(told),
        "held_at": timezone.now(),
        "representative": "織田 誠",
        "function": "工場長",
        "contested": {},
    }
    for person in (scheme.member.user, scheme.desk, scheme.manager, scheme.owner):
        with pytest.raises(PermissionDenied):
            meetings.hold_closing(actor=person, audit=judged, **values)
    hold_closing(scheme, judged)
    fieldwork.finish_visit(actor=scheme.lead.user, audit=judged)
    with pytest.raises(ValidationError):
        hold_closing(scheme, judged, reason="もう一度")
    assert ClosingMeeting.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"seal": "0" * 64},
        {"held_at": timezone.now() + timedelta(days=2)},
        {"held_at": timezone.now() - timedelta(days=2)},
        {"representative": " "},
        {"function": ""},
        {"contested": {"1-1": "適合した項目です。"}},
        {"contested": {"5-7": " "}},
        {"contested": {"5-7": "作業者の田中さんが置いた。"}},
        {"contested": {"5-7": "長" * 4_001}},
        {"remarks": "山田太郎さんが同席した。"},
        {"remarks": "a\x00b"},
        {"strokes": "[[[1,1],[2,2]]]"},
    ],
    ids=[
        "another list", "future", "before the start", "no name", "no function", "not in the list",
        "no words", "a worker in the words", "too long", "a worker in the remarks", "NUL", "a dot",
    ],
)  # fmt: skip
def test_nothing_is_recorded_that_cannot_stand(
    given: dict[str, Any], judged: Audit, scheme: Scheme
) -> None:
    with pytest.raises(ValidationError):
        hold_closing(scheme, judged, **given)

    assert not ClosingMeeting.objects.exists()
    judged.refresh_from_db()
    assert judged.closing_meeting_at is None


def test_worker_in_a_finding_keeps_the_list_from_being_told(judged: Audit, scheme: Scheme) -> None:
    judge(scheme, judged, "5-7", report_text="鈴木さんが台車を置いた。")

    with pytest.raises(ValidationError):
        hold_closing(scheme, judged)


def test_meeting_without_findings_is_signed_too(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear_some(scheme, audit)
    judge_all(scheme, audit)

    assert hold_closing(scheme, audit, strokes=LINE).signature == "M40 40L200 120"
    assert fieldwork.finish_visit(actor=scheme.lead.user, audit=audit).status == Status.DRAFTING


def test_brands_and_other_suppliers_never_read_it(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    make_grant(scheme.site, scheme.brand, granted_by=scheme.manager)
    rows = ClosingMeeting.objects

    assert not rows.visible_to(scheme.brand_user).exists()
    assert not rows.visible_to(make_user(make_supplier().organisation, Role.MANAGER)).exists()
    for person in (scheme.manager, scheme.lead.user, scheme.reviewer, scheme.desk, scheme.owner):
        assert rows.visible_to(person).count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        "{}",
        "[",
        "[[1,2]]",
        "[[[1,2,3]]]",
        '[[["1","2"]]]',
        "[[[1.5,2]]]",
        "[[[true,2]]]",
        "[[[601,2]]]",
        "[[[1,-1]]]",
        '[[["<script>",1]]]',
        "[" * 90_000,
        "1" * 100_001,
        str([[[1, 1]]] * 201),
        str([[[1, 1]] * 6_001]),
    ],
)
def test_signature_takes_numbers_within_the_field_only(sent: str) -> None:
    with pytest.raises(ValidationError):
        path_of(sent)


def test_signature_is_written_anew_from_its_points() -> None:
    assert path_of("") == ""
    assert path_of("[]") == ""
    assert path_of("[[[0,0],[600,200]],[],[[5,5]]]") == "M0 0L600 200M5 5L5 5"
