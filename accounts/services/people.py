"""People and their memberships."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Membership, Organisation, User
from accounts.terms import Kind, Locale, Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import Organisation


@transaction.atomic
def add_member(
    *,
    actor: User,
    organisation: Organisation,
    email: str,
    name: str,
    role: Role,
    ends_on: date | None = None,
) -> Membership:
    """Give somebody a role in an organisation, creating the person when new.

    Administrators of the organisation and the scheme owner may.
    """
    allowed = policies.administers_scheme(actor) or policies.holds(
        actor, organisation.pk, Role.ADMINISTRATOR
    )
    if not allowed:
        raise PermissionDenied
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(
        email, name=name
    )
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, defaults={"ends_on": ends_on}
    )
    if not created:
        raise ValidationError(_("This person has the role already."))
    return membership


def choose_language(*, actor: User, locale: str) -> User:
    """Keep the language in which the person wants pages and mails."""
    if locale not in Locale.values:
        raise ValidationError(_("Choose one of the languages offered."))
    User.objects.filter(pk=actor.pk).update(locale=locale)
    actor.locale = locale
    return actor


def people_of(organisation_id: UUID | None, *roles: Role) -> QuerySet[User]:
    """Return the active people who are in the organisation today in one of the roles."""
    members = Membership.objects.in_force().filter(organisation=organisation_id, role__in=roles)
    people: QuerySet[User] = User.objects.filter(
        pk__in=members.values("user"), is_active=True, is_service=False
    )
    return people


def scheme_office() -> list[User]:
    """Return the people at the scheme owner's desk: those who are told what concerns the scheme."""
    owners = Organisation.objects.filter(kind=Kind.SCHEME_OWNER).values_list("pk", flat=True)
    desk = (Role.ADMINISTRATOR, Role.COORDINATOR)
    return [person for owner in owners for person in people_of(owner, *desk)]
