"""Who reviews: the body's own reviewers, or the secretariat's pool; and who of them takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.people import people_of
from accounts.terms import Role
from audits import policies
from audits.models import Audit
from audits.services.independence import bonds, independent
from audits.services.locking import lock
from audits.services.records import append_event
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
    review, when somebody else took it at the same moment, or when the actor is not independent.
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
    if audit.reviewer is not None:
        raise ValidationError(
            _("%(name)s has taken this review already.") % {"name": audit.reviewer.name},
            code="moved_on",
        )
    if obstacles := why_not(actor, audit):
        raise ValidationError(obstacles)
    Audit.objects.filter(pk=audit.pk).update(reviewer=actor)
    append_event(audit=audit, actor=actor, act="take_review")
    audit.refresh_from_db()
    return audit
