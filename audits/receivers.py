"""What an audit's move means inside this room: people are told, and earlier audits are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from audits.services.answering import settle_earlier
from audits.services.telling import tell_of_move
from audits.signals import audit_moved
from audits.terms import Act

if TYPE_CHECKING:
    from audits.models import Audit, AuditEvent
    from audits.workflow import Move


@receiver(audit_moved)
def tell(sender: Any, audit: Audit, event: AuditEvent, **_kwargs: Any) -> None:
    """Tell everybody whom the move concerns, in the transaction of the move."""
    tell_of_move(audit, event)


@receiver(audit_moved)
def answer_earlier(sender: Any, audit: Audit, move: Move, **_kwargs: Any) -> None:
    """What a visit found settles what the site's earlier audits left open."""
    if move.act == Act.ISSUE:
        settle_earlier(audit, actor=move.actor)
