"""Sign-in of machines: the expiring, hashed token of a service account."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication


class ServiceTokenAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox ships no types
    """`Authorization: Token …`, where the token belongs to a service user."""


class ServiceTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
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
