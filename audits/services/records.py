"""Writing the append-only record of an audit, and verifying that nobody changed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audits.models import Audit, AuditEvent
from audits.models.events import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User


def append_event(
    *,
    audit: Audit,
    actor: User | None,
    act: str,
    from_status: str = "",
    to_status: str = "",
    comment: str = "",
    payload: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one entry to the audit's record; the caller holds the lock on the audit's row."""
    last = AuditEvent.objects.filter(audit=audit).order_by("-sequence").first()
    event = AuditEvent(
        audit=audit,
        sequence=last.sequence + 1 if last else 1,
        actor=actor,
        act=act,
        from_status=from_status,
        to_status=to_status,
        comment=comment,
        payload=payload or {},
        at=timezone.now(),
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = event.compute_hash()
    event.save(force_insert=True)
    return event


@dataclass(frozen=True)
class Broken:
    """Where a chain is broken: audit number, sequence number (0 when the end is missing), why."""

    number: str
    sequence: int
    reason: str


def verify_chain(audit: Audit, events: Iterable[AuditEvent]) -> Broken | None:
    """Return the first broken entry of one audit's record (given in order), or None."""
    previous, expected, status = GENESIS, 1, ""
    for event in events:
        if event.sequence != expected:
            return Broken(audit.number, expected, "the entry is missing")
        if event.previous_hash != previous:
            return Broken(audit.number, event.sequence, "it does not follow the entry before it")
        if event.compute_hash() != event.hash:
            return Broken(audit.number, event.sequence, "its content was changed")
        previous, expected = event.hash, expected + 1
        status = event.to_status or status
    if status != audit.status:
        return Broken(
            audit.number,
            expected - 1,
            f"the audit stands at {audit.status}, the record at {status}",
        )
    return None


def verify_records(number: str | None = None) -> tuple[int, list[Broken]]:
    """Check the record of one audit or of all; return how many were checked and what is broken."""
    audits = Audit.objects.order_by("number")
    if number is not None:
        audits = audits.filter(number=number)
    checked, broken = 0, []
    for audit in audits.iterator(chunk_size=500):
        checked += 1
        found = verify_chain(audit, AuditEvent.objects.filter(audit=audit).order_by("sequence"))
        if found:
            broken.append(found)
    return checked, broken
