"""/verify/file/: anybody shows a file and learns whether it is as it was issued and still stands."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.terms import Status
from reports.documents import SCHEMA
from reports.documents.press import Sheets, attached, print_sheets
from reports.models import Remaking, Report, Snapshot
from reports.services import verifying
from reports.services.papers import render
from reports.services.printing import Printed
from reports.services.verifying import check_file
from reports.snapshot import canonical
from reports.terms import RemakingCause
from tests.conftest import without_triggers
from tests.factories import Scheme, audit_at
from tests.reports.test_verifier import changed

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit() -> Audit:
    audit = audit_at(Status.ISSUED, Scheme(), nonconforming=("3-4",))
    render(Report, the_report(audit).pk, typeset=one_page)
    return audit


def one_page(data: dict[str, Any], language: str, *_more: Any) -> Printed:
    """Print the least that a report is: a page, its data inside, and the signature."""
    text, at = canonical(data), datetime(2026, 11, 23, tzinfo=UTC)
    inside = attached(text, name="report.json", description=SCHEMA, at=at)
    sheets = Sheets("<html lang=ja><p>監査報告書</p>", (), text, at=at, attachments=[inside])
    return Printed(*print_sheets(sheets), "1")


def the_report(audit: Audit) -> Report:
    return Report.objects.get(audit=audit, language="ja")


def content_of(audit: Audit) -> bytes:
    with the_report(audit).file.open("rb") as file:
        return bytes(file.read())


def show(content: bytes, name: str = "report.pdf", **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return Client(**more).post(reverse("verify_file"), {"file": file})


def test_report_as_issued_is_on_record_with_its_result(audit: Audit) -> None:
    page = show(content_of(audit))

    text = page.content.decode()
    assert page.status_code == 200
    assert "この文書は真正です" in text
    assert audit.number in text
    assert "判定結果は有効です" in text


def test_report_of_a_void_result_is_genuine_and_does_not_stand(audit: Audit) -> None:
    audit.results.update(status="withdrawn")

    text = show(content_of(audit)).content.decode()

    assert "この文書は真正です" in text
    assert "判定結果は有効です" not in text


@pytest.mark.parametrize("place", [2_000, -400, -5_000])
def test_changed_report_is_not_genuine(audit: Audit, place: int) -> None:
    content = content_of(audit)

    text = show(changed(content, place % len(content))).content.decode()

    assert "発行時のままではありません" in text
    assert audit.number not in text


def test_data_of_a_report_are_checked_as_well(audit: Audit) -> None:
    snapshot = Snapshot.objects.get(audit=audit)
    content = snapshot.content.encode()

    genuine = show(content, "report.json").content.decode()
    altered = show(content.replace(b'"grade"', b'"grabe"', 1), "report.json").content.decode()

    assert "この文書は真正です" in genuine
    assert audit.number in genuine
    assert "記録にありません" in altered


def test_signed_report_that_is_not_on_record_is_recognised_by_its_signature(audit: Audit) -> None:
    content = content_of(audit)
    Report.objects.filter(pk=the_report(audit).pk).update(sha256="0" * 64)

    found = check_file(SimpleUploadedFile("x.pdf", content))

    assert (found.code, found.genuine) == ("trial", True)
    assert found.result == audit.results.get()


def test_snapshot_that_was_changed_in_the_database_is_noticed(audit: Audit) -> None:
    content = content_of(audit)
    Report.objects.filter(pk=the_report(audit).pk).update(sha256="0" * 64)
    tamper(Snapshot.objects.get(audit=audit))

    found = check_file(SimpleUploadedFile("x.pdf", content))
    page = Client().get(reverse("verify", args=[audit.results.get().verification_code]))

    assert found.code == "record_differs"
    assert not found.genuine
    assert "記録されているデータが破損しています" in page.content.decode()
    assert "判定結果は有効です" not in page.content.decode()


def tamper(snapshot: Snapshot) -> None:
    """Change one character as somebody with the database's password could."""
    content = snapshot.content.replace("JASTI", "JASTJ", 1)
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_snapshot SET content = %s", [content])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 no pdf", "PDF として読み取れません"),
        (b"%PDF-1.7\n" + b"\x00" * 10_000, "PDF として読み取れません"),
        (b"{" + b"[" * 100_000, "記録にありません"),
    ],
)
def test_other_files_get_a_sentence(content: bytes, sentence: str) -> None:
    page = show(content)

    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_no_file_and_an_empty_one_get_a_sentence() -> None:
    nothing = Client().post(reverse("verify_file"), {})
    empty = show(b"")

    assert (nothing.status_code, empty.status_code) == (422, 422)
    assert "errorlist" in empty.content.decode()


def test_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    class Endless(io.BytesIO):
        def read(self, *_args: Any) -> bytes:
            pytest.fail("it was read")

    length: dict[str, Any] = {"CONTENT_LENGTH": str(40 * 1024 * 1024), "wsgi.input": Endless()}
    page = Client(**length).post(
        reverse("verify_file"), data=b"", content_type="multipart/form-data; boundary=x"
    )

    assert page.status_code == 413
    assert "30 MB" in page.content.decode()


def test_who_shows_many_files_has_to_wait() -> None:
    client = Client(REMOTE_ADDR="192.0.2.9")
    statuses = [client.post(reverse("verify_file"), {}).status_code for _time in range(31)]

    assert statuses == [422] * 30 + [429]


def test_files_are_examined_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes while another one is examined is asked to come back, and holds no thread."""
    monkeypatch.setattr(verifying, "WAIT_SECONDS", 0.01)
    with verifying.ONE_AT_A_TIME:
        busy = show(b"%PDF-1.7")

    assert (busy.status_code, busy["Retry-After"]) == (503, "30")
    assert "PDF として読み取れません" in show(b"%PDF-1.7").content.decode()


def test_file_on_record_is_known_while_others_are_examined(audit: Audit) -> None:
    with verifying.ONE_AT_A_TIME:
        page = show(content_of(audit))

    assert "この文書は真正です" in page.content.decode()


def test_key_that_is_unusable_is_not_held_against_the_file(
    audit: Audit, settings: Settings
) -> None:
    content = content_of(audit)
    settings.SIGNING_FORMER_CERTIFICATES = "no certificate"

    unknown, known = show(content + b"\n"), show(content)

    assert unknown.status_code == 503
    assert "発行時のままではありません" not in unknown.content.decode()
    assert known.status_code == 200
    assert Client().get(reverse("verify_certificates")).status_code == 503


def test_network_of_one_owner_counts_as_one_address() -> None:
    def status(address: str) -> int:
        return Client(REMOTE_ADDR=address).post(reverse("verify_file"), {}).status_code

    statuses = [status(f"2001:db8::{number:x}") for number in range(31)]

    assert statuses == [422] * 30 + [429]
    assert status("2001:db8:0:1::1") == 422


def test_certificates_and_program_are_handed_out() -> None:
    certificates = Client().get(reverse("verify_certificates"))
    program = Client().get(reverse("verify_offline"))

    assert b"BEGIN CERTIFICATE" in certificates.content
    assert b"PRIVATE" not in certificates.content
    assert b"def examine" in b"".join(program.streaming_content)  # type: ignore[attr-defined]  # it streams


def test_file_of_before_it_was_made_again_is_on_record(audit: Audit) -> None:
    report, content = the_report(audit), content_of(audit)
    remaking = Remaking.objects.ask(report, RemakingCause.DAMAGED, "")
    Remaking.objects.filter(pk=remaking.pk).update(identical=False)
    Report.objects.filter(pk=report.pk).update(sha256="0" * 64)

    found = check_file(SimpleUploadedFile("x.pdf", content))

    assert (found.code, found.record) == ("on_record", report)
