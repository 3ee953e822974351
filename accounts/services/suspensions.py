"""Who imposed a suspension, and so who changes or lifts it, and who ends what is suspended.

Source: the scheme owner stands above the secretariats. What the owner stopped, a secretariat must
not permit again, nor replace by another designation; what the secretariat stopped, the owner may.
Who imposed it is in the record of the organisation, where nobody can change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import OrganisationEvent
from accounts.terms import Kind

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Designation, Organisation, User

IMPOSING = ("designation_suspended", "designation_suspension_changed")
# The key of the payload that says for whom the actor imposed it.
BY = "imposed_by"


def imposer(actor: User) -> Kind:
    """Return for whom somebody who may designate acts: the scheme owner, or else a secretariat."""
    return Kind.SCHEME_OWNER if policies.administers_scheme(actor) else Kind.SECRETARIAT


def imposed_by_owner(designation: Designation) -> bool:
    """Say whether the designation is suspended and the scheme owner said so last."""
    if designation.suspended_at is None:
        return False
    last = (
        OrganisationEvent.objects.filter(
            organisation=designation.organisation_id,
            act__in=IMPOSING,
            payload__designation=str(designation.pk),
        )
        .order_by("-sequence")
        .first()
    )
    return last is not None and last.payload.get(BY) == Kind.SCHEME_OWNER


def may_change_suspension(actor: User, designation: Designation) -> bool:
    """Say whether the suspension, if there is one, is the actor's to change, lift or end."""
    return policies.administers_scheme(actor) or not imposed_by_owner(designation)


def check_suspension(actor: User, designation: Designation) -> None:
    """Raise PermissionDenied when the suspension is not the actor's to change, lift or end."""
    if not may_change_suspension(actor, designation):
        raise PermissionDenied(
            _(
                "The scheme owner imposed this suspension. Only the scheme owner changes or lifts it, "
                "or ends the designation."
            )
        )


def check_not_evaded(actor: User, organisation: Organisation, starts_on: date) -> None:
    """Raise PermissionDenied when a new designation would permit what the owner has stopped.

    While one that is not over stands suspended by the owner, the owner alone designates, whatever
    others there are; and after it, one that begins next: a suspension that was not lifted before
    its designation ended would end with it otherwise.
    """
    today = timezone.localdate()
    rows = list(organisation.designations.order_by("starts_on"))
    before = [row for row in rows if row.starts_on < starts_on][-1:]
    current = [row for row in rows if row.ends_on is None or row.ends_on >= today]
    if not all(may_change_suspension(actor, row) for row in {*before, *current}):
        raise PermissionDenied(
            _(
                "The scheme owner suspended a designation of this organisation and has not lifted "
                "that. Only the scheme owner designates anew."
            )
        )
