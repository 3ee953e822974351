"""Evidence by page: what is taken in, what is handed out, to whom, under which headers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit, AuditEvent, Evidence
from audits.services.evidence import add_evidence
from audits.services.thumbnails import make_thumbnail
from audits.terms import EvidenceClass, Status
from tests.audits.desks import browser
from tests.audits.hostile import pdf
from tests.factories import Scheme, audit_at, make_auditor, picture

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = [
    ("empty.jpg", b""),
    ("drawing.svg", SVG),
    ("text.jpg", b"just text"),
    ("page.pdf", b"<html>"),
]


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def jpeg(name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture().read(), "image/jpeg")


def upload_to(audit: Audit) -> str:
    return reverse("portal:evidence_upload", args=[audit.number, "5-7"])


def kept(
    scheme: Scheme, audit: Audit, evidence_class: EvidenceClass = EvidenceClass.RESTRICTED
) -> Evidence:
    return add_evidence(
        actor=scheme.lead.user,
        audit=audit,
        finding=audit.findings.get(requirement__code="5-7"),
        file=picture(),
        name="台車.jpg",
        evidence_class=evidence_class,
    )


def test_several_files_are_added_at_once(audit: Audit, client: Client) -> None:
    answer = client.post(
        upload_to(audit),
        {"uploads": [jpeg("a.jpg"), jpeg("b.jpg")], "caption": "通路", "evidence_class": "sealed"},
    )
    assert answer.status_code == 302
    assert [(row.name, row.caption, row.evidence_class) for row in audit.evidence.all()] == [
        ("a.jpg", "通路", "sealed"),
        ("b.jpg", "通路", "sealed"),
    ]


@pytest.mark.parametrize(("name", "content"), BAD)
def test_bad_files_are_refused_by_name_and_good_ones_kept(
    audit: Audit, client: Client, name: str, content: bytes
) -> None:
    files = [SimpleUploadedFile(name, content, "image/jpeg"), jpeg()]
    answer = client.post(upload_to(audit), {"uploads": files, "evidence_class": "restricted"})
    assert answer.status_code == 422
    assert f"{name}: " in answer.content.decode()
    assert [row.name for row in audit.evidence.all()] == ["photo.jpg"]


def test_upload_without_a_file_or_with_a_wrong_class_is_refused(
    audit: Audit, client: Client
) -> None:
    assert client.post(upload_to(audit), {"evidence_class": "public"}).status_code == 422
    answer = client.post(upload_to(audit), {"uploads": [jpeg()], "evidence_class": "secret"})
    assert answer.status_code == 422
    assert not audit.evidence.exists()


def test_only_the_team_uploads(scheme: Scheme, audit: Audit) -> None:
    for user, status in (
        (scheme.manager, 403),
        (scheme.reviewer, 403),
        (scheme.brand_user, 404),
        (make_auditor(scheme.body).user, 404),
    ):
        answer = browser(user).post(
            upload_to(audit), {"uploads": [jpeg()], "evidence_class": "public"}
        )
        assert answer.status_code == status
    assert not audit.evidence.exists()


def test_nothing_is_added_once_signed(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    before = audit.evidence.count()
    answer = browser(scheme.lead.user).post(
        upload_to(audit), {"uploads": [jpeg()], "evidence_class": "public"}
    )
    assert answer.status_code == 403
    assert audit.evidence.count() == before


@pytest.mark.parametrize("name", ["evidence_file", "evidence_thumbnail"])
def test_picture_is_shown_in_a_sandbox(
    scheme: Scheme, audit: Audit, client: Client, name: str
) -> None:
    evidence = kept(scheme, audit)
    make_thumbnail(evidence.pk)
    answer = client.get(reverse(f"portal:{name}", args=[evidence.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.getvalue().startswith(b"\xff\xd8")


def test_document_is_for_saving_and_has_no_thumbnail(
    scheme: Scheme, audit: Audit, client: Client
) -> None:
    file = SimpleUploadedFile("規則.pdf", pdf(), "application/pdf")
    client.post(upload_to(audit), {"uploads": [file], "evidence_class": "restricted"})
    kept_pdf = audit.evidence.get()
    answer = client.get(reverse("portal:evidence_file", args=[kept_pdf.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    answer.getvalue()
    assert client.get(reverse("portal:evidence_thumbnail", args=[kept_pdf.pk])).status_code == 404


def test_who_gets_a_file(scheme: Scheme, audit: Audit) -> None:
    expected = {
        EvidenceClass.PUBLIC: {"lead": 200, "reviewer": 200, "owner": 200, "manager": 404},
        EvidenceClass.RESTRICTED: {"lead": 200, "reviewer": 200, "owner": 200, "manager": 404},
        EvidenceClass.SEALED: {"lead": 200, "reviewer": 200, "owner": 404, "manager": 404},
    }
    people = {
        "lead": scheme.lead.user,
        "reviewer": scheme.reviewer,
        "owner": scheme.owner,
        "manager": scheme.manager,
    }
    for evidence_class, answers in expected.items():
        evidence = kept(scheme, audit, evidence_class)
        make_thumbnail(evidence.pk)
        for name in ("evidence_file", "evidence_thumbnail"):
            url = reverse(f"portal:{name}", args=[evidence.pk])
            for who, status in answers.items():
                answer = browser(people[who]).get(url)
                assert answer.status_code == status, (evidence_class, who)
                answer.getvalue()
            assert browser(scheme.brand_user).get(url).status_code == 404
            assert browser(make_auditor(scheme.body).user).get(url).status_code == 404
            assert browser().get(url).status_code == 302


def test_reading_sealed_evidence_is_recorded(scheme: Scheme, audit: Audit) -> None:
    sealed = kept(scheme, audit, EvidenceClass.SEALED)
    plain = kept(scheme, audit)
    for evidence in (sealed, plain):
        answer = browser(scheme.reviewer).get(reverse("portal:evidence_file", args=[evidence.pk]))
        answer.getvalue()
        if evidence == sealed:
            assert answer["Cache-Control"] == "private, no-store"
    reads = AuditEvent.objects.filter(audit=audit, act="read_evidence")
    assert [(read.actor, read.payload) for read in reads] == [
        (scheme.reviewer, {"evidence": sealed.label})
    ]
    # The same person on the same day leaves one entry, on the next day another.
    sealed_file = reverse("portal:evidence_file", args=[sealed.pk])
    browser(scheme.reviewer).get(sealed_file).getvalue()
    assert reads.all().count() == 1
    browser(scheme.lead.user).get(sealed_file).getvalue()
    assert reads.all().count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        browser(scheme.reviewer).get(sealed_file).getvalue()
    assert reads.all().count() == 3
    # The card shows a sealed picture as a closed envelope: looking at the card reads nothing.
    card = browser(scheme.lead.user).get(reverse("portal:card", args=[audit.number, "5-7"]))
    assert reverse("portal:evidence_thumbnail", args=[sealed.pk]) not in card.content.decode()
    assert reads.all().count() == 3


def test_lost_file_is_not_found(scheme: Scheme, audit: Audit, client: Client) -> None:
    evidence = kept(scheme, audit)
    Path(evidence.file.path).unlink()
    assert client.get(reverse("portal:evidence_file", args=[evidence.pk])).status_code == 404
