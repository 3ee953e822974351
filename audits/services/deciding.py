"""Review, check of facts, and decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.notices import notify
from audits.letters.events import GRADE_PROPOSED, GRADE_REFUSED
from audits.models import GradeProposal
from audits.services.assessment import computed_grade
from audits.services.independence import refuse_bound
from audits.services.locking import lock, lock_with_site
from audits.services.perform import may, perform, refusals
from audits.services.records import append_event
from audits.services.telling import about_audit, tell
from audits.terms import Act, GradeLetter, Status
from audits.workflow import TRANSITIONS, Move

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Audit


def send_back(
    *,
    actor: User,
    audit: Audit,
    comment: str,
    comments: Mapping[str, str] | None = None,
    expected_version: int | None = None,
) -> Audit:
    """Send the report back to the team; `comments` are by requirement code, to be answered."""
    return perform(
        audit,
        Act.SEND_BACK,
        actor=actor,
        comment=comment,
        data={"comments": dict(comments or {})},
        expected_version=expected_version,
    )


def pass_review(
    *, actor: User, audit: Audit, comment: str = "", expected_version: int | None = None
) -> Audit:
    """Pass the review; the supplier is asked to check the facts."""
    return perform(
        audit, Act.PASS_REVIEW, actor=actor, comment=comment, expected_version=expected_version
    )


def dispute(*, actor: User, audit: Audit, disputes: Mapping[str, str]) -> Audit:
    """Dispute facts; `disputes` maps requirement codes to what is wrong."""
    return perform(audit, Act.DISPUTE, actor=actor, data={"disputes": dict(disputes)})


def accept_facts(*, actor: User | None, audit: Audit) -> Audit:
    """Accept the facts, by the supplier or (actor None) because the time is over."""
    return perform(audit, Act.ACCEPT_FACTS, actor=actor)


def issue(*, actor: User, audit: Audit, grade: str, expected_version: int | None = None) -> Audit:
    """Issue the result with the computed grade; another one is proposed to a second person."""
    return perform(
        audit,
        Act.ISSUE,
        actor=actor,
        data={"grade": grade, "computed": computed_grade(audit).grade},
        expected_version=expected_version,
    )


@transaction.atomic
def propose_grade(
    *, actor: User, audit: Audit, grade: str, reason: str, expected_version: int | None = None
) -> GradeProposal:
    """Propose a grade that differs from the computed one; a second decision maker must agree.

    Raises PermissionDenied for others than decision makers, ValidationError when the result could
    not be issued now, when the grade is the computed one, or when a proposal is open already.
    """
    audit = lock(audit)
    if not may(actor, audit, TRANSITIONS[Act.ISSUE]):
        raise PermissionDenied(_("You may not do this on this audit."))
    computed = computed_grade(audit).grade
    if audit.status != Status.DECISION or expected_version not in (None, audit.version):
        raise ValidationError(
            _("The audit has moved on in the meantime. Look at it again."), code="moved_on"
        )
    if grade not in GradeLetter.values or grade == computed:
        raise ValidationError(_("Choose a grade that differs from the computed one."))
    if not reason.strip():
        raise ValidationError(_("The grade differs from the computed one. Give the reason."))
    as_computed = Move(Act.ISSUE, actor, data={"grade": computed, "computed": computed})
    if obstacles := refusals(audit, as_computed):
        raise ValidationError(obstacles)
    proposal = GradeProposal.objects.create(
        audit=audit,
        computed_grade=computed,
        grade=grade,
        reason=reason.strip(),
        proposed_by=actor,
    )
    event = append_event(
        audit=audit,
        actor=actor,
        act="grade_proposed",
        comment=proposal.reason,
        payload={"computed": computed, "grade": str(grade)},
    )
    tell(audit, GRADE_PROPOSED, key=f"proposal{event.sequence}", said=proposal.reason)
    return proposal


@transaction.atomic
def agree_grade(*, actor: User, proposal: GradeProposal, answer: str = "") -> Audit:
    """Agree to a proposed grade as the second person; the result is issued with it.

    The result names the proposer as who decided. Every guard of issuing holds for both people.
    """
    audit = lock_with_site(proposal.audit)
    proposal = _open_proposal(actor, audit, proposal)
    _settle(proposal, actor, agreed=True, answer=answer)
    append_event(
        audit=audit,
        actor=actor,
        act="grade_agreed",
        comment=answer.strip(),
        payload={"grade": proposal.grade, "proposed_by": str(proposal.proposed_by_id)},
    )
    return perform(
        audit,
        Act.ISSUE,
        actor=actor,
        data={
            "grade": proposal.grade,
            "computed": computed_grade(audit).grade,
            "reason": proposal.reason,
            "decided_by": proposal.proposed_by,
            "seconded_by": actor,
            "proposal": proposal,
        },
    )


@transaction.atomic
def refuse_grade(*, actor: User, proposal: GradeProposal, answer: str) -> GradeProposal:
    """Refuse a proposed grade with a reason; the proposer takes it back in the same way.

    Refusing is deciding: raises ValidationError for somebody who is not independent of the audit.
    """
    audit = lock(proposal.audit)
    proposal = _open_proposal(actor, audit, proposal)
    if actor.pk != proposal.proposed_by_id:
        refuse_bound(actor, audit, decides=True)
    if not answer.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    _settle(proposal, actor, agreed=False, answer=answer)
    append_event(
        audit=audit,
        actor=actor,
        act="grade_refused",
        comment=answer.strip(),
        payload={"grade": proposal.grade},
    )
    if actor.pk != proposal.proposed_by_id:
        notify(
            [proposal.proposed_by],
            f"{audit.number}:refused:{proposal.pk}",
            about_audit(
                audit,
                GRADE_REFUSED,
                None,
                answer.strip(),
                reverse("console:decide", args=[audit.number]),
            ),
        )
    return proposal


def _open_proposal(actor: User, audit: Audit, proposal: GradeProposal) -> GradeProposal:
    if not may(actor, audit, TRANSITIONS[Act.ISSUE]):
        raise PermissionDenied(_("You may not do this on this audit."))
    row = GradeProposal.objects.select_related("proposed_by").get(pk=proposal.pk)
    if row.settled_at is not None:
        raise ValidationError(
            _("This proposal has been answered in the meantime. Look at it again."),
            code="moved_on",
        )
    return row


def _settle(proposal: GradeProposal, actor: User, *, agreed: bool, answer: str) -> None:
    proposal.agreed, proposal.answer = agreed, answer.strip()
    proposal.settled_by, proposal.settled_at = actor, timezone.now()
    proposal.save()
