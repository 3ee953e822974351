"""Reading sealed evidence leaves a trace in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audits.models import AuditEvent
from audits.services.locking import lock
from audits.services.records import append_event
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Evidence


@transaction.atomic
def record_reading(*, actor: User, evidence: Evidence) -> None:
    """Record who read a sealed piece of evidence, once a day; other classes leave no trace.

    Who has seen it today may look again: a browser asks for the same file several times, and a
    record full of them would hide the reader who matters.
    """
    if evidence.evidence_class != EvidenceClass.SEALED:
        return
    audit = lock(evidence.audit)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    read = AuditEvent.objects.filter(
        audit=audit,
        actor=actor,
        act="read_evidence",
        at__gte=today,
        payload__evidence=evidence.label,
    )
    if not read.exists():
        append_event(
            audit=audit,
            actor=actor,
            act="read_evidence",
            payload={"evidence": evidence.label},
        )
