"""In which capacity a user stands to an audit, and what follows for reading and writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.terms import Role
from audits.terms import WRITABLE, Actor, ReviewPool, Status
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from audits.models import Audit, TeamMember

# What is said to those whom `writes_findings` keeps out.
WHO_WRITES = _("Findings are written by the audit team between start and signature.")
# What is said to those whom `divides_work` keeps out.
WHO_DIVIDES = _("The lead auditor divides the work, from the fixing of the visit to the signature.")
# A report that was signed once stays closed to documents, even when it is sent back.
DOCUMENTS_OPEN = (
    Status.ACCEPTED,
    Status.TEAM_PROPOSED,
    Status.SCHEDULED,
    *WRITABLE,
)


def member_of(user: User | AnonymousUser, audit: Audit) -> TeamMember | None:
    """Return the user's place in the audit's team, unless it was declined."""
    for member in audit.team.all():
        if member.auditor.user_id == user.pk and member.answer != "declined":
            return member
    return None


def _lead(user: User, audit: Audit) -> bool:
    member = member_of(user, audit)
    return member is not None and member.function == "lead" and member.answer == "accepted"


def _reviewer(user: User, audit: Audit) -> bool:
    """A reviewer of the secretariat, or of the body unless the report went to the secretariat's."""
    if accounts.holds(user, audit.secretariat_id, Role.REVIEWER):
        return True
    pooled = audit.reviewed_by == ReviewPool.SECRETARIAT
    return not pooled and accounts.holds(user, audit.body_id, Role.REVIEWER)


def review_holder(audit: Audit) -> User | None:
    """Return who took the review and may still do it; None when anybody of the pool may take it.

    Whose membership ended, or whose account was deactivated, does not keep it from the others.
    """
    taken = audit.reviewer
    return taken if taken is not None and _reviewer(taken, audit) else None


CAPACITIES: dict[Actor, Callable[[User, Audit], bool]] = {
    Actor.SUPPLIER: lambda user, audit: suppliers.manages(user, audit.site.supplier),
    Actor.BODY: lambda user, audit: accounts.coordinates(user, audit.body_id),
    Actor.SECRETARIAT: lambda user, audit: accounts.coordinates(user, audit.secretariat_id),
    Actor.LEAD: _lead,
    Actor.REVIEWER: _reviewer,
    Actor.DECISION_MAKER: lambda user, audit: accounts.holds(
        user, audit.secretariat_id, Role.REVIEWER, Role.ADMINISTRATOR
    ),
    Actor.OWNER: lambda user, audit: accounts.administers_scheme(user),
    Actor.SYSTEM: lambda user, audit: False,
}


def capacities(user: User | None, audit: Audit) -> set[Actor]:
    """Return every capacity in which the user may act on the audit; None is the clock."""
    if user is None:
        return {Actor.SYSTEM}
    return {actor for actor, holds in CAPACITIES.items() if holds(user, audit)}


def is_accepted(user: User, audit: Audit) -> bool:
    """Say whether the user has a place in the team and accepted it."""
    member = member_of(user, audit)
    return member is not None and member.answer == "accepted"


def writes_findings(user: User, audit: Audit) -> bool:
    """Say whether the user may record findings: an accepted member who is not a trainee reading."""
    return is_accepted(user, audit) and audit.status in WRITABLE


def divides_work(user: User, audit: Audit) -> bool:
    """Say whether the user may say whose requirement is whose: the lead, until the signature."""
    return _lead(user, audit) and audit.status in (Status.SCHEDULED, *WRITABLE)


def takes_documents(audit: Audit) -> bool:
    """Say whether documents can be sent and looked at: from the acceptance to the signature."""
    return audit.status in DOCUMENTS_OPEN and audit.signed_at is None


def judges_documents(user: User, audit: Audit) -> bool:
    """Say whether the user may accept, flag and ask for documents."""
    return is_accepted(user, audit) and takes_documents(audit)


def reads_working_notes(user: User, audit: Audit) -> bool:
    """Say whether the user sees working notes and sealed evidence: team and reviewers only."""
    return member_of(user, audit) is not None or _reviewer(user, audit)


def reads_report_before(user: User, audit: Audit) -> bool:
    """Say whether the user reads, beside this audit, what the report of the site's audit before says.

    Whoever prepares and writes the audit, and whoever reviews it, whichever body made the one
    before; nobody any more for an audit that ended without a report.
    """
    if audit.status in (Status.ABORTED, Status.WITHDRAWN, Status.CANCELLED, Status.VOID):
        return False
    return is_accepted(user, audit) or _reviewer(user, audit)
