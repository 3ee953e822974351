"""Designation of secretariats by the owner and approval of bodies by their secretariat."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import policies
from accounts.models import Designation
from accounts.terms import Kind

if TYPE_CHECKING:
    from accounts.models import Organisation, User


def may_designate(actor: User, organisation: Organisation) -> bool:
    """Say whether the actor designates this organisation: owner, or the body's secretariat."""
    if policies.administers_scheme(actor):
        return organisation.kind in (Kind.SECRETARIAT, Kind.AUDIT_BODY)
    return organisation.kind == Kind.AUDIT_BODY and policies.coordinates(
        actor, organisation.parent_id
    )


@transaction.atomic
def designate(
    *,
    actor: User,
    organisation: Organisation,
    starts_on: date,
    ends_on: date | None = None,
    scope: str = "",
) -> Designation:
    """Designate a secretariat or approve a body from a day until a day (None: until further notice)."""
    if not may_designate(actor, organisation):
        raise PermissionDenied
    designation = Designation(
        organisation=organisation, scope=scope, starts_on=starts_on, ends_on=ends_on
    )
    designation.full_clean()
    designation.save()
    return designation
