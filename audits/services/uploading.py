"""Large files in parts: an upload that was interrupted goes on where it stopped."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.content.names import one_line
from audits.content.refusals import STORAGE_FULL
from audits.models import Audit, Evidence, Finding, Upload
from audits.services.evidence import (
    add_evidence,
    check_may_add,
    check_room,
    check_size,
)
from audits.services.storing import all_or_nothing, discard
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

# What the browser is asked to send at once, and what is taken at most.
PART_BYTES = 512 * 1024
MOST_PART_BYTES = 2 * 1024 * 1024
MOST_AT_ONCE = 50
KEPT_FOR = timedelta(days=1)
GIVEN_UP = _("This upload was given up. Choose the file again.")


class OffsetError(ValidationError):
    """A part that does not continue what has arrived; `offset` is where to go on."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(
            _("This part does not continue what has arrived. Send it again from there."),
            code="offset",
        )


def start_upload(
    *,
    actor: User,
    finding: Finding,
    fingerprint: str,
    name: str,
    size: int,
    caption: str = "",
    evidence_class: EvidenceClass = EvidenceClass.RESTRICTED,
) -> Upload:
    """Return the upload of a file: the one that was interrupted, or a new one.

    What is wrong is said before anything is sent: PermissionDenied outside the team, ValidationError
    for a size or a number of files beyond the limits.
    """
    audit = Audit.objects.with_people().get(pk=finding.audit_id)
    check_may_add(actor, audit, finding)
    check_size(size)
    check_room(audit, finding)
    facts = {"caption": one_line(caption), "evidence_class": evidence_class}
    with transaction.atomic():
        mine = Upload.objects.filter(started_by=actor)
        upload = mine.filter(finding=finding, fingerprint=fingerprint, size=size).first()
        if upload is None and mine.count() >= MOST_AT_ONCE:
            raise ValidationError(
                _("%(limit)d files of yours are still on their way. Finish or give up some first."),
                params={"limit": MOST_AT_ONCE},
            )
        if upload is None:
            upload, _new = Upload.objects.get_or_create(
                started_by=actor,
                finding=finding,
                fingerprint=fingerprint,
                defaults={"size": size, "name": one_line(name)[-200:] or "file"},
            )
        for field, value in facts.items():
            setattr(upload, field, value)
        upload.touched_at = timezone.now()
        upload.full_clean(validate_unique=False, validate_constraints=False)
        upload.save(update_fields=[*facts, "touched_at"])
    return upload


def take_part(*, actor: User, upload: Upload, offset: int, content: bytes) -> Upload:
    """Keep the next part of a file; the same part twice is kept once.

    Raises OffsetError for a part from anywhere else, ValidationError for one that is too large or
    cannot be stored, PermissionDenied when the team no longer writes.
    """
    audit = Audit.objects.with_people().get(pk=upload.finding.audit_id)
    check_may_add(actor, audit, upload.finding)
    with all_or_nothing() as stored, transaction.atomic():
        row = Upload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
        if row is None:
            raise ValidationError(GIVEN_UP)
        if offset != row.received:
            raise OffsetError(row.received)
        if len(content) > min(MOST_PART_BYTES, row.size - row.received):
            raise ValidationError(_("More was sent than the file has. Choose the file again."))
        if content:
            name = row.part_name()
            # What a process left that ended before it could say so.
            discard([name])
            stored.append(name)
            row.parts = [*row.parts, default_storage.save(name, ContentFile(content))]
            row.received += len(content)
        row.touched_at = timezone.now()
        row.save(update_fields=["parts", "received", "touched_at"])
    return row


def finish_upload(*, actor: User, upload: Upload) -> Evidence:
    """Make evidence of a file that has arrived completely; what was kept of its parts is removed.

    A file that is refused is gone too; a storage without room keeps it, to be tried again. Raises
    what `add_evidence` raises.
    """
    if upload.received != upload.size:
        raise OffsetError(upload.received)
    try:
        evidence = add_evidence(
            actor=actor,
            audit=upload.finding.audit,
            finding=upload.finding,
            file=_whole(upload),
            name=upload.name,
            caption=upload.caption,
            evidence_class=EvidenceClass(upload.evidence_class),
        )
    except ValidationError as error:
        if getattr(error, "code", "") != STORAGE_FULL:
            remove_upload(upload)
        raise
    except PermissionDenied:
        remove_upload(upload)
        raise
    remove_upload(upload)
    return evidence


def remove_upload(upload: Upload) -> None:
    """Remove an upload with everything that was kept of it."""
    names = [*upload.parts, upload.part_name()]
    Upload.objects.filter(pk=upload.pk).delete()
    discard(names)


def remove_abandoned(now: datetime) -> int:
    """Remove the uploads of which nothing has arrived for a day; return how many."""
    abandoned = list(Upload.objects.untouched_since(now - KEPT_FOR))
    for upload in abandoned:
        remove_upload(upload)
    return len(abandoned)


def _whole(upload: Upload) -> io.BytesIO:
    whole = io.BytesIO()
    try:
        for name in upload.parts:
            with default_storage.open(name) as part:
                whole.write(part.read())
    except FileNotFoundError as error:
        # The same upload, sent once more, was finished in the meantime.
        raise ValidationError(GIVEN_UP) from error
    whole.seek(0)
    return whole
