"""Evidence: known by content, made anew without what cameras add, refused with a sentence."""

from __future__ import annotations

import errno
import io
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError
from PIL import Image

from audits.content import prepare
from audits.content.refusals import SENTENCES
from audits.models import Audit, AuditEvent, Evidence, SchemeSettings
from audits.services.evidence import DuplicateEvidenceError, add_evidence
from audits.terms import Status
from tests.factories import Scheme, audit_at, picture

JPEG = picture((10, 200, 30)).getvalue()


def photo_with_exif() -> bytes:
    """A photo as a telephone makes it: time, place, maker."""
    image = Image.new("RGB", (80, 60), (120, 60, 20))
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[306] = "2026:06:23 10:42:05"
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 12.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_picture_loses_place_and_maker_but_keeps_its_time() -> None:
    prepared = prepare(photo_with_exif())

    with Image.open(io.BytesIO(prepared.content)) as image:
        assert dict(image.getexif()) == {}
    assert b"PhoneMaker" not in prepared.content
    assert prepared.taken_at == datetime(2026, 6, 23, 10, 42, 5, tzinfo=ZoneInfo("Asia/Tokyo"))


def add(scheme: Scheme, audit: Audit, content: bytes, code: str = "5-7", **more: Any) -> Evidence:
    return add_evidence(
        actor=scheme.lead.user,
        audit=audit,
        finding=audit.findings.get(requirement__code=code) if code else None,
        file=io.BytesIO(content),
        name="photo.jpg",
        **more,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("again", [JPEG, None])
@pytest.mark.parametrize("code", ["5-7", "5-8", ""])
def test_same_file_twice_says_where_it_is(
    audit: Audit, scheme: Scheme, code: str, again: bytes | None
) -> None:
    first = add(scheme, audit, JPEG)
    with first.file.open("rb") as file:
        content = again or file.read()

    with pytest.raises(DuplicateEvidenceError, match=r"(?=.*E-001)(?=.*5-7)") as known:
        add(scheme, audit, content, code)

    assert known.value.evidence == first
    assert audit.evidence.count() == 1
    assert AuditEvent.objects.filter(audit=audit, act="add_evidence").count() == 1
    # Another audit may have the same picture.
    other = Scheme()
    assert add(other, audit_at(Status.FIELDWORK, other), JPEG).label == "E-001"


@pytest.mark.django_db
def test_file_of_the_audit_as_a_whole_is_known_again(audit: Audit, scheme: Scheme) -> None:
    add(scheme, audit, JPEG, "")

    with pytest.raises(DuplicateEvidenceError, match="E-001"):
        add(scheme, audit, JPEG)


@pytest.mark.django_db
def test_files_are_limited_by_size_and_number(audit: Audit, scheme: Scheme) -> None:
    SchemeSettings.objects.current()
    limits = SchemeSettings.objects.filter(pk=1)
    limits.update(evidence_megabytes=1, evidence_per_finding=2, evidence_per_audit=3)
    with pytest.raises(ValidationError) as refusal:
        add(scheme, audit, JPEG + b"0" * 1024 * 1024)
    assert refusal.value.messages == [str(SENTENCES["too_large"]) % {"limit": 1}]

    def fill(code: str) -> Evidence:
        return add(scheme, audit, picture().read(), code)

    fill("5-7")
    fill("5-7")
    with pytest.raises(ValidationError) as refusal:
        fill("5-7")
    assert refusal.value.messages == [str(SENTENCES["finding_full"]) % {"limit": 2}]
    fill("5-8")
    with pytest.raises(ValidationError) as refusal:
        fill("5-8")
    assert refusal.value.messages == [str(SENTENCES["audit_full"]) % {"limit": 3}]
    assert audit.evidence.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_storage_keeps_nothing(
    audit: Audit, scheme: Scheme, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fail_half_way(monkeypatch, number)

    with pytest.raises(ValidationError) as refusal:
        add(scheme, audit, JPEG)

    assert refusal.value.messages == [str(SENTENCES["storage_full"])]
    nothing_kept(audit)


@pytest.mark.django_db
def test_broken_storage_keeps_nothing_and_is_not_hidden(
    audit: Audit, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_half_way(monkeypatch, errno.EIO)

    with pytest.raises(OSError, match="broken"):
        add(scheme, audit, JPEG)

    nothing_kept(audit)


@pytest.mark.django_db
def test_file_goes_when_its_row_cannot_be_written(
    audit: Audit, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_facts: Any) -> None:
        raise DatabaseError("no")

    monkeypatch.setattr("audits.services.evidence.append_event", refuse)

    with pytest.raises(DatabaseError):
        add(scheme, audit, JPEG)

    nothing_kept(audit)


def fail_half_way(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the storage write a part of each file and then fail."""

    def save(storage: FileSystemStorage, name: str, content: Any) -> str:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(10))
        raise OSError(number, "broken")

    monkeypatch.setattr(FileSystemStorage, "_save", save)


def nothing_kept(audit: Audit) -> None:
    assert not audit.evidence.exists()
    assert not AuditEvent.objects.filter(audit=audit, act="add_evidence").exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_path_in_the_name_is_dropped(audit: Audit, scheme: Scheme) -> None:
    evidence = add_evidence(
        actor=scheme.lead.user,
        audit=audit,
        file=io.BytesIO(JPEG),
        name="..\\..\\etc/passwd.jpg",
    )

    assert evidence.name == "passwd.jpg"
    assert ".." not in str(evidence.file.name)


@pytest.mark.django_db
def test_finding_of_another_audit_is_refused(audit: Audit, scheme: Scheme) -> None:
    other = audit_at(Status.FIELDWORK).findings.first()

    with pytest.raises(PermissionDenied):
        add_evidence(
            actor=scheme.lead.user, audit=audit, finding=other, file=io.BytesIO(JPEG), name="a.jpg"
        )


@pytest.mark.django_db
def test_only_the_team_adds_evidence(audit: Audit, scheme: Scheme) -> None:
    for person in (scheme.manager, scheme.desk, scheme.reviewer):
        with pytest.raises(PermissionDenied):
            add_evidence(actor=person, audit=audit, file=io.BytesIO(JPEG), name="a.jpg")

    assert not Evidence.objects.exists()


def picture_with(exif: Image.Exif) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    "moment", ["0001:01:01 00:00:00", "1980:01:01 00:00:00", "2999:01:01 00:00:00", "nonsense"]
)
def test_time_of_a_camera_without_a_clock_is_not_kept(moment: str) -> None:
    exif = Image.Exif()
    exif[306] = moment

    assert prepare(picture_with(exif)).taken_at is None


def test_zone_of_a_camera_is_believed() -> None:
    exif = Image.Exif()
    part = exif.get_ifd(0x8769)
    part[36867], part[36881] = "2026:06:01 10:00:00", "+05:30"

    taken = prepare(picture_with(exif)).taken_at

    assert taken is not None
    assert taken.isoformat() == "2026-06-01T10:00:00+05:30"


def test_comment_of_the_original_is_gone() -> None:
    image = Image.new("RGB", (30, 20))
    image.info["comment"] = b"name of a worker"
    out = io.BytesIO()
    image.save(out, "JPEG")
    assert b"worker" in out.getvalue()

    assert b"worker" not in prepare(out.getvalue()).content
