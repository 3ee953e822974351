"""Evidence coming in: looked at, made harmless, kept once for each audit, within the limits."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits import policies
from audits.content import EXTENSIONS, prepare
from audits.content.names import file_name, one_line
from audits.content.refusals import refusal
from audits.models import Audit, AuditEvent, Evidence, Finding, SchemeSettings
from audits.models.evidence import evidence_path
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.storing import all_or_nothing
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

MEGABYTE = 1024 * 1024


class DuplicateEvidenceError(ValidationError):
    """The audit has this file already: `evidence` is the piece that it is."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        finding = evidence.finding
        sentence = (
            _("This file is already kept as {label} with requirement {code}. Refer to it there.")
            if finding
            else _("This file is already kept as {label} with the audit. Refer to it there.")
        )
        code = finding.requirement.code if finding else ""
        super().__init__(format_lazy(sentence, label=evidence.label, code=code), code="duplicate")


def largest_file() -> int:
    """Return how many bytes a file may have."""
    return SchemeSettings.objects.current().evidence_megabytes * MEGABYTE


def check_size(size: int) -> None:
    """Raise ValidationError for a file that is empty or too large."""
    if not size:
        raise refusal("empty")
    if size > (limit := largest_file()):
        raise refusal("too_large", limit=limit // MEGABYTE)


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
    """Keep a photo or document with the audit; its small picture is made later, by a worker.

    `taken_at` is what the sender says; the time that the picture itself carries wins over it.

    Raises PermissionDenied outside the team, DuplicateEvidenceError for a file that the audit has,
    ValidationError when the file is refused or cannot be stored. Nothing is half kept.
    """
    check_may_add(actor, Audit.objects.with_people().get(pk=audit.pk), finding)
    content = file.read(largest_file() + 1)
    check_size(len(content))
    sent = hashlib.sha256(content).hexdigest()
    refuse_duplicate(audit, sent)
    # Decoding takes its time: it happens before the audit is locked for everybody else.
    prepared = prepare(content)
    digest = hashlib.sha256(prepared.content).hexdigest()
    with all_or_nothing() as stored, transaction.atomic():
        audit = lock(audit)
        check_may_add(actor, audit, finding)
        refuse_duplicate(audit, sent, digest)
        check_room(audit, finding)
        evidence = Evidence(
            audit=audit,
            finding=finding,
            number=_next_number(audit),
            name=file_name(name, EXTENSIONS[prepared.media_type]),
            sha256=digest,
            sent_sha256=sent,
            media_type=prepared.media_type,
            size=len(prepared.content),
            caption=one_line(caption),
            taken_at=prepared.taken_at or taken_at,
            evidence_class=evidence_class,
            added_by=actor,
        )
        evidence.full_clean(exclude=["file", "thumbnail"])
        stored.append(evidence_path(evidence, ""))
        evidence.file.save(evidence.name, ContentFile(prepared.content), save=False)
        evidence.save(force_insert=True)
        append_event(
            audit=audit,
            actor=actor,
            act="add_evidence",
            payload={"evidence": evidence.label, "sha256": digest},
        )
    return evidence


def check_may_add(actor: User, audit: Audit, finding: Finding | None) -> None:
    """Raise PermissionDenied unless the actor writes findings of the audit, and this is one."""
    if not policies.writes_findings(actor, audit):
        raise PermissionDenied(policies.WHO_WRITES)
    if finding is not None and finding.audit_id != audit.pk:
        raise PermissionDenied


def refuse_duplicate(audit: Audit, *digests: str) -> None:
    """Raise DuplicateEvidenceError when the audit has a file with one of the digests."""
    known = (
        Evidence.objects.filter(audit=audit)
        .filter(Q(sha256__in=digests) | Q(sent_sha256__in=digests))
        .select_related("finding__requirement")
        .first()
    )
    if known:
        raise DuplicateEvidenceError(known)


def check_room(audit: Audit, finding: Finding | None) -> None:
    """Raise ValidationError when the audit or the finding has as many files as it may."""
    settings = SchemeSettings.objects.current()
    rows = Evidence.objects.filter(audit=audit)
    if rows.count() >= settings.evidence_per_audit:
        raise refusal("audit_full", limit=settings.evidence_per_audit)
    if finding and rows.filter(finding=finding).count() >= settings.evidence_per_finding:
        raise refusal("finding_full", limit=settings.evidence_per_finding)


def _next_number(audit: Audit) -> int:
    """Return a number that no piece of the audit ever had: the record counts removed ones too."""
    last = Evidence.objects.filter(audit=audit).aggregate(last=Max("number"))["last"] or 0
    added = AuditEvent.objects.filter(audit=audit, act="add_evidence").count()
    return max(last, added) + 1
