"""Files that people bring: known by their content, made harmless, or refused with a sentence."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.content.office import checked_office
from audits.content.pdf import check_pdf
from audits.content.pictures import heic_as_jpeg, picture_from
from audits.content.refusals import refusal

if TYPE_CHECKING:
    from datetime import datetime

PDF = "application/pdf"
JPEG = "image/jpeg"
EXTENSIONS = {
    JPEG: ".jpg",
    PDF: ".pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
# Office before 2007, and anything newer that is locked with a password.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
# Readers of PDF look for its beginning in so many bytes.
PDF_BEGINS_WITHIN = 1024


@dataclass(frozen=True)
class Prepared:
    """A file ready to be kept: its content, its media type and, of a photo, when it was taken."""

    content: bytes
    media_type: str
    taken_at: datetime | None = None


def prepare(content: bytes) -> Prepared:
    """Return what is kept of a file: pictures encoded anew, documents as they are.

    The name plays no part. Raises ValidationError with a sentence of `refusals`.
    """
    if not content:
        raise refusal("empty")
    if content.startswith(b"%PDF-"):
        if zipfile.is_zipfile(io.BytesIO(content)):
            raise refusal("two_kinds")
        check_pdf(content)
        return Prepared(content, PDF)
    if content.startswith(b"PK\x03\x04"):
        if b"%PDF-" in content[:PDF_BEGINS_WITHIN]:
            raise refusal("two_kinds")
        return Prepared(content, checked_office(content))
    if content.startswith(COMPOUND):
        raise refusal("old_office")
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        content = heic_as_jpeg(content)
    picture, taken_at = picture_from(content)
    return Prepared(picture, JPEG, taken_at)
