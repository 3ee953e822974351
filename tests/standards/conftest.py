"""A copy of the shipped catalogue to spoil, and the standard loaded from it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from audits.standards.catalogue import SHIPPED, Catalogue, read_catalogue
from audits.standards.models import Standard
from audits.standards.services import activate_standard, load_catalogue

# How long an example takes says something about the machine, not about the rule.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped catalogue that a test may change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "catalogue"))


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    """The shipped catalogue, read once."""
    catalogue = read_catalogue(SHIPPED)
    assert isinstance(catalogue, Catalogue)
    return catalogue


@pytest.fixture
def draft(no_standard: None, shipped: Catalogue) -> Standard:
    return load_catalogue(catalogue=shipped).standard


@pytest.fixture
def active(draft: Standard) -> Standard:
    return activate_standard(standard=draft)
