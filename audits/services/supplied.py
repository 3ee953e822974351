"""Files that a supplier sends: made harmless as evidence is, the same file again kept once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils.translation import gettext as _

from audits.content import EXTENSIONS, prepare
from audits.content.names import file_name
from audits.models import CorrectiveAction, RequestedDocument, SuppliedFile
from audits.models.documents import supplied_path
from audits.services.evidence import check_size, largest_file

if TYPE_CHECKING:
    from accounts.models import User
    from audits.content import Prepared
    from audits.models import Audit

MOST_FILES = 30  # for one document or one corrective action


@dataclass(frozen=True)
class Upload:
    """A file as it came, and what is kept of it; `sent` is the sha256 of what came."""

    name: str
    sent: str
    prepared: Prepared


def read_upload(file: IO[bytes], name: str) -> Upload:
    """Read and decode a file before anything is locked, since that takes its time.

    Raises ValidationError when it is too large or not one of the kinds that are taken.
    """
    content = file.read(largest_file() + 1)
    check_size(len(content))
    prepared = prepare(content)
    return Upload(
        file_name(name, EXTENSIONS[prepared.media_type]),
        hashlib.sha256(content).hexdigest(),
        prepared,
    )


def keep(
    upload: Upload,
    *,
    actor: User,
    audit: Audit,
    target: RequestedDocument | CorrectiveAction,
    stored: list[str],
) -> tuple[SuppliedFile, bool]:
    """Keep a file for a document or a corrective action of the locked audit; say whether it is new.

    `stored` takes the path, for who undoes the writing when the transaction fails. Raises
    ValidationError when there are MOST_FILES already.
    """
    existing = target.files.filter(sent_sha256=upload.sent).first()
    if existing:
        return existing, False
    if target.files.count() >= MOST_FILES:
        raise ValidationError(
            _("There are %(limit)d files here already. Put several into one PDF."),
            params={"limit": MOST_FILES},
        )
    last = SuppliedFile.objects.filter(audit=audit).aggregate(last=Max("number"))["last"] or 0
    content = upload.prepared.content
    row = SuppliedFile(
        audit=audit,
        document=target if isinstance(target, RequestedDocument) else None,
        action=target if isinstance(target, CorrectiveAction) else None,
        number=last + 1,
        name=upload.name,
        sha256=hashlib.sha256(content).hexdigest(),
        sent_sha256=upload.sent,
        media_type=upload.prepared.media_type,
        size=len(content),
        sent_by=actor,
    )
    row.full_clean(exclude=["file"])
    stored.append(supplied_path(row, ""))
    row.file.save(row.name, ContentFile(content), save=False)
    row.save(force_insert=True)
    return row, True
