"""The system checks speak up when a setting is dangerous, and only then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from config import checks
from reports.signing.keys import make_trial_key, signing
from tests.reports.test_signing import certificate_of, pem_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


def test_demo_in_production_is_an_error(settings: Settings) -> None:
    settings.DEMO = True
    assert [found.id for found in checks.demo_is_off(None)] == ["orime.E001"]

    settings.DEMO = False
    assert checks.demo_is_off(None) == []


def test_address_of_the_demo_in_production_is_a_warning(settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert [found.id for found in checks.site_url_is_set(None)] == ["orime.W002"]

    settings.SITE_URL = "https://audits.example"
    assert checks.site_url_is_set(None) == []


def test_home_that_others_can_read_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    settings.ORIME_HOME = tmp_path
    tmp_path.chmod(0o755)
    assert [found.id for found in checks.home_is_private(None)] == ["orime.W003"]

    tmp_path.chmod(0o700)
    assert checks.home_is_private(None) == []


def test_trial_key_in_production_is_a_warning_and_one_that_does_not_fit_an_error(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ORIME_HOME = tmp_path
    signing.cache_clear()
    assert [found.id for found in checks.papers_are_signed(None)] == ["orime.W005"]

    make_trial_key(tmp_path / "own")
    settings.SIGNING_KEY = (tmp_path / "own" / "key.pem").read_text()
    signing.cache_clear()
    assert [found.id for found in checks.papers_are_signed(None)] == ["orime.E004"]

    settings.SIGNING_CERTIFICATES = (tmp_path / "own" / "certificate.pem").read_text()
    signing.cache_clear()
    assert checks.papers_are_signed(None) == []
    signing.cache_clear()


def test_certificate_that_ends_soon_is_a_warning_and_one_that_ended_an_error(
    settings: Settings,
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.SIGNING_KEY = pem_of(key)

    def found(days_left: int) -> list[str | None]:
        since = timezone.now() - timedelta(days=3650 - days_left)
        settings.SIGNING_CERTIFICATES = certificate_of(key, since=since)
        signing.cache_clear()
        return [each.id for each in checks.papers_are_signed(None)]

    assert (found(90), found(30), found(-1)) == ([], ["orime.W006"], ["orime.E004"])
    settings.SIGNING_FORMER_CERTIFICATES = "no certificate"
    assert found(90) == ["orime.E004"]
    signing.cache_clear()
