"""What an audit's move means inside this room: people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from audits.services.telling import tell_of_move
from audits.signals import audit_moved

if TYPE_CHECKING:
    from audits.models import Audit, AuditEvent


@receiver(audit_moved)
def tell(sender: Any, audit: Audit, event: AuditEvent, **_kwargs: Any) -> None:
    """Tell everybody whom the move concerns, in the transaction of the move."""
    tell_of_move(audit, event)
