"""Corrective actions: planned, accepted, carried out, verified; each step by one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits import policies
from audits.models import Audit, CorrectiveAction
from audits.services.closing import close_when_done
from audits.services.correction_rails import (
    Given,
    Rail,
    day_within_the_deadline,
    refuse,
    refuse_void,
    seen_on_site,
    shown_by_a_file,
    texts_given,
)
from audits.services.correction_telling import tell_of_step
from audits.services.guards.designations import verification_stopped
from audits.services.independence import Dependence, refuse_bound
from audits.services.locking import lock
from audits.services.records import append_event
from audits.terms import Actor, CorrectionStatus

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Step:
    """One step of a corrective action: from, to, by whom, with a comment or not, and its rails.

    `writes` are the fields of the action that the step fills.
    """

    sources: tuple[CorrectionStatus, ...]
    target: CorrectionStatus
    actors: tuple[Actor, ...]
    comment: bool = False
    writes: tuple[str, ...] = ()
    rails: tuple[Rail, ...] = ()


MOVED_ON = _("This corrective action has moved on in the meantime. Look at it again.")
DAYS = ("planned_on",)
PLAN_TEXTS = ("root_cause", "correction", "prevention", "responsible")
CHECKERS = (Actor.BODY, Actor.SECRETARIAT, Actor.LEAD)
STEPS: dict[str, Step] = {
    "plan": Step(
        (CorrectionStatus.OPEN,),
        CorrectionStatus.PLANNED,
        (Actor.SUPPLIER,),
        writes=(*PLAN_TEXTS, "planned_on"),
        rails=(texts_given(*PLAN_TEXTS), day_within_the_deadline),
    ),
    "accept_plan": Step((CorrectionStatus.PLANNED,), CorrectionStatus.PLAN_ACCEPTED, CHECKERS),
    "return_plan": Step((CorrectionStatus.PLANNED,), CorrectionStatus.OPEN, CHECKERS, comment=True),
    "submit_evidence": Step(
        (CorrectionStatus.PLAN_ACCEPTED,),
        CorrectionStatus.EVIDENCE_SUBMITTED,
        (Actor.SUPPLIER,),
        writes=("evidence_note",),
        rails=(texts_given("evidence_note"), shown_by_a_file),
    ),
    "return_evidence": Step(
        (CorrectionStatus.EVIDENCE_SUBMITTED,),
        CorrectionStatus.PLAN_ACCEPTED,
        CHECKERS,
        comment=True,
    ),
    "close": Step(
        (CorrectionStatus.EVIDENCE_SUBMITTED,),
        CorrectionStatus.CLOSED,
        CHECKERS,
        rails=(seen_on_site,),
    ),
    "carry_over": Step(
        (
            CorrectionStatus.OPEN,
            CorrectionStatus.PLANNED,
            CorrectionStatus.PLAN_ACCEPTED,
            CorrectionStatus.EVIDENCE_SUBMITTED,
        ),
        CorrectionStatus.CARRIED_OVER,
        (Actor.SECRETARIAT,),
        comment=True,
    ),
}


# The lead who found it checks it, and so does the body; who is tied to the supplier does not.
TIED = (Dependence.SUPPLIER, Dependence.ENGAGEMENT)


@transaction.atomic
def take_step(
    *, actor: User, action: CorrectiveAction, step: str, comment: str = "", **fields: Any
) -> CorrectiveAction:
    """Take one step of STEPS with the texts it requires; closes the audit when all have ended.

    Raises PermissionDenied for others than those of the step, ValidationError when the audit is
    void, when the step does not fit the state, or for what its rails refuse, by field.
    """
    row = STEPS[step]
    audit = lock(Audit.objects.get(findings=action.finding_id))
    action = (
        CorrectiveAction.objects.select_for_update(of=("self",))
        .select_related("finding__requirement")
        .get(pk=action.pk)
    )
    held = policies.capacities(actor, audit).intersection(row.actors)
    if not held:
        raise PermissionDenied
    if row.actors == CHECKERS:
        refuse_bound(actor, audit, only=TIED)
        if stopped := list(verification_stopped(audit, held)):
            raise ValidationError(
                [ValidationError(text, code="verify_stopped") for text in stopped]
            )
    refuse_void(audit)
    if action.status not in row.sources:
        raise ValidationError(MOVED_ON)
    if row.comment and not comment.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    given = Given(comment.strip(), fields)
    refuse(error for rail in row.rails for error in rail(action, given))
    before = action.status
    for name in row.writes:
        setattr(action, name, fields[name] if name in DAYS else given.text(name))
    action.status, action.plan_draft = row.target, {}
    action.updated_at = timezone.now()
    if row.target == CorrectionStatus.CLOSED:
        action.closed_at = action.updated_at
    action.save()
    event = append_event(
        audit=audit,
        actor=actor,
        act=f"corrective_action_{step}",
        comment=comment.strip(),
        payload={"code": action.finding.requirement.code, "from": before, "to": row.target},
    )
    tell_of_step(audit, action, step, event)
    close_when_done(audit)
    return action
