"""Service accounts: the machine user through which a brand reads the export."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from accounts import policies
from accounts.models import Membership, User
from accounts.terms import Kind, Role

if TYPE_CHECKING:
    from accounts.models import Organisation


@transaction.atomic
def issue_token(
    *,
    actor: User | None,
    brand: Organisation,
    rotate: bool = False,
    overlap: timedelta = timedelta(0),
) -> str:
    """Return a new token of the brand's service account, shown this once and kept as a hash.

    The account is made when missing. `rotate` ends all earlier tokens after `overlap`, so that a
    brand can change over without a gap; otherwise they go on until they expire. `actor` None is
    the command line.
    """
    _check(actor, brand)
    user = User.objects.filter(
        is_service=True, memberships__organisation=brand
    ).first() or User.objects.create_user(
        f"service-{brand.pk}@service.invalid", name=f"{brand.name_ja} API", is_service=True
    )
    Membership.objects.get_or_create(user=user, organisation=brand, role=Role.READER)
    if rotate:
        _end(brand, timezone.now() + overlap)
    _instance, token = AuthToken.objects.create(user=user)
    return str(token)


@transaction.atomic
def end_tokens(*, actor: User | None, brand: Organisation) -> int:
    """End every token of the brand at once and return how many were live."""
    _check(actor, brand)
    return _end(brand, timezone.now())


def note_use(*, account: User, at: datetime) -> None:
    """Keep when the account last read something; people see it on the page of API clients."""
    User.objects.filter(pk=account.pk).update(last_login=at)
    account.last_login = at


def _check(actor: User | None, brand: Organisation) -> None:
    if actor is not None and not (
        policies.administers_scheme(actor) or policies.holds(actor, brand.pk, Role.ADMINISTRATOR)
    ):
        raise PermissionDenied
    if brand.kind != Kind.BRAND:
        raise ValidationError(_("Service accounts are for brands only."))


def _end(brand: Organisation, at: datetime) -> int:
    """Let the brand's tokens end at the moment, those that would end earlier as they are."""
    accounts = User.objects.filter(is_service=True, memberships__organisation=brand)
    return int(AuthToken.objects.filter(user__in=accounts, expiry__gt=at).update(expiry=at))
