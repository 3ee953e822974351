"""Versions of the standard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.standards.catalogue import SHIPPED, Catalogue, read_catalogue
from audits.standards.models import Standard
from audits.standards.services import activate_standard, load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def shipped() -> Catalogue:
    """The catalogue that ships; reading and checking its files for every test took a minute."""
    catalogue = read_catalogue(SHIPPED)
    assert isinstance(catalogue, Catalogue)
    return catalogue


def make_standard() -> Standard:
    """The catalogue that ships, active; made once per test."""
    existing = Standard.objects.filter(version="2025").first()
    if existing:
        return existing
    return activate_standard(standard=load_catalogue(catalogue=shipped()).standard)


def next_catalogue(
    version: str = "2027",
    *,
    effective_on: date,
    mandatory_from: date | None = None,
    changed: Iterable[str] = ("5-7",),
) -> Catalogue:
    """The shipped catalogue as a later version: the texts of some requirements are others."""
    contents = shipped().contents
    codes = set(changed)
    requirements = tuple(
        replace(row, text_ja=f"別の内容を求める({row.code})。", text_en="Something else.")
        if row.code in codes
        else row
        for row in contents.requirements
    )
    later = replace(contents, version=version, effective_on=effective_on, requirements=requirements)
    return Catalogue(later, mandatory_from=mandatory_from, activate=False)


def make_next_standard(
    version: str = "2027",
    *,
    effective_on: date | None = None,
    mandatory_from: date | None = None,
    changed: Iterable[str] = ("5-7",),
    active: bool = True,
) -> Standard:
    """A version after the shipped one, mapped to it; `changed` are codes with another text.

    By default it takes effect in 30 days and is mandatory in 60.
    """
    make_standard()
    today = timezone.localdate()
    effective_on = effective_on or today + timedelta(days=30)
    catalogue = next_catalogue(
        version,
        effective_on=effective_on,
        mandatory_from=mandatory_from or effective_on + timedelta(days=30),
        changed=changed,
    )
    standard = load_catalogue(catalogue=catalogue).standard
    return activate_standard(standard=standard) if active else standard
