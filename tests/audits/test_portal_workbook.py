"""The pages of the workbook: download, upload, look, take over."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.services.fieldwork import save_finding
from audits.terms import Judgement, Status
from tests.audits.desks import browser, url
from tests.audits.workbooks import Sheet, finding_of
from tests.factories import Scheme, audit_at

pytestmark = pytest.mark.django_db


def fetched(client: Client, audit: Audit, language: str = "ja") -> Sheet:
    answer = client.get(reverse("portal:workbook_file", args=[audit.number, language]))
    assert answer.status_code == 200
    assert f"{audit.number}_{language}.xlsx" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    return Sheet(answer.content)


def upload(client: Client, audit: Audit, content: bytes, name: str = "a.xlsx") -> str:
    answer = client.post(url("workbook", audit), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_workbook_goes_out_is_filled_in_looked_at_and_taken_over(
    audit: Audit, scheme: Scheme
) -> None:
    client = browser(scheme.member.user)
    content = fetched(client, audit).put("5-7", judgement="不適合", report_text="台車").saved()
    place = upload(client, audit, content)

    page = client.get(place)
    text = page.content.decode()
    assert "台車" in text
    assert "未評価" in text
    assert len(page.content) < 150_000
    assert finding_of(audit, "5-7").judgement == Judgement.UNASSESSED

    seal = page.context["form"].initial["seal"]
    assert client.post(place, {"seal": seal})["Location"] == url("findings", audit)
    assert finding_of(audit, "5-7").judgement == Judgement.NONCONFORMING
    again = client.get(place, follow=True)
    assert again.redirect_chain == [(url("workbook", audit), 302)]


def test_conflict_is_shown_with_both_versions_and_settled(audit: Audit, scheme: Scheme) -> None:
    client = browser(scheme.lead.user)
    content = fetched(client, audit, "both").put("5-7", report_text="私の文").saved()
    place = upload(client, audit, content)
    seal = client.get(place).context["form"].initial["seal"]
    finding = finding_of(audit, "5-7")
    save_finding(actor=scheme.member.user, finding=finding, version=1, report_text="別の文")

    outdated = client.post(place, {"seal": seal, "pick-5-7:report_text": "mine"})
    assert outdated.status_code == 422
    assert "別の文" in outdated.content.decode()
    assert "私の文" in outdated.content.decode()
    assert finding_of(audit, "5-7").report_text == "別の文"

    seal = outdated.context["form"].initial["seal"]
    assert client.post(place, {"seal": seal}).status_code == 422
    assert client.post(place, {"seal": seal, "pick-5-7:report_text": "mine"}).status_code == 302
    assert finding_of(audit, "5-7").report_text == "私の文"


def test_bad_cells_are_listed_and_left_out_only_when_asked(audit: Audit, scheme: Scheme) -> None:
    client = browser(scheme.lead.user)
    book = fetched(client, audit).put("1-1", judgement="適合").put("5-7", judgement="だめ")
    place = upload(client, audit, book.saved())
    page = client.get(place)
    address = book.sheet.cell(book.row("5-7"), book.places["judgement"]).coordinate
    assert address in page.content.decode()
    seal = page.context["form"].initial["seal"]

    assert client.post(place, {"seal": seal}).status_code == 422
    assert finding_of(audit, "1-1").judgement == Judgement.UNASSESSED
    assert client.post(place, {"seal": seal, "skip_bad": "on"}).status_code == 302
    assert finding_of(audit, "1-1").judgement == Judgement.CONFORMING


def test_wrong_file_is_refused_on_the_page(audit: Audit, scheme: Scheme) -> None:
    client = browser(scheme.lead.user)
    for name, content in (("a.xlsx", b"PK\x03\x04broken"), ("a.pdf", b"%PDF"), ("a.xlsx", b"")):
        sent = {"file": io.BytesIO(content)}
        sent["file"].name = name
        assert client.post(url("workbook", audit), sent).status_code == 422
    assert client.post(url("workbook", audit), {}).status_code == 422
    assert client.get(reverse("portal:workbook_file", args=[audit.number, "fr"])).status_code == 404


def test_file_of_another_person_cannot_be_reached(audit: Audit, scheme: Scheme) -> None:
    client = browser(scheme.lead.user)
    place = upload(client, audit, fetched(client, audit).put("5-7", judgement="適合").saved())

    assert browser(scheme.member.user).get(place).status_code == 302
    assert client.get(place).status_code == 200


def test_signed_audit_can_be_read_as_a_workbook_but_not_uploaded(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    client = browser(scheme.lead.user)
    content = fetched(client, audit).saved()

    assert client.get(url("workbook", audit)).status_code == 200
    refused = client.post(url("workbook", audit), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert refused.status_code == 403
