"""Files that a supplier takes back: sent by mistake, unreadable, or with names that need not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits import policies
from audits.models import Audit, SuppliedFile
from audits.services.correction_files import takes_files
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.storing import discard
from audits.terms import Status
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from accounts.models import User


def why_kept(supplied: SuppliedFile, audit: Audit) -> str:
    """Return why a file can no longer be taken back, or an empty text.

    Reads the file's document and corrective action, which lists fetch beforehand.
    """
    if supplied.action is not None:
        if takes_files(supplied.action):
            return ""
        return _("What you sent is being checked, or has been. It can no longer be taken back.")
    if audit.status == Status.DRAFT:
        return ""
    if not policies.takes_documents(audit):
        return _("The time for documents is over. What you sent can no longer be taken back.")
    if supplied.document is not None and supplied.document.verdict:
        return _(
            "The audit team has looked at this document. Send a better file beside it instead."
        )
    return ""


@transaction.atomic
def take_back(*, actor: User, supplied: SuppliedFile) -> None:
    """Delete a file that nobody has judged yet; that it was there stays in the record.

    Does nothing when it is gone already. The number may be given to another file later: the record
    tells them apart by their sha256. Raises PermissionDenied for others than managers of the
    supplier, ValidationError with the sentence of `why_kept`.
    """
    audit = lock(Audit.objects.get(pk=supplied.audit_id))
    if not suppliers.manages(actor, audit.site.supplier):
        raise PermissionDenied
    rows = SuppliedFile.objects.select_related("document", "action__finding__requirement")
    row = rows.filter(pk=supplied.pk).first()
    if row is None:
        return
    if sentence := why_kept(row, audit):
        raise ValidationError(sentence, code="closed")
    subject = (
        {"code": row.action.finding.requirement.code}
        if row.action
        else {"documents": [row.document.name_ja]}
        if row.document
        else {}
    )
    append_event(
        audit=audit,
        actor=actor,
        act="file_taken_back",
        payload={**subject, "file": row.label, "sha256": row.sha256},
    )
    name = row.file.name or ""
    row.delete()
    transaction.on_commit(lambda: discard([name]))
