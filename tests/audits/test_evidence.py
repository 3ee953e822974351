"""Evidence: known by content, made anew without what cameras add, refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from PIL import Image

from audits.models import Audit, AuditEvent, Evidence
from audits.services.evidence import add_evidence, prepare
from audits.terms import Status
from tests.factories import Scheme, audit_at, picture

JPEG = picture((10, 200, 30)).getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def photo_with_exif() -> bytes:
    """A photo as a telephone makes it: time, place, maker."""
    image = Image.new("RGB", (80, 60), (120, 60, 20))
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[306] = "2026:11:23 10:42:05"
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 12.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"%PDF-1.7\n...", "application/pdf"),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            zipped("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_file_is_known_by_its_content(content: bytes, media_type: str) -> None:
    assert prepare(io.BytesIO(content)).media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + b"\x00" * 40,
        b"MZ\x90\x00" + b"\x00" * 80,
        zipped("evil.exe"),
        b"PK\x03\x04broken",
        JPEG[:60],
        b"\xff\xd8\xff\xe0" + b"\x00" * 20,
    ],
)
def test_other_files_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        prepare(io.BytesIO(content))

    assert len(refusal.value.messages[0]) > 10


def test_picture_with_too_many_pixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    out.seek(0)

    with pytest.raises(ValidationError):
        prepare(out)


def test_too_large_file_is_refused() -> None:
    with pytest.raises(ValidationError, match="20"):
        prepare(io.BytesIO(b"%PDF-" + b"0" * (20 * 1024 * 1024)))


def test_picture_loses_place_and_maker_but_keeps_its_time() -> None:
    prepared = prepare(io.BytesIO(photo_with_exif()))

    with Image.open(io.BytesIO(prepared.content)) as image:
        assert dict(image.getexif()) == {}
    assert b"PhoneMaker" not in prepared.content
    assert prepared.taken_at == datetime(2026, 11, 23, 10, 42, 5, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_code_hidden_behind_a_picture_is_gone() -> None:
    prepared = prepare(io.BytesIO(JPEG + b"<script>alert(1)</script>"))

    assert b"script" not in prepared.content


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return audit_at(Status.FIELDWORK, scheme)


@pytest.mark.django_db
def test_same_file_twice_is_kept_once(audit: Audit, scheme: Scheme) -> None:
    finding = audit.findings.first()
    rows = [
        add_evidence(
            actor=scheme.lead.user,
            audit=audit,
            finding=finding,
            file=io.BytesIO(JPEG),
            name="photo.jpg",
        )
        for _time in range(2)
    ]

    assert rows[0] == rows[1]
    assert rows[0].label == "E-001"
    assert AuditEvent.objects.filter(audit=audit, act="add_evidence").count() == 1


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


@pytest.mark.parametrize("moment", ["0001:01:01 00:00:00", "1980:01:01 00:00:00", "nonsense"])
def test_time_of_a_camera_without_a_clock_is_not_kept(moment: str) -> None:
    exif = Image.Exif()
    exif[306] = moment
    out = io.BytesIO()
    Image.new("RGB", (30, 20)).save(out, "JPEG", exif=exif)
    out.seek(0)

    assert prepare(out).taken_at is None
