"""Writing the append-only record of an audit, and verifying that nobody changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.services.records import Broken, chain_on, first_break
from audits.models import Audit, AuditEvent

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
        actor=actor,
        act=act,
        from_status=from_status,
        to_status=to_status,
        comment=comment,
        payload=payload or {},
    )
    chain_on(last, event)
    return event


def verify_chain(audit: Audit, events: Iterable[AuditEvent]) -> Broken | None:
    """Return the first broken entry of one audit's record (given in order), or None."""
    rows = list(events)
    if broken := first_break(audit.number, rows):
        return broken
    status = next((row.to_status for row in reversed(rows) if row.to_status), "")
    if status != audit.status:
        return Broken(
            audit.number, len(rows), f"the audit stands at {audit.status}, the record at {status}"
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
