"""Photos and documents with which a supplier shows that something was corrected."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits.models import Audit, CorrectiveAction, SuppliedFile
from audits.models.corrections import CORRECTION_ENDED
from audits.services.correction_rails import refuse_void
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.storing import all_or_nothing
from audits.services.supplied import keep, read_upload
from audits.terms import CorrectionStatus
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from accounts.models import User

# While somebody checks what was sent, it does not change under the reader.
BEING_CHECKED = (CorrectionStatus.EVIDENCE_SUBMITTED, *CORRECTION_ENDED)


def takes_files(action: CorrectiveAction) -> bool:
    """Say whether the supplier may add files to a corrective action as it stands."""
    return action.status not in BEING_CHECKED


def send_shown(
    *, actor: User, action: CorrectiveAction, file: IO[bytes], name: str
) -> SuppliedFile:
    """Keep a photo or document for a corrective action, made harmless as evidence is.

    The same file again is kept once. Raises PermissionDenied for anybody but the supplier's
    managers, ValidationError when the file is refused or cannot be stored, or when what was sent is
    being checked or has been.
    """
    _check(actor, Audit.objects.with_people().get(findings=action.finding_id), action)
    upload = read_upload(file, name)
    with all_or_nothing() as stored, transaction.atomic():
        audit = lock(Audit.objects.get(findings=action.finding_id))
        action = CorrectiveAction.objects.select_related("finding__requirement").get(pk=action.pk)
        _check(actor, audit, action)
        supplied, new = keep(upload, actor=actor, audit=audit, target=action, stored=stored)
        if new:
            append_event(
                audit=audit,
                actor=actor,
                act="corrective_action_file",
                payload={
                    "code": action.finding.requirement.code,
                    "file": supplied.label,
                    "sha256": supplied.sha256,
                },
            )
    return supplied


def _check(actor: User, audit: Audit, action: CorrectiveAction) -> None:
    if not suppliers.manages(actor, audit.site.supplier):
        raise PermissionDenied
    refuse_void(audit)
    if not takes_files(action):
        raise ValidationError(
            _("What you sent is being checked, or has been. Nothing can be added now."),
            code="closed",
        )
