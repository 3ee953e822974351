"""Documents of an audit: asked for by the standard, sent by the supplier, judged by the team."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Notice
from accounts.terms import Role
from audits.models import Audit, AuditEvent, Finding, SuppliedFile
from audits.portal.supplier.records import shown_events
from audits.services.document_list import DocumentList
from audits.services.documents import (
    accept_documents,
    answer_for,
    ask_for,
    flag_document,
    send_file,
)
from audits.services.supplied import MOST_FILES
from audits.standards.documents import Hint, documents_in, key_of
from audits.terms import DocumentState, Judgement, Status, SupplierAnswer
from tests.factories import Scheme, audit_at, make_grant, make_user, picture

pytestmark = pytest.mark.django_db

LEDGER = key_of("賃金台帳")
RULES = key_of("就業規則")


def pdf(text: str = "賃金") -> io.BytesIO:
    return io.BytesIO(b"%PDF-1.7 " + text.encode() + b"\n%%EOF\n")


def send(scheme: Scheme, audit: Audit, key: str = LEDGER, text: str = "賃金") -> SuppliedFile:
    return send_file(
        actor=scheme.manager, audit=audit, key=key, file=pdf(text), name="田中太郎.pdf"
    )


def state(scheme: Scheme, audit: Audit, key: str = LEDGER) -> DocumentState:
    item = DocumentList(audit, scheme.lead.user).get(key)
    assert item is not None
    return item.state


def test_each_document_is_asked_for_once_with_all_that_it_serves() -> None:
    found = documents_in(
        [
            Hint(
                "1-1",
                1,
                "賃金台帳、研修資料(日、英)、面談記録、写真",
                "Wage ledger, slides (ja, en), notes, photos",
            ),
            Hint("6-2", 6, "労使協定、 賃金台帳", "labour agreement, wage ledger"),
            Hint("6-3", 6, "退職届、規程", "Only one name here"),
        ]
    )

    assert [(row.name_ja, row.name_en, row.codes) for row in found] == [
        ("賃金台帳", "Wage ledger", ["1-1", "6-2"]),
        ("研修資料(日、英)", "Slides (ja, en)", ["1-1"]),
        ("労使協定", "Labour agreement", ["6-2"]),
        ("退職届", "", ["6-3"]),
        ("規程", "", ["6-3"]),
    ]
    assert found[0].categories == {1, 6}


def test_list_comes_from_the_applicable_requirements(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    listed = DocumentList(audit, scheme.manager)
    preset = Finding.objects.filter(audit=audit, preset=True, judgement=Judgement.NOT_APPLICABLE)
    left_out = set(preset.values_list("requirement__code", flat=True))

    assert left_out
    named = {code for item in listed.items for code in item.codes}
    assert named
    assert not named & left_out
    ledger = listed.get(LEDGER)
    assert ledger is not None
    assert len(ledger.codes) > 5
    assert "several" in [s.key for s in listed.sections() if ledger in s.items]
    assert sum(len(section.items) for section in listed.sections()) == len(listed.items)
    assert {item.key for item in listed.serving("1-3")} >= {LEDGER}


def test_supplier_sends_and_the_team_accepts(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    first = send(scheme, audit)

    assert (first.label, first.media_type, first.name) == (
        "D-001",
        "application/pdf",
        "田中太郎.pdf",
    )
    assert str(first.file).endswith(str(first.pk))
    assert send(scheme, audit).pk == first.pk  # the same again is kept once
    assert state(scheme, audit) == DocumentState.SENT
    assert (
        Notice.objects.filter(recipient=scheme.lead.user, key__contains=":documents:").count() == 1
    )

    accept_documents(actor=scheme.member.user, audit=audit, keys=[LEDGER])
    assert state(scheme, audit) == DocumentState.ACCEPTED
    send(scheme, audit, text="別の月")
    assert state(scheme, audit) == DocumentState.SENT  # there is something new to look at


def test_flagged_document_is_told_with_the_reason_and_can_be_sent_again(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    send(scheme, audit)
    flag_document(actor=scheme.lead.user, audit=audit, key=LEDGER, reason="4月分がありません。")

    assert state(scheme, audit) == DocumentState.FLAGGED
    notice = Notice.objects.get(recipient=scheme.manager, body__contains="4月分がありません。")
    assert notice.path.endswith(f"/our-audits/{audit.number}/documents/{LEDGER}/")
    send(scheme, audit, text="4月")
    assert state(scheme, audit) == DocumentState.SENT
    assert SuppliedFile.objects.filter(audit=audit).count() == 2


def test_answers_instead_of_files(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    answer_for(
        actor=scheme.manager,
        audit=audit,
        keys=[LEDGER, RULES, LEDGER],
        answer=SupplierAnswer.ON_SITE,
        remark="総務課",
    )

    listed = DocumentList(audit, scheme.lead.user)
    assert {item.key for item in listed.on_site} == {LEDGER, RULES}
    answer_for(actor=scheme.manager, audit=audit, keys=[RULES], answer=SupplierAnswer.NONE)
    assert state(scheme, audit, RULES) == DocumentState.NONE
    assert DocumentList(audit, scheme.lead.user).teams_turn == 1


def test_refusals_say_why(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    with pytest.raises(ValidationError, match="空"):
        send_file(actor=scheme.manager, audit=audit, key=LEDGER, file=io.BytesIO(), name="a.pdf")
    with pytest.raises(ValidationError):
        send_file(
            actor=scheme.manager,
            audit=audit,
            key=LEDGER,
            file=io.BytesIO(b"<script>alert(1)</script>"),
            name="a.pdf",
        )
    with pytest.raises(ValidationError):
        send(scheme, audit, key="0123456789")
    with pytest.raises(ValidationError):
        answer_for(actor=scheme.manager, audit=audit, keys=[], answer=SupplierAnswer.NONE)
    with pytest.raises(ValidationError):
        flag_document(actor=scheme.lead.user, audit=audit, key=LEDGER, reason="不足")
    send(scheme, audit)
    for reason in (" ", "田中さんの分がない。"):
        with pytest.raises(ValidationError):
            flag_document(actor=scheme.lead.user, audit=audit, key=LEDGER, reason=reason)
    assert state(scheme, audit) == DocumentState.SENT


def test_number_of_files_has_an_end(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    first = send(scheme, audit)
    SuppliedFile.objects.bulk_create(
        SuppliedFile(
            audit=audit, document=first.document, number=n, file="x", name="x",
            sha256=f"{n:064d}", sent_sha256=f"{n:064d}",
            media_type="application/pdf", size=1, sent_by=scheme.manager,
        )
        for n in range(2, MOST_FILES + 1)
    )  # fmt: skip

    with pytest.raises(ValidationError, match=str(MOST_FILES)):
        send(scheme, audit, text="もう一つ")


def test_team_asks_for_a_further_document(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    row = ask_for(actor=scheme.lead.user, audit=audit, name=" 夜勤の 手当規程 ", code="7-1")

    listed = DocumentList(audit, scheme.manager)
    (section,) = [section for section in listed.sections() if section.key == "asked"]
    assert [(item.name, item.codes) for item in section.items] == [("夜勤の 手当規程", ["7-1"])]
    assert Notice.objects.filter(recipient=scheme.manager, path__endswith=f"{row.key}/").exists()
    send(scheme, audit, key=row.key)
    for name, code in (
        ("夜勤の 手当規程", ""),
        ("賃金台帳", ""),
        ("鈴木さんの契約書", ""),
        ("台帳", "0-0"),
    ):
        with pytest.raises(ValidationError):
            ask_for(actor=scheme.lead.user, audit=audit, name=name, code=code)


def test_others_may_not_act(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    reader = make_user(scheme.supplier.organisation, Role.READER)
    send(scheme, audit)
    for person in (reader, scheme.desk, scheme.reviewer, scheme.lead.user, scheme.brand_user):
        with pytest.raises(PermissionDenied):
            send_file(actor=person, audit=audit, key=LEDGER, file=pdf("x"), name="x.pdf")
        with pytest.raises(PermissionDenied):
            answer_for(actor=person, audit=audit, keys=[LEDGER], answer=SupplierAnswer.NONE)
    for person in (scheme.manager, scheme.desk, scheme.reviewer, scheme.owner):
        with pytest.raises(PermissionDenied):
            accept_documents(actor=person, audit=audit, keys=[LEDGER])
        with pytest.raises(PermissionDenied):
            flag_document(actor=person, audit=audit, key=LEDGER, reason="不足")
        with pytest.raises(PermissionDenied):
            ask_for(actor=person, audit=audit, name="別の資料")


@pytest.mark.past_the_record
def test_nothing_comes_in_once_the_report_was_signed(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    acts = (
        lambda: send(scheme, audit),
        lambda: answer_for(
            actor=scheme.manager, audit=audit, keys=[LEDGER], answer=SupplierAnswer.NONE
        ),
        lambda: accept_documents(actor=scheme.lead.user, audit=audit, keys=[LEDGER]),
    )
    for status in (Status.IN_REVIEW, Status.DRAFTING):  # sent back: signed once all the same
        Audit.objects.filter(pk=audit.pk).update(status=status)
        for act in acts:
            with pytest.raises(ValidationError) as error:
                act()
            assert error.value.code == "closed"


def test_draft_takes_no_documents(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFT, scheme)
    with pytest.raises(ValidationError):
        send(scheme, audit)


@pytest.mark.past_the_record
def test_files_are_for_supplier_team_and_reviewers_only(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    supplied = send(scheme, audit)
    allowed = (scheme.manager, scheme.lead.user, scheme.member.user, scheme.reviewer)
    make_grant(audit.site, scheme.brand, granted_by=scheme.manager)
    Audit.objects.filter(pk=audit.pk).update(status=Status.ISSUED)

    for person in allowed:
        assert SuppliedFile.objects.visible_to(person).get() == supplied
    for person in (scheme.brand_user, scheme.owner, scheme.observer, scheme.desk):
        assert not SuppliedFile.objects.visible_to(person).exists()
    listed = DocumentList(audit, scheme.brand_user)
    assert all(item.row is None for item in listed.items)


def test_every_act_is_recorded_without_the_name_of_the_file(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    send(scheme, audit)
    flag_document(actor=scheme.lead.user, audit=audit, key=LEDGER, reason="不足")
    answer_for(
        actor=scheme.manager, audit=audit, keys=[LEDGER, RULES], answer=SupplierAnswer.ON_SITE
    )
    accept_documents(actor=scheme.lead.user, audit=audit, keys=[LEDGER])
    ask_for(actor=scheme.lead.user, audit=audit, name="別の資料")

    acts = ["sent", "flagged", "answered", "accepted", "asked"]
    events = list(AuditEvent.objects.filter(audit=audit, act__startswith="document_"))
    assert [event.act for event in events] == [f"document_{act}" for act in acts]
    assert all("田中" not in str(event.payload) for event in events)
    assert events[2].payload["documents"] == ["賃金台帳", "就業規則"]
    told = [event.act for event in shown_events(scheme.manager, audit)]
    assert [act for act in told if act.startswith("document_")] == [e.act for e in events]


def test_pictures_are_made_anew(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    supplied = send_file(
        actor=scheme.manager, audit=audit, key=LEDGER, file=picture(), name="a.png"
    )
    assert (supplied.media_type, supplied.is_picture) == ("image/jpeg", True)
