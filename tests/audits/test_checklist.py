"""Files that go with an application, and taking files back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.terms import Role
from audits.models import Audit, RequestedDocument, SuppliedFile
from audits.services import applying
from audits.services.checklist import checklist_of, send_with_application
from audits.services.document_list import DocumentList
from audits.services.documents import send_file
from audits.services.taking_back import take_back
from audits.standards.documents import key_of
from audits.terms import Document, DocumentAnswer, DocumentState, Status, Verdict
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_user

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def pdf(text: str = "賃金") -> io.BytesIO:
    return io.BytesIO(b"%PDF-1.7 " + text.encode() + b"\n%%EOF\n")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(scheme: Scheme, audit: Audit, text: str = "賃金") -> SuppliedFile:
    return send_with_application(
        actor=scheme.manager,
        audit=audit,
        document=Document.WAGE_LEDGER,
        file=pdf(text),
        name="賃金台帳.pdf",
    )


@pytest.fixture
def draft(scheme: Scheme) -> Audit:
    audit = audit_at(Status.DRAFT, scheme)
    Audit.objects.filter(pk=audit.pk).update(documents={})
    audit.refresh_from_db()
    return audit


def page(audit: Audit) -> str:
    return reverse("portal:apply_documents", args=[audit.number])


def test_answer_given_in_another_tab_stays(scheme: Scheme, draft: Audit) -> None:
    client = client_of(scheme.manager)
    client.post(page(draft), {"wage_ledger": "ready", "work_rules": "none"})
    client.post(page(draft), {"time_records": "ready", "work_rules": "on_site"})
    draft.refresh_from_db()

    assert draft.documents == {
        "wage_ledger": "ready",
        "work_rules": "on_site",
        "time_records": "ready",
    }


def test_document_that_was_sent_is_ready(scheme: Scheme, draft: Audit) -> None:
    send(scheme, draft)
    assert send(scheme, draft).pk == SuppliedFile.objects.get().pk
    draft.refresh_from_db()

    line = checklist_of(draft, scheme.manager)[3]
    assert (line.document, line.answer, line.count) == (
        Document.WAGE_LEDGER,
        DocumentAnswer.READY,
        1,
    )
    assert [file.name for file in line.files] == ["賃金台帳.pdf"]
    assert draft.events.filter(act="document_sent").count() == 1


def test_desk_sees_that_a_file_is_there_and_no_more(scheme: Scheme, draft: Audit) -> None:
    supplied = send(scheme, draft)
    line = checklist_of(draft, scheme.coordinator)[3]

    assert (line.files, line.count) == ([], 1)
    for person in (scheme.coordinator, scheme.desk, scheme.brand_user):
        response = client_of(person).get(reverse("portal:supplied_file", args=[supplied.pk]))
        assert response.status_code == 404


def test_team_finds_what_came_with_the_application(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFT, scheme)
    supplied = send(scheme, audit)
    assert supplied.document is not None
    applying.submit(actor=scheme.manager, audit=audit)
    audit = applying.accept(actor=scheme.desk, audit=Audit.objects.get())
    listed = DocumentList(audit, scheme.manager)
    (section,) = [row for row in listed.sections() if row.key == "applied"]

    assert [(item.name, item.state) for item in section.items] == [
        ("Wage ledger and payslips (last 12 months)", DocumentState.SENT)
    ]
    RequestedDocument.objects.filter(pk=supplied.document.pk).update(verdict=Verdict.ACCEPTED)
    with pytest.raises(ValidationError, match="has looked at this document"):
        take_back(actor=scheme.manager, supplied=supplied)


def test_only_a_manager_of_the_supplier_sends_and_only_in_a_draft(
    scheme: Scheme, draft: Audit
) -> None:
    reader = make_user(scheme.supplier.organisation, Role.READER)
    for person in (reader, scheme.desk, Scheme().manager):
        with pytest.raises(PermissionDenied):
            send_with_application(
                actor=person, audit=draft, document=Document.CHEMICALS, file=pdf(), name="a.pdf"
            )
    other = Scheme()
    submitted = audit_at(Status.SUBMITTED, other)
    with pytest.raises(ValidationError, match="can no longer be changed"):
        send(other, submitted)
    assert not SuppliedFile.objects.exists()


def test_file_is_taken_back_with_a_trace(
    scheme: Scheme,
    draft: Audit,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    supplied = send(scheme, draft)
    name = supplied.file.name or ""
    with django_capture_on_commit_callbacks(execute=True):
        take_back(actor=scheme.manager, supplied=supplied)
    take_back(actor=scheme.manager, supplied=supplied)

    assert not SuppliedFile.objects.exists()
    assert not default_storage.exists(name)
    event = draft.events.get(act="file_taken_back")
    assert event.payload["sha256"] == supplied.sha256


def test_nobody_else_takes_a_file_back(scheme: Scheme, draft: Audit) -> None:
    supplied = send(scheme, draft)
    for person in (scheme.coordinator, Scheme().manager):
        with pytest.raises(PermissionDenied):
            take_back(actor=person, supplied=supplied)
    url = reverse("portal:take_back", args=[supplied.pk])
    assert client_of(Scheme().manager).post(url).status_code == 404
    assert SuppliedFile.objects.get() == supplied


def test_file_of_the_visit_is_taken_back_on_its_page(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    key = key_of("賃金台帳")
    supplied = send_file(
        actor=scheme.manager, audit=audit, key=key, file=pdf(), name="賃金台帳.pdf"
    )
    client = client_of(scheme.manager)
    document = reverse("portal:our_document", args=[audit.number, key])
    url = reverse("portal:take_back", args=[supplied.pk])

    assert url in client.get(document).content.decode()
    assert client.post(url)["Location"] == document
    assert "No file has been sent." in client.get(document).content.decode()


def test_step_keeps_answers_and_files_and_names_what_it_refuses(
    client: Client, scheme: Scheme, draft: Audit
) -> None:
    client.force_login(scheme.manager)
    response = client.post(
        page(draft),
        {
            "chemicals": "none",
            "wage_ledger-files": [
                upload("賃金.pdf", pdf().read()),
                upload("script.svg", b"<svg onload='x'/>"),
            ],
        },
    )
    draft.refresh_from_db()

    assert response.status_code == 422
    assert "script.svg" in response.content.decode()
    assert draft.documents == {"chemicals": "none", "wage_ledger": "ready"}
    supplied = SuppliedFile.objects.get()
    assert supplied.name == "賃金.pdf"

    response = client.post(page(draft), {"fire_records": "on_site", "take_back": supplied.pk})
    assert response["Location"] == page(draft)
    draft.refresh_from_db()
    assert draft.documents == {
        "chemicals": "none",
        "wage_ledger": "ready",
        "fire_records": "on_site",
    }
    assert not SuppliedFile.objects.exists()
