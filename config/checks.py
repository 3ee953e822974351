"""Orime's own system checks: settings that would be dangerous or would break in production."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from reports.signing.keys import public_certificates, signing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig
    from django.core.checks import CheckMessage

    from reports.signing.keys import Signing

SOON = timedelta(days=60)


def demo_is_off(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The demo shows passwords on the sign-in page: never in production."""
    if not settings.DEMO:
        return []
    return [
        checks.Error(
            "ORIME_DEMO is on: the sign-in page shows the passwords of the demo.",
            hint="Remove ORIME_DEMO from the environment.",
            id="orime.E001",
        )
    ]


def site_url_is_set(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Reports and mails carry the address of this system; it must be the real one."""
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        checks.Warning(
            f"SITE_URL is {settings.SITE_URL}: reports would send readers there to verify them.",
            hint="Set SITE_URL to the public https:// address.",
            id="orime.W002",
        )
    ]


def home_is_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Evidence, keys and the embedded database lie in ORIME_HOME; nobody else may read it."""
    home = settings.ORIME_HOME
    if not home.exists() or home.stat().st_mode & 0o077 == 0:
        return []
    return [
        checks.Warning(
            f"{home} can be read by other users of this machine.",
            hint="Run: chmod 700 on that folder.",
            id="orime.W003",
        )
    ]


def papers_are_signed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A report has to carry the signature of the scheme; a trial key proves nothing."""
    try:
        public_certificates()
        key = signing()
        key.moment(timezone.now())
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="orime.E004")]
    if not key.trial:
        return _ends_soon(key)
    return [
        checks.Warning(
            "Reports are signed with a trial key, and every page of them says so.",
            hint="Set SIGNING_KEY_FILE and SIGNING_CERTIFICATES_FILE; docs/verifying.md says how.",
            id="orime.W005",
        )
    ]


def _ends_soon(key: Signing) -> list[CheckMessage]:
    ends_at = key.certificate.not_valid_after_utc
    if ends_at > timezone.now() + SOON:
        return []
    return [
        checks.Warning(
            f"The key that signs reports ends on {ends_at:%Y-%m-%d}.",
            hint="Get a new one, and add this one to SIGNING_FORMER_CERTIFICATES.",
            id="orime.W006",
        )
    ]
