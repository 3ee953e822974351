"""The keys that what a tablet keeps for a person is sealed with."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from accounts.models import User

SALT = "audits.tablet_key"


def keys_of(user: User) -> list[dict[str, str]]:
    """Return the person's keys, the present one first: `id`, and `key` (32 bytes in Base64).

    They follow from the site's secret and are stored nowhere; a key of a former secret opens what
    was sealed before the secret was changed.
    """
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_key(user, secret) for secret in secrets]


def _key(user: User, secret: str) -> dict[str, str]:
    key = salted_hmac(SALT, str(user.pk), secret=secret, algorithm="sha256").digest()
    return {
        "id": hashlib.sha256(key).hexdigest()[:16],
        "key": base64.b64encode(key).decode("ascii"),
    }
