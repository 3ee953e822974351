"""Evidence described anew, put into another class, or removed: by the team, until the signature."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audits.content.names import one_line
from audits.models import Evidence
from audits.services.locking import lock_to_write
from audits.services.records import append_event
from audits.services.storing import discard
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def change_evidence(
    *, actor: User, evidence: Evidence, caption: str, evidence_class: EvidenceClass
) -> bool:
    """Give evidence another caption or class; return whether anything was different.

    The record says which of them changed, and the classes. The words of a caption stay out of it:
    they may be mended because they named somebody, and the record keeps everything for good.

    Raises PermissionDenied for everybody who does not write the audit's findings.
    """
    evidence = _writable(actor, evidence)
    changed: dict[str, Any] = {}
    if (words := one_line(caption)) != evidence.caption:
        evidence.caption, changed["caption"] = words, True
    if evidence_class != evidence.evidence_class:
        changed["class"] = {"from": evidence.evidence_class, "to": evidence_class.value}
        evidence.evidence_class = evidence_class
    if not changed:
        return False
    evidence.full_clean(exclude=["file", "thumbnail"])
    evidence.save(update_fields=["caption", "evidence_class"])
    append_event(
        audit=evidence.audit,
        actor=actor,
        act="change_evidence",
        payload={"evidence": evidence.label} | changed,
    )
    return True


@transaction.atomic
def remove_evidence(*, actor: User, evidence: Evidence, reason: str) -> None:
    """Remove evidence with its files; the record keeps its number, its hash and the reason.

    The file is really gone: most often it shows somebody who must not be seen. Its number is not
    given to another. Raises PermissionDenied as `change_evidence`, ValidationError without a reason.
    """
    evidence = _writable(actor, evidence)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why it is removed: the others will read it.")]})
    names = [file.name for file in (evidence.file, evidence.thumbnail) if file and file.name]
    payload = {
        "evidence": evidence.label,
        "sha256": evidence.sha256,
        "class": evidence.evidence_class,
    }
    audit = evidence.audit
    evidence.delete()
    append_event(
        audit=audit, actor=actor, act="remove_evidence", comment=reason.strip(), payload=payload
    )
    transaction.on_commit(partial(discard, names))


def _writable(actor: User, evidence: Evidence) -> Evidence:
    """Return the evidence as it stands under the audit's lock."""
    audit = lock_to_write(actor, evidence.audit)
    row = Evidence.objects.filter(pk=evidence.pk).first()
    if row is None:
        raise ValidationError(_("This piece of evidence was removed in the meantime."))
    row.audit = audit
    return row
