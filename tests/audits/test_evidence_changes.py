"""Evidence described anew and removed: by whom, until when, and what the record keeps of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from audits.models import Audit, AuditEvent, Evidence, SyncItem
from audits.services.evidence import add_evidence
from audits.services.evidence_changes import change_evidence, remove_evidence
from audits.services.records import verify_records
from audits.services.thumbnails import make_thumbnail
from audits.terms import EvidenceClass, Status
from tests.audits.desks import browser
from tests.audits.tablets import outcomes, photo, send_photo
from tests.factories import Scheme, make_auditor, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence(scheme: Scheme, audit: Audit) -> Evidence:
    return kept(scheme, audit)


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def kept(scheme: Scheme, audit: Audit) -> Evidence:
    return add_evidence(
        actor=scheme.lead.user,
        audit=audit,
        finding=audit.findings.get(requirement__code="5-7"),
        file=picture(),
        name="台車.jpg",
        caption="山田さんの台車",
    )


def acts(audit: Audit, act: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(audit=audit, act=act).order_by("sequence"))


def test_caption_and_class_are_changed_and_recorded(
    audit: Audit, evidence: Evidence, client: Client
) -> None:
    page = reverse("portal:evidence_edit", args=[evidence.pk])
    assert evidence.label in client.get(page).content.decode()

    answer = client.post(
        page, {"act": "change", "caption": "台車\u202e\n2", "evidence_class": "sealed"}
    )

    assert answer["Location"].endswith("#evidence")
    evidence.refresh_from_db()
    assert (evidence.caption, evidence.evidence_class) == ("台車 2", "sealed")
    (event,) = acts(audit, "change_evidence")
    # What a caption said stays out of a record that can never be mended.
    assert event.payload == {
        "evidence": "E-001",
        "caption": True,
        "class": {"from": "restricted", "to": "sealed"},
    }
    client.post(page, {"act": "change", "caption": "台車 2", "evidence_class": "sealed"})
    assert len(acts(audit, "change_evidence")) == 1
    assert not verify_records(audit.number)[1]


def test_removed_evidence_is_gone_and_its_number_not_given_again(
    scheme: Scheme, audit: Audit, evidence: Evidence, client: Client
) -> None:
    page = reverse("portal:evidence_edit", args=[evidence.pk])
    assert client.post(page, {"act": "remove", "reason": " "}).status_code == 422
    assert Evidence.objects.filter(pk=evidence.pk).exists()

    remove_evidence(actor=scheme.lead.user, evidence=evidence, reason=" 顔が写っていた ")

    assert not Evidence.objects.exists()
    (event,) = acts(audit, "remove_evidence")
    assert event.comment == "顔が写っていた"
    assert event.payload == {
        "evidence": "E-001",
        "sha256": evidence.sha256,
        "class": "restricted",
    }
    assert kept(scheme, audit).label == "E-002"
    with pytest.raises(ValidationError):
        remove_evidence(actor=scheme.lead.user, evidence=evidence, reason="again")


@pytest.mark.django_db(transaction=True)
def test_files_go_once_the_removal_is_certain(
    scheme: Scheme, audit: Audit, evidence: Evidence, client: Client
) -> None:
    make_thumbnail(evidence.pk)
    evidence.refresh_from_db()
    paths = [Path(evidence.file.path), Path(evidence.thumbnail.path)]
    assert all(path.exists() for path in paths)

    answer = client.post(
        reverse("portal:evidence_edit", args=[evidence.pk]), {"act": "remove", "reason": "顔"}
    )

    assert answer.status_code == 302
    assert not any(path.exists() for path in paths)


@pytest.mark.past_the_record
def test_only_the_team_changes_and_only_until_the_signature(
    scheme: Scheme, audit: Audit, evidence: Evidence
) -> None:
    others = (scheme.manager, scheme.reviewer, scheme.owner, make_auditor(scheme.body).user)
    for person in others:
        with pytest.raises(PermissionDenied):
            change_evidence(
                actor=person, evidence=evidence, caption="", evidence_class=EvidenceClass.PUBLIC
            )
        with pytest.raises(PermissionDenied):
            remove_evidence(actor=person, evidence=evidence, reason="x")
    Audit.objects.filter(pk=audit.pk).update(status=Status.IN_REVIEW)
    page = reverse("portal:evidence_edit", args=[evidence.pk])
    client = browser(scheme.lead.user)
    assert client.get(page).status_code == 403
    assert client.post(page, {"act": "remove", "reason": "x"}).status_code == 403
    assert client.post(page, {"caption": "", "evidence_class": "public"}).status_code == 403
    evidence.refresh_from_db()
    assert evidence.evidence_class == EvidenceClass.RESTRICTED


def test_removed_photo_does_not_come_back_from_the_tablet(
    scheme: Scheme, audit: Audit, client: Client
) -> None:
    content = picture().read()
    fields = photo(audit, content)
    assert outcomes(send_photo(client, audit, content, fields)) == ["saved"]
    remove_evidence(actor=scheme.lead.user, evidence=audit.evidence.get(), reason="顔")

    assert outcomes(send_photo(client, audit, content, fields)) == ["saved"]

    assert not audit.evidence.exists()
    assert SyncItem.objects.get().evidence is None
