"""Evidence coming in: known by its content, pictures made anew without what cameras add."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from audits import policies
from audits.models import Audit, Evidence, Finding
from audits.services.locking import lock
from audits.services.records import append_event
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from accounts.models import User

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONGEST_EDGE = 2400
THUMBNAIL_EDGE = 640
PICTURES = ("JPEG", "PNG", "WEBP")
OFFICE = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FIRST_YEAR = 2000
EXIF_TAKEN_AT = (36867, 306)  # DateTimeOriginal, DateTime
JAPAN = ZoneInfo("Asia/Tokyo")  # cameras write local time without a zone


@dataclass(frozen=True)
class Prepared:
    """A file ready to be kept: content, media type, small picture (empty if none), time taken."""

    content: bytes
    media_type: str
    thumbnail: bytes = b""
    taken_at: datetime | None = None


def prepare(file: IO[bytes]) -> Prepared:
    """Look at the content, not the name; raises ValidationError with a sentence when refused."""
    content = file.read(MAX_BYTES + 1)
    if not content:
        raise ValidationError(_("The file is empty. Take or choose it again."))
    if len(content) > MAX_BYTES:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Make it smaller and try again."),
            params={"limit": MAX_BYTES // 1024 // 1024},
        )
    if content.startswith(b"%PDF-"):
        return Prepared(content, "application/pdf")
    if content.startswith(b"PK\x03\x04"):
        return Prepared(content, _office_type(content))
    return _picture(content)


def _office_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        names = set()
    for member, media_type in OFFICE.items():
        if member in names:
            return media_type
    raise _refused()


def _picture(content: bytes) -> Prepared:
    """Decode and encode again as JPEG: whatever was hidden beside the pixels is gone."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURES) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(
                    _("The picture has too many pixels. Take it with a lower resolution.")
                )
            taken_at = _taken_at(image)
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        raise _refused() from error
    return Prepared(
        _jpeg(upright, LONGEST_EDGE, quality=85),
        "image/jpeg",
        _jpeg(upright, THUMBNAIL_EDGE, quality=78),
        taken_at,
    )


def _jpeg(image: Image.Image, edge: int, quality: int) -> bytes:
    smaller = image.copy()
    smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=quality, optimize=True, progressive=False)
    return out.getvalue()


def _taken_at(image: Image.Image) -> datetime | None:
    exif = image.getexif()
    values = [exif.get_ifd(0x8769).get(EXIF_TAKEN_AT[0]), exif.get(EXIF_TAKEN_AT[1])]
    for value in filter(None, values):
        try:
            taken = datetime.strptime(str(value), "%Y:%m:%d %H:%M:%S").replace(tzinfo=JAPAN)
        except ValueError:
            continue
        # A camera whose clock was never set says year 1, 1970 or 1980: that is no time at all.
        if taken.year >= FIRST_YEAR:
            return taken
    return None


def _refused() -> ValidationError:
    return ValidationError(
        _("This kind of file cannot be kept. Use a photo (JPEG, PNG, WebP), PDF, XLSX or DOCX.")
    )


@transaction.atomic
def add_evidence(
    *,
    actor: User,
    audit: Audit,
    file: IO[bytes],
    name: str,
    finding: Finding | None = None,
    caption: str = "",
    evidence_class: EvidenceClass = EvidenceClass.RESTRICTED,
    taken_at: datetime | None = None,
) -> Evidence:
    """Keep a photo or document with the audit; the same file twice for one finding is kept once.

    `taken_at` is what the sender says; the time that the picture itself carries wins over it.

    Raises PermissionDenied outside the team, ValidationError when the file is refused.
    """
    prepared = prepare(file)
    audit = lock(audit)
    if not policies.writes_findings(actor, audit):
        raise PermissionDenied
    if finding is not None and finding.audit_id != audit.pk:
        raise PermissionDenied
    digest = hashlib.sha256(prepared.content).hexdigest()
    existing = Evidence.objects.filter(audit=audit, finding=finding, sha256=digest).first()
    if existing:
        return existing
    last = Evidence.objects.filter(audit=audit).aggregate(last=Max("number"))["last"] or 0
    evidence = Evidence(
        audit=audit,
        finding=finding,
        number=last + 1,
        name=PurePath(name.replace("\\", "/")).name[:200] or "file",
        sha256=digest,
        media_type=prepared.media_type,
        size=len(prepared.content),
        caption=caption.strip(),
        taken_at=prepared.taken_at or taken_at,
        evidence_class=evidence_class,
        added_by=actor,
    )
    evidence.file.save(evidence.name, ContentFile(prepared.content), save=False)
    if prepared.thumbnail:
        evidence.thumbnail.save(evidence.name, ContentFile(prepared.thumbnail), save=False)
    evidence.full_clean(exclude=["file", "thumbnail"])
    evidence.save(force_insert=True)
    append_event(
        audit=audit,
        actor=actor,
        act="add_evidence",
        payload={"evidence": evidence.label, "sha256": digest},
    )
    return evidence
