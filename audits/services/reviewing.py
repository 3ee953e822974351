"""Who reviews: the body's own reviewers, or the secretariat's pool; and who of them takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.services.people import people_of
from accounts.terms import Role
from audits import policies
from audits.letters.events import REVIEW_RELEASED
from audits.models import Audit
from audits.services.independence import bonds, independent
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.telling import tell
from audits.terms import Actor, ReviewPool, Status

if TYPE_CHECKING:
    from accounts.models import User


def review_pool(audit: Audit) -> ReviewPool:
    """Return whose reviewers a report goes to.

    The body's when it has a reviewer outside the team and without an engagement; otherwise, and so
    always for the office of one person, the secretariat's.
    """
    for person in people_of(audit.body_id, Role.REVIEWER):
        if independent(person, audit):
            return ReviewPool.BODY
    return ReviewPool.SECRETARIAT


def why_not(actor: User, audit: Audit) -> list[str]:
    """Return why a reviewer may not review this audit, as sentences; empty when he or she may."""
    return [str(bond) for bond in bonds(actor, audit)]


@transaction.atomic
def take_review(*, actor: User, audit: Audit) -> Audit:
    """Take a report for review, so that the other reviewers of the pool need not look at it.

    Raises PermissionDenied for others than the pool's reviewers, ValidationError when it is not in
    review, when somebody else has taken it who may still review, or when the actor is not independent.
    """
    audit = lock(audit)
    if Actor.REVIEWER not in policies.capacities(actor, audit):
        raise PermissionDenied
    if audit.status != Status.IN_REVIEW:
        raise ValidationError(
            _("The audit has moved on in the meantime. Look at it again."), code="moved_on"
        )
    if audit.reviewer_id == actor.pk:
        return audit
    if (holder := policies.review_holder(audit)) is not None:
        raise ValidationError(
            _("%(name)s has taken this review already.") % {"name": holder.name},
            code="moved_on",
        )
    if obstacles := why_not(actor, audit):
        raise ValidationError(obstacles)
    Audit.objects.filter(pk=audit.pk).update(reviewer=actor)
    payload = {"in_place_of": str(audit.reviewer_id)} if audit.reviewer_id else {}
    append_event(audit=audit, actor=actor, act="take_review", payload=payload)
    audit.refresh_from_db()
    return audit


def is_taken(audit: Audit) -> bool:
    """Say whether the audit is in review and somebody has taken the review."""
    return audit.status == Status.IN_REVIEW and audit.reviewer_id is not None


def may_release(actor: User, audit: Audit) -> bool:
    """Say whether the actor may release the review: who took it, or an administrator of the secretariat."""
    own = audit.reviewer_id is not None and audit.reviewer_id == actor.pk
    return own or accounts.holds(actor, audit.secretariat_id, Role.ADMINISTRATOR)


@transaction.atomic
def release_review(*, actor: User, audit: Audit, reason: str = "") -> Audit:
    """Release a review that was taken, so that another reviewer of the pool can take it.

    Raises PermissionDenied for others than those of `may_release`; ValidationError when no review
    is taken, and for an administrator without a reason or who is not independent of the audit.
    The reviewers of the pool, who had it among them, and the secretariat are told.
    """
    audit = lock(audit)
    if not may_release(actor, audit):
        raise PermissionDenied(
            _("A review is released by who took it, or by an administrator of the secretariat.")
        )
    if not is_taken(audit):
        raise ValidationError(
            _("The audit has moved on in the meantime. Look at it again."), code="moved_on"
        )
    if audit.reviewer_id != actor.pk:
        if obstacles := why_not(actor, audit):
            raise ValidationError(obstacles)
        if not reason.strip():
            raise ValidationError({"reason": _("Give a reason: the others will read it.")})
    payload = {"reviewer": str(audit.reviewer_id)}
    Audit.objects.filter(pk=audit.pk).update(reviewer=None)
    audit.refresh_from_db()
    event = append_event(
        audit=audit, actor=actor, act="release_review", comment=reason.strip(), payload=payload
    )
    tell(audit, REVIEW_RELEASED, key=f"review-released{event.sequence}", said=reason.strip())
    return audit
