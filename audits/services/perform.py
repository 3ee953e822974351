"""The one function that moves an audit from state to state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits import policies
from audits.models import Audit
from audits.services.effects import EFFECTS, due_after
from audits.services.guards import GUARDS
from audits.services.locking import lock, lock_with_site
from audits.services.records import append_event
from audits.signals import audit_moved
from audits.terms import Status
from audits.workflow import TRANSITIONS, Move, Transition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.terms import Act


def refusals(audit: Audit, move: Move) -> list[ValidationError]:
    """Return every refusal of the act's guards as a sentence with the guard's name as code."""
    return [
        ValidationError(sentence, code=name)
        for name in TRANSITIONS[move.act].guards
        for sentence in GUARDS[name](audit, move)
    ]


def may(actor: User | None, audit: Audit, row: Transition) -> bool:
    """Say whether the actor stands to the audit in a capacity that the act asks for."""
    return not policies.capacities(actor, audit).isdisjoint(row.actors)


def available(audit: Audit, user: User) -> list[Transition]:
    """Return the acts that the user may try now, in the order of the table."""
    held = policies.capacities(user, audit)
    return [
        row
        for row in TRANSITIONS.values()
        if audit.status in row.sources and not held.isdisjoint(row.actors)
    ]


@transaction.atomic
def perform(
    audit: Audit,
    act: Act,
    *,
    actor: User | None,
    comment: str = "",
    data: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
) -> Audit:
    """Move the audit: lock, check who, from, comment and guards, apply, record, tell.

    `actor` None is the clock. `expected_version` is the version the person saw; when the audit has
    moved on since, nothing is done. Raises PermissionDenied when the actor stands in no fitting
    capacity, ValidationError with one sentence per obstacle otherwise.
    """
    row = TRANSITIONS[act]
    audit = lock_with_site(audit) if row.target == Status.ISSUED else lock(audit)
    move = Move(act, actor, comment.strip(), data or {})
    if not may(actor, audit, row):
        raise PermissionDenied(_("You may not do this on this audit."))
    if audit.status not in row.sources or (
        expected_version is not None and expected_version != audit.version
    ):
        raise ValidationError(
            format_lazy(
                _(
                    "The audit has moved on in the meantime and now stands at “{status}”. Look at it again."
                ),
                status=audit.get_status_display(),
            ),
            code="moved_on",
        )
    if row.comment and not move.comment:
        raise ValidationError(_("Give a reason: the others will read it."), code="comment_missing")
    if obstacles := refusals(audit, move):
        raise ValidationError(obstacles)

    before, seen = audit.status, audit.version
    payload = EFFECTS[act](audit, move) if act in EFFECTS else {}
    now = timezone.now()
    # Compare-and-set: should two transactions have passed the lock, only one changes the row.
    moved = Audit.objects.filter(pk=audit.pk, status=before, version=seen).update(
        status=row.target, version=seen + 1, due_on=due_after(audit, row.target), updated_at=now
    )
    if moved != 1:
        raise ValidationError(
            _("Somebody else acted on this audit at the same moment. Look at it again."),
            code="moved_on",
        )
    audit.refresh_from_db()
    event = append_event(
        audit=audit,
        actor=actor,
        act=act,
        from_status=before,
        to_status=row.target,
        comment=move.comment,
        payload=payload,
    )
    audit_moved.send(sender=Audit, audit=audit, move=move, event=event)
    return audit
