"""Reading sealed evidence leaves a trace in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audits.services.locking import lock
from audits.services.records import append_event
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Evidence


@transaction.atomic
def record_reading(*, actor: User, evidence: Evidence) -> None:
    """Record who read a sealed piece of evidence; other classes leave no trace."""
    if evidence.evidence_class != EvidenceClass.SEALED:
        return
    append_event(
        audit=lock(evidence.audit),
        actor=actor,
        act="read_evidence",
        payload={"evidence": evidence.label},
    )
