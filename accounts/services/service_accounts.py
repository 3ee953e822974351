"""Service accounts: the machine user through which a brand reads the export."""

from __future__ import annotations

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
def issue_token(*, actor: User | None, brand: Organisation, rotate: bool = False) -> str:
    """Return a new token of the brand's service account, shown this once and kept as a hash.

    The account is made when missing. `rotate` ends all earlier tokens; otherwise they go on until
    they expire, so that a brand can change over without a gap. `actor` None is the command line.
    """
    if actor is not None and not (
        policies.administers_scheme(actor) or policies.holds(actor, brand.pk, Role.ADMINISTRATOR)
    ):
        raise PermissionDenied
    if brand.kind != Kind.BRAND:
        raise ValidationError(_("Service accounts are for brands only."))
    user = User.objects.filter(
        is_service=True, memberships__organisation=brand
    ).first() or User.objects.create_user(
        f"service-{brand.pk}@service.invalid", name=f"{brand.name_ja} API", is_service=True
    )
    Membership.objects.get_or_create(user=user, organisation=brand, role=Role.READER)
    if rotate:
        AuthToken.objects.filter(user=user).update(expiry=timezone.now())
    _instance, token = AuthToken.objects.create(user=user)
    return str(token)
