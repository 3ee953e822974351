"""What the tests of audits have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import Scheme

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Evidence of a test goes with the test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scheme(db: None) -> Scheme:
    """The people and organisations of one scheme."""
    return Scheme()
