"""Opening an account: the link for whoever was entered by others and has no password yet."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from accounts.services.inviting import answer_invitation

SALT = "orime.opening"


def link_of(user: User) -> str:
    """Return the path that opens an account, once, for ORIME_INVITATION_DAYS.

    It is made when a mail goes out and stands in it alone: who reads letters in the console cannot
    open somebody else's account with them.
    """
    token = signing.dumps({"user": str(user.pk), "was": user.password[-12:]}, salt=SALT)
    return reverse("welcome", args=[token])


def person_of(token: str) -> User | None:
    """Return whose account a link opens; None when it is forged, has expired or was used."""
    try:
        said = signing.loads(
            token, salt=SALT, max_age=timedelta(days=settings.ORIME_INVITATION_DAYS)
        )
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=said["user"], is_active=True, is_service=False).first()
    return user if user is not None and user.password[-12:] == said["was"] else None


@transaction.atomic
def open_account(*, user: User, password: str) -> User:
    """Set the first password of a person, and accept the invitations that led here.

    Raises ValidationError for a password that is too weak, and when the account is open already.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_usable_password():
        raise ValidationError(_("This account is open already. Sign in with its password."))
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    for invitation in Invitation.objects.open().filter(user=user):
        answer_invitation(actor=user, invitation=invitation, accepted=True)
    return user
