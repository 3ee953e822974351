"""Guards of review, check of facts, decision and closing: by independent people, in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits import policies
from audits.models import Alert, Appeal, Audit, CorrectiveAction, GradeProposal
from audits.models.corrections import CORRECTION_ENDED
from audits.services.guards.registry import Sentences, guard
from audits.services.independence import bonds, independent
from audits.services.reviewing import why_not
from audits.terms import Actor, GradeLetter, Status

if TYPE_CHECKING:
    from audits.workflow import Move


@guard
def reviewer_independent(audit: Audit, move: Move) -> Sentences:
    """The reviewer is not in the team nor tied to the supplier, and nobody else took the review."""
    if move.actor is not None:
        yield from why_not(move.actor, audit)
    holder = policies.review_holder(audit)
    if move.actor is not None and holder is not None and holder != move.actor:
        yield format_lazy(
            _("{name} has taken this review. Speak to him or her first."), name=holder.name
        )


@guard
def decision_maker_independent(audit: Audit, move: Move) -> Sentences:
    """The decision maker is neither in the team nor of its body, and not tied to the supplier."""
    if move.actor is not None:
        yield from (str(bond) for bond in bonds(move.actor, audit, decides=True))


@guard
def dispute_window_open(audit: Audit, move: Move) -> Sentences:
    """The time to check the facts is not over."""
    if audit.is_overdue:
        yield _("The time to check the facts is over.")


@guard
def dispute_names_findings(audit: Audit, move: Move) -> Sentences:
    """The dispute names findings, each with a reason."""
    disputes = move.data.get("disputes", {})
    if not disputes:
        yield _("Say which findings you dispute, and why, one by one.")
    elif not all(text.strip() for text in disputes.values()):
        yield _("Give a reason for each finding that you dispute.")


@guard
def no_open_alert(audit: Audit, move: Move) -> Sentences:
    """No critical alert is open."""
    if Alert.objects.open().filter(audit=audit).exists():
        yield _(
            "A critical alert is open. The secretariat must settle it before a result is issued."
        )


@guard
def deviation_reasoned_and_seconded(audit: Audit, move: Move) -> Sentences:
    """A grade that differs from the computed one was proposed with a reason and agreed to."""
    grade, computed = move.data.get("grade"), move.data.get("computed")
    proposal: GradeProposal | None = move.data.get("proposal")
    if grade not in GradeLetter.values:
        yield _("Choose the grade.")
    elif proposal is None and GradeProposal.objects.open().filter(audit=audit).exists():
        yield _(
            "A different grade has been proposed. It must be agreed to, refused or taken back first."
        )
    elif proposal is None and grade != computed:
        yield _(
            "The grade differs from the computed one. Propose it with a reason; "
            "a second person must agree."
        )
    elif proposal is not None:
        yield from _proposal_holds(audit, proposal, move)


def _proposal_holds(audit: Audit, proposal: GradeProposal, move: Move) -> Sentences:
    proposer = proposal.proposed_by
    if proposer == move.actor:
        yield _("You proposed this grade yourself. Somebody else must agree.")
    if proposal.computed_grade != move.data.get("computed"):
        yield _("The findings have changed since the grade was proposed. Propose it again.")
    if Actor.DECISION_MAKER not in policies.capacities(proposer, audit):
        yield _("Who proposed the grade may no longer decide for this secretariat.")
    elif not independent(proposer, audit, decides=True):
        yield _("Who proposed the grade is not independent of this audit any more.")


@guard
def followed_result_not_void(audit: Audit, move: Move) -> Sentences:
    """What a follow-up audit took over has not become void in the meantime."""
    earlier = audit.follows
    if earlier is not None and earlier.status == Status.VOID:
        yield format_lazy(
            _(
                "Audit {number}, whose findings this one takes over, has become void. "
                "Cancel this audit and have the site audited anew."
            ),
            number=earlier.number,
        )


@guard
def corrective_actions_ended(audit: Audit, move: Move) -> Sentences:
    """Every corrective action has ended or was carried over."""
    awaited = CorrectiveAction.objects.filter(finding__audit=audit).exclude(
        status__in=CORRECTION_ENDED
    )
    if count := awaited.count():
        yield format_lazy(_("{count} corrective actions are still open."), count=count)


@guard
def no_open_appeal(audit: Audit, move: Move) -> Sentences:
    """No appeal is open."""
    if Appeal.objects.open().filter(result__audit=audit).exists():
        yield _("An appeal against the result is open.")
