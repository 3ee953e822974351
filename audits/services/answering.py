"""What a later visit says of the corrective actions that the site's earlier audits left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import Audit, CorrectiveAction
from audits.services.closing import close_when_done
from audits.services.locking import lock
from audits.services.records import append_event
from audits.standards.services.mapping import carried_over
from audits.terms import CorrectionStatus, Judgement
from suppliers.models import Site

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User

# What an issued audit makes of the open corrective action for the same requirement.
SETTLED = {
    Judgement.CONFORMING: CorrectionStatus.CLOSED,
    Judgement.NONCONFORMING: CorrectionStatus.CARRIED_OVER,
}


def settle_earlier(audit: Audit, *, actor: User | None) -> None:
    """End the open corrective actions of the site's earlier audits that this visit has answered.

    What conforms now is closed, as seen on site; what does not is carried over to the corrective
    action that this audit opens. What could not be verified, or was not looked at, stays open.
    Each is written into the record of its own audit, which closes when nothing is left.
    """
    open_before = CorrectiveAction.objects.awaited().filter(
        finding__audit__site__in=Site.objects.at_place_of(audit.site)
    )
    earlier = Audit.objects.filter(
        pk__in=open_before.exclude(finding__audit=audit).values("finding__audit")
    )
    # One after the other in a fixed order, each locked before its actions are read.
    for pk in earlier.order_by("pk").values_list("pk", flat=True):
        before = lock(Audit(pk=pk))
        _settle(before, audit, actor)
        close_when_done(before)


def _settle(before: Audit, audit: Audit, actor: User | None) -> None:
    answers = _answers(before, audit)
    now = timezone.now()
    actions = CorrectiveAction.objects.awaited().filter(
        finding__audit=before, finding__requirement__in=answers
    )
    for action in actions.select_related("finding__requirement").order_by(
        "finding__requirement__order"
    ):
        target = SETTLED[Judgement(answers[action.finding.requirement_id])]
        code, was = action.finding.requirement.code, action.status
        action.status, action.updated_at = target, now
        closed = target == CorrectionStatus.CLOSED
        action.closed_at = now if closed else None
        action.save(update_fields=["status", "closed_at", "updated_at"])
        append_event(
            audit=before,
            actor=actor,
            act="corrective_action_closed_by_audit"
            if closed
            else "corrective_action_carried_over_by_audit",
            payload={"code": code, "by": audit.number, "from": was, "to": target},
        )


def _answers(before: Audit, audit: Audit) -> dict[UUID, str]:
    """Return what this audit says itself about requirements of an earlier one, by their key there."""
    own = dict(
        audit.findings.filter(judgement__in=SETTLED, carried_from=None).values_list(
            "requirement", "judgement"
        )
    )
    if before.standard_id == audit.standard_id or before.standard is None:
        return own
    same = carried_over(before.standard, audit.pinned_standard)
    return {old: own[new] for new, old in same.items() if new in own}
