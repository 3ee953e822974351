"""Settling a conflict of interest that came to light when the visit was over.

The team can no longer be replaced then. The secretariat, never the body, judges whether what was
found impairs the audit; docs/decisions/0010 says what may not be settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.terms import Role
from audits.auditors.terms import Level
from audits.letters.events import CONFLICT_SETTLED
from audits.models import Audit
from audits.services.conflicts import tied_in
from audits.services.independence import bonds
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import Status

if TYPE_CHECKING:
    from accounts.models import User

# The visit is over and there is no result yet. Before it the team is replaced, during it the lead
# can abort.
SETTLEABLE = (Status.DRAFTING, Status.IN_REVIEW, Status.FACT_CHECK, Status.DECISION)


def may_settle(actor: User, audit: Audit) -> bool:
    """Say whether the actor settles conflicts of this audit: an administrator of the secretariat."""
    return accounts.holds(actor, audit.secretariat_id, Role.ADMINISTRATOR)


def is_open(audit: Audit) -> bool:
    """Say whether a conflict was found that can be settled in the state the audit is in."""
    return audit.conflict_found_at is not None and audit.status in SETTLEABLE


def never(audit: Audit) -> list[str]:
    """Return what about the conflict cannot be settled, as sentences; empty when all of it can be.

    The lead answers for every finding: an engagement of his or her own within the months of the
    settings is no matter of judgement, nor is one of the office that names no other person. And
    nobody audits the supplier that he or she belongs to, in whatever function.
    """
    lead = next(place for place in audit.team.all() if place.function == Level.LEAD)
    sentences = []
    for row in tied_in(audit):
        name = row.auditor.user.name
        if any(tie.own and tie.member for tie in row.candidate.ties):
            sentences.append(
                _(
                    "%(name)s belongs to the supplier. This cannot be settled: cancel the audit, "
                    "and let another team make it anew."
                )
                % {"name": name}
            )
        if row.auditor.pk != lead.auditor_id:
            continue
        sentences += [
            _(
                "%(name)s leads the audit, and the lead or the lead's office has an engagement "
                "with the supplier (%(kind)s). This cannot be settled: cancel the audit, and let "
                "another lead make it anew."
            )
            % {"name": name, "kind": tie.kind_label}
            for tie in row.candidate.ties
            if not tie.member and (tie.own or tie.office)
        ]
    return sentences


@transaction.atomic
def settle_conflict(*, actor: User, audit: Audit, reason: str) -> Audit:
    """Settle the conflict found in an audit's team, for the engagements that are known now.

    The flag is taken down and a result can be issued; an engagement found later raises it again.
    Raises PermissionDenied for others than administrators of the secretariat, ValidationError when
    nothing is open, before the visit is over, for a lead's own conflict, when the actor is not
    independent, or without a reason.
    """
    audit = lock(audit)
    if not may_settle(actor, audit):
        raise PermissionDenied(
            _("A conflict of interest is settled by an administrator of the secretariat.")
        )
    if audit.conflict_found_at is None:
        raise ValidationError(
            _("No conflict of interest is open. Look at the audit again."), code="moved_on"
        )
    if audit.status not in SETTLEABLE:
        raise ValidationError(
            _("A conflict is settled after the visit. Before it, another team is proposed.")
        )
    if obstacles := [str(bond) for bond in bonds(actor, audit, decides=True)] + never(audit):
        raise ValidationError(obstacles)
    if not reason.strip():
        raise ValidationError(_("Give a reason: the others will read it."))
    tied = tied_in(audit)
    Audit.objects.filter(pk=audit.pk).update(conflict_found_at=None)
    event = append_event(
        audit=audit,
        actor=actor,
        act="conflict_settled",
        comment=reason.strip(),
        payload={
            "auditors": [row.auditor.registration_number for row in tied],
            "engagements": sorted({tie.key for row in tied for tie in row.candidate.ties}),
        },
    )
    tell(audit, CONFLICT_SETTLED, key=f"conflict{event.sequence}", said=reason.strip())
    audit.refresh_from_db()
    return audit
