"""The system checks speak up when a setting is dangerous, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config import checks

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
