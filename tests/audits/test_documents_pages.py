"""The pages of the documents: lists with counts, one document, files, and who sees what."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audits.models import Audit, RequestedDocument, SuppliedFile
from audits.services.document_list import DocumentList
from audits.services.documents import answer_for, flag_document, send_file
from audits.standards.documents import key_of
from audits.terms import DocumentState, Status, SupplierAnswer
from tests.audits.desks import browser, url
from tests.factories import Scheme, audit_at, picture

pytestmark = pytest.mark.django_db

LEDGER = key_of("賃金台帳")
RULES = key_of("就業規則")


def upload(*texts: str) -> dict[str, Any]:
    return {
        "uploads": [
            SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7 " + text.encode() + b"\n%%EOF\n")
            for n, text in enumerate(texts)
        ]
    }


def send(scheme: Scheme, audit: Audit, key: str, text: str = "x") -> SuppliedFile:
    return send_file(
        actor=scheme.manager,
        audit=audit,
        key=key,
        file=io.BytesIO(b"%PDF-1.7 " + text.encode() + b"\n%%EOF\n"),
        name="台帳.pdf",
    )


def states(audit: Audit) -> dict[str, DocumentState]:
    return {row.key: row.state for row in RequestedDocument.objects.filter(audit=audit)}


def test_supplier_sends_several_files_and_answers(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    client = browser(scheme.manager)
    text = client.get(url("our_documents", audit)).content.decode()
    assert "賃金台帳" in text
    assert len(text.encode()) < 150_000
    assert url("our_documents", audit) in client.get(url("our_audit", audit)).content.decode()

    one = url("our_document", audit, LEDGER)
    assert "1-3" in client.get(one).content.decode()
    assert client.post(one, upload("1月", "2月")).status_code == 302
    assert SuppliedFile.objects.filter(audit=audit).count() == 2
    page = client.get(one).content.decode()
    assert "D-001" in page
    assert "D-002" in page
    answer = client.post(url("our_document", audit, RULES), {"answer": "none", "remark": "作成中"})
    assert answer.status_code == 302
    assert answer["Location"] != url("our_document", audit, RULES)  # on to the next that waits
    assert states(audit) == {LEDGER: DocumentState.SENT, RULES: DocumentState.NONE}


def test_supplier_ticks_several_at_once(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    client = browser(scheme.manager)
    page = url("our_documents", audit)
    assert client.post(page, {"said": "on_site", "key": [LEDGER, RULES]}).status_code == 302
    assert states(audit) == dict.fromkeys([LEDGER, RULES], DocumentState.ON_SITE)
    assert client.post(page, {"said": "on_site"}).status_code == 422
    assert client.post(page, {"said": "nothing", "key": [LEDGER]}).status_code == 422
    assert client.post(page, {"said": "accepted", "key": [LEDGER]}).status_code == 403
    shown = client.get(page, {"show": "on_site"}).content.decode()
    assert LEDGER in shown
    assert key_of("シフト表") not in shown


def test_refused_file_is_named_and_the_others_are_kept(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    client = browser(scheme.manager)
    files = upload("1月")
    files["uploads"].append(SimpleUploadedFile("表.csv", b"a,b"))
    answer = client.post(url("our_document", audit, LEDGER), files)

    assert answer.status_code == 422
    assert "表.csv" in answer.content.decode()
    assert "D-001" in answer.content.decode()
    assert client.post(url("our_document", audit, LEDGER), {}).status_code == 422


def test_team_accepts_flags_and_asks(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    send(scheme, audit, LEDGER)
    send(scheme, audit, RULES)
    client = browser(scheme.member.user)
    text = client.get(url("documents", audit)).content.decode()
    assert "賃金台帳" in text
    assert len(text.encode()) < 150_000
    one = url("document", audit, LEDGER)
    assert reverse("portal:card", args=[audit.number, "1-3"]) in client.get(one).content.decode()

    assert client.post(one, {"reason": ""}).status_code == 422
    assert client.post(one, {"reason": "田中さんの分がない"}).status_code == 422
    assert client.post(one, {"reason": "4月分がありません"}).status_code == 302
    answer = client.post(url("document", audit, RULES), {"verdict": "accepted"})
    assert answer.status_code == 302
    assert states(audit) == {LEDGER: DocumentState.FLAGGED, RULES: DocumentState.ACCEPTED}
    assert client.post(url("documents", audit), {"key": [LEDGER]}).status_code == 302
    assert states(audit)[LEDGER] == DocumentState.ACCEPTED
    assert client.post(url("documents", audit), {}).status_code == 422

    ask = {"act": "ask", "name": "夜勤手当の規程", "code": "7-1"}
    assert client.post(url("documents", audit), ask).status_code == 302
    assert client.post(url("documents", audit), ask).status_code == 422
    page = browser(scheme.manager).get(url("our_documents", audit)).content.decode()
    assert "夜勤手当の規程" in page


def test_supplier_reads_the_reason_of_a_flag(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    send(scheme, audit, LEDGER)
    flag_document(actor=scheme.lead.user, audit=audit, key=LEDGER, reason="4月分がありません")
    page = browser(scheme.manager).get(url("our_document", audit, LEDGER)).content.decode()

    assert "4月分がありません" in page


def test_documents_stand_beside_the_requirement_and_the_visit(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    supplied = send(scheme, audit, LEDGER)
    answer_for(actor=scheme.manager, audit=audit, keys=[RULES], answer=SupplierAnswer.ON_SITE)
    client = browser(scheme.lead.user)
    card = client.get(reverse("portal:card", args=[audit.number, "1-3"])).content.decode()
    assert reverse("portal:supplied_file", args=[supplied.pk]) in card
    other = client.get(reverse("portal:card", args=[audit.number, "5-7"])).content.decode()
    assert reverse("portal:supplied_file", args=[supplied.pk]) not in other
    visit = client.get(url("audit", audit)).content.decode()
    assert url("document", audit, RULES) in visit
    assert url("document", audit, LEDGER) not in visit


def test_signed_report_closes_the_pages(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    supplier, team = browser(scheme.manager), browser(scheme.lead.user)
    assert 'type="file"' not in supplier.get(url("our_document", audit, LEDGER)).content.decode()
    answer = supplier.post(url("our_document", audit, LEDGER), upload("遅い"))
    assert answer.status_code == 422
    assert "署名" in answer.content.decode()
    assert (
        supplier.post(url("our_documents", audit), {"said": "none", "key": [LEDGER]}).status_code
        == 422
    )
    assert team.post(url("documents", audit), {"key": [LEDGER]}).status_code == 422
    assert not RequestedDocument.objects.filter(audit=audit).exists()


def test_file_comes_with_safe_headers(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    paper = send(scheme, audit, LEDGER)
    photo = send_file(actor=scheme.manager, audit=audit, key=LEDGER, file=picture(), name="写真")
    for file, disposition in ((paper, "attachment"), (photo, "inline")):
        answer = browser(scheme.lead.user).get(reverse("portal:supplied_file", args=[file.pk]))
        answer.getvalue()  # read to its end, which closes the file
        assert answer["Content-Disposition"].startswith(disposition)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "private, no-store"
    address = reverse("portal:supplied_file", args=[paper.pk])
    for person in (scheme.brand_user, scheme.owner, scheme.desk):
        assert browser(person).get(address).status_code == 404


def test_unknown_and_early_are_not_found(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    client = browser(scheme.manager)
    assert client.get(url("our_documents", audit)).status_code == 404
    other = audit_at(Status.ACCEPTED, Scheme())
    assert client.get(url("our_documents", other)).status_code == 404


@pytest.mark.parametrize("files", [1, 3])
def test_number_of_queries_stays(
    scheme: Scheme, files: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    for item in DocumentList(audit, scheme.manager).items[:files]:
        send(scheme, audit, item.key)
    client = browser(scheme.lead.user)
    with django_assert_num_queries(QUERIES_TEAM):
        client.get(url("documents", audit))
    client = browser(scheme.manager)
    with django_assert_num_queries(QUERIES_SUPPLIER):
        client.get(url("our_documents", audit))


QUERIES_TEAM, QUERIES_SUPPLIER = 12, 11
