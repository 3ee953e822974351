"""Who is who: the questions about a user's place that every other policy is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from accounts.terms import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


# Who runs an organisation's part of the scheme.
DESK = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})


class Position(NamedTuple):
    """One membership in force: which organisation, of which kind, in which role."""

    organisation_id: UUID
    kind: Kind
    role: str


def positions(user: User | AnonymousUser) -> tuple[Position, ...]:
    """Return the user's memberships in force; nothing for somebody not signed in."""
    if not user.is_authenticated or not user.is_active:
        return ()
    return user.positions


def organisation_ids(
    user: User | AnonymousUser,
    kind: Kind | None = None,
    roles: Collection[str] | None = None,
) -> set[UUID]:
    """Return the organisations the user belongs to, optionally of one kind or in given roles."""
    return {
        place.organisation_id
        for place in positions(user)
        if (kind is None or place.kind == kind) and (roles is None or place.role in roles)
    }


def holds(user: User | AnonymousUser, organisation_id: UUID | None, *roles: str) -> bool:
    """Say whether the user is in the organisation in one of the roles (any role if none given)."""
    return any(
        place.organisation_id == organisation_id and (not roles or place.role in roles)
        for place in positions(user)
    )


def is_scheme_owner(user: User | AnonymousUser) -> bool:
    """Say whether the user works for the scheme owner, in any role."""
    return bool(organisation_ids(user, Kind.SCHEME_OWNER))


def administers_scheme(user: User | AnonymousUser) -> bool:
    """Say whether the user may change the scheme: its bodies, standards and settings."""
    return bool(organisation_ids(user, Kind.SCHEME_OWNER, {Role.ADMINISTRATOR, Role.COORDINATOR}))


def is_observer(user: User | AnonymousUser) -> bool:
    """Say whether the user reads on behalf of a ministry or another observer."""
    return bool(organisation_ids(user, Kind.OBSERVER))


def coordinates(user: User | AnonymousUser, organisation_id: UUID | None) -> bool:
    """Say whether the user coordinates audits for that secretariat or body."""
    return holds(user, organisation_id, Role.COORDINATOR, Role.ADMINISTRATOR)


def imports_suppliers(user: User | AnonymousUser) -> bool:
    """Say whether the user may import suppliers: scheme owner, or coordinator of a secretariat."""
    return administers_scheme(user) or bool(
        organisation_ids(user, Kind.SECRETARIAT, {Role.COORDINATOR, Role.ADMINISTRATOR})
    )


def oversees_mail(user: User | AnonymousUser) -> bool:
    """Say whether the user looks after letters: scheme owner, or coordinator of a secretariat."""
    return is_scheme_owner(user) or bool(organisation_ids(user, Kind.SECRETARIAT, DESK))


def runs_people(user: User | AnonymousUser) -> bool:
    """Say whether there are people whom the user may invite: an administrator, manager or secretariat."""
    return bool(
        organisation_ids(user, roles={Role.ADMINISTRATOR})
        or organisation_ids(user, Kind.SUPPLIER, {Role.MANAGER})
        or organisation_ids(user, Kind.SECRETARIAT, {Role.COORDINATOR})
        or administers_scheme(user)
    )


def uses_console(user: User | AnonymousUser) -> bool:
    """Say whether the console is for this user: owner, secretariat, body or observer."""
    desk = {Role.ADMINISTRATOR, Role.COORDINATOR, Role.REVIEWER, Role.READER}
    return any(
        place.kind in (Kind.SCHEME_OWNER, Kind.SECRETARIAT, Kind.OBSERVER)
        or (place.kind == Kind.AUDIT_BODY and place.role in desk)
        for place in positions(user)
    )
