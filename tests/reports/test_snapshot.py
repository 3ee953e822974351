"""What is frozen at issue, and what must not be in it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import override
from jsonschema import Draft202012Validator, FormatChecker

from audits.models import Audit, Finding, FindingComment
from audits.services import fieldwork
from audits.services.evidence import add_evidence
from audits.terms import CommentKind, EvidenceClass, Status
from reports.models import Snapshot
from reports.services.reporting import freeze
from reports.snapshot import build_snapshot, canonical, fingerprint
from tests.factories import Scheme, audit_at, picture

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "report-snapshot-v1.json"


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def snapshot_of(audit: Audit) -> Snapshot:
    return Snapshot.objects.get(audit=audit)


def test_snapshot_holds_84_findings_in_order(scheme: Scheme) -> None:
    data = snapshot_of(audit_at(Status.ISSUED, scheme)).data

    assert len(data["findings"]) == 84
    assert [data["findings"][0]["code"], data["findings"][-1]["code"]] == ["1-1", "9-6"]
    assert data["counts"]["total"] == sum(data["counts"]["judgements"].values()) == 84
    assert data["counts"]["judgements"]["nonconforming"] == 1
    assert [row["code"] for row in data["corrective_actions"]] == ["5-7"]


def test_snapshot_names_team_grade_and_provisional_criteria(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    data = snapshot_of(audit).data

    numbers = [scheme.lead.registration_number, scheme.member.registration_number]
    assert [row["registration_number"] for row in data["team"]] == numbers
    assert data["grade"]["letter"] == audit.results.get().grade
    assert data["grade"]["official"] is False
    assert data["grade"]["sentences"]["ja"] != data["grade"]["sentences"]["en"]
    assert data["verification_code"] == audit.results.get().verification_code


def test_canonical_is_the_same_text_whatever_the_order(scheme: Scheme) -> None:
    kept = snapshot_of(audit_at(Status.ISSUED, scheme))

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    assert canonical(turned(kept.data)) == kept.content
    assert fingerprint(kept.content) == kept.sha256
    assert json.loads(kept.content)["site"]["name"]["ja"] == scheme.site.name_ja


def test_snapshot_built_twice_is_the_same(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    again = canonical(build_snapshot(Audit.objects.get(pk=audit.pk), audit.results.get()))

    assert again == snapshot_of(audit).content


def test_snapshot_follows_the_schema_that_is_published(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    add_evidence(
        actor=scheme.lead.user,
        audit=audit,
        finding=audit.findings.in_order()[0],
        file=picture(),
        name="restricted.jpg",
        evidence_class=EvidenceClass.RESTRICTED,
    )
    data = build_snapshot(audit, None)
    issued = snapshot_of(audit_at(Status.ISSUED, Scheme(), nonconforming=("3-4", "5-7"))).data
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())

    validator.check_schema(schema)
    assert [error.message for error in validator.iter_errors(issued)] == []
    wrong = {error.json_path for error in validator.iter_errors(data)}
    # A draft has the same form; only what issuing adds is missing.
    assert wrong == {
        "$.draft",
        "$.revision",
        "$.grade.issued_on",
        "$.verification_code",
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_snapshot_is_the_same_whatever_the_language_and_the_day(
    scheme: Scheme, language: str
) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    result = audit.results.get()

    with override(language), time_machine.travel(timezone.now() + timedelta(days=500)):
        again = canonical(build_snapshot(audit, result))

    assert fingerprint(again) == snapshot_of(audit).sha256


def test_snapshot_keeps_secrets_out(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    finding = Finding.objects.get(audit=audit, requirement__code="5-7")
    fieldwork.save_finding(
        actor=scheme.lead.user,
        finding=finding,
        version=finding.version,
        working_note="内緒の覚え書き",
    )
    FindingComment.objects.create(
        finding=finding, kind=CommentKind.REVIEW, text="レビューの秘密", author=scheme.reviewer
    )
    kept = {
        kind: add_evidence(
            actor=scheme.lead.user,
            audit=audit,
            finding=finding,
            file=picture(),
            name=f"{kind}.jpg",
            caption=f"説明 {kind}",
            evidence_class=kind,
        )
        for kind in EvidenceClass
    }

    text = canonical(build_snapshot(audit, None))

    assert "内緒" not in text
    assert "レビューの秘密" not in text
    assert kept[EvidenceClass.PUBLIC].sha256 in text
    assert kept[EvidenceClass.SEALED].label not in text
    assert kept[EvidenceClass.RESTRICTED].label in text
    for kind in (EvidenceClass.SEALED, EvidenceClass.RESTRICTED):
        assert kept[kind].sha256 not in text
        assert str(kept[kind].pk) not in text
        assert f"説明 {kind}" not in text


def test_freezing_again_returns_what_was_frozen(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    scheme.site.name_ja = "改称した工場"
    scheme.site.save()

    again = freeze(audit=audit, result=audit.results.get())

    assert again == snapshot_of(audit)
    assert "改称" not in again.content


def test_snapshot_cannot_be_changed(scheme: Scheme) -> None:
    kept = snapshot_of(audit_at(Status.ISSUED, scheme))

    with pytest.raises(PermissionDenied):
        kept.save()
    with pytest.raises(PermissionDenied):
        Snapshot.objects.update(content="{}")
    with pytest.raises(PermissionDenied):
        Snapshot.objects.all().delete()
    for statement in ("UPDATE reports_snapshot SET content = ''", "DELETE FROM reports_snapshot"):
        with (
            pytest.raises(DatabaseError, match="frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
