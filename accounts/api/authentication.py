"""Sign-in of machines: the expiring, hashed token of a service account."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from accounts.services.service_accounts import note_use

if TYPE_CHECKING:
    from accounts.models import User

# How exactly the last use is kept: a write for every request would cost more than it tells.
USE_NOTED_EVERY = timedelta(minutes=5)


class ServiceTokenAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox ships no types
    """`Authorization: Token …`, where the token belongs to a service user.

    The token is found by its hash, which is the primary key, in one query; knox would read and
    tidy every token of the account on each request. Whose token it is, is asked here and not kept
    in any cache, so that a token made or ended holds on every web process from the next request.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Return the service user and its token, or raise with a code that says what is wrong."""
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError:
            digest = ""
        found = AuthToken.objects.select_related("user").filter(digest=digest).first()
        # A person's token says no more than a token that does not exist.
        if found is None or not found.user.is_service or not found.user.is_active:
            raise AuthenticationFailed(_("There is no such token."), code="token_invalid")
        now = timezone.now()
        if found.expiry is not None and found.expiry <= now:
            raise AuthenticationFailed(
                _("This token has expired or was ended. Use a newer one."), code="token_expired"
            )
        last = found.user.last_login
        if last is None or now - last > USE_NOTED_EVERY:
            note_use(account=found.user, at=now)
        return found.user, found


class ServiceTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its base registers itself untyped
    """How the scheme of sign-in is written in the OpenAPI document."""

    target_class = "accounts.api.authentication.ServiceTokenAuthentication"
    name = "serviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme object."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` followed by a space and the token of the service account.",
        }
