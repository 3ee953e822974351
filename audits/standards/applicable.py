"""Which version applies to a visit: the rule of `Standard.objects.usable_on` over rows in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audits.standards.models import Standard


def usable(versions: Iterable[Standard], day: date) -> list[Standard]:
    """Return the versions by which a visit on `day` may be audited, newest first."""
    live = sorted(
        (version for version in versions if version.is_live),
        key=lambda version: version.effective_on,
        reverse=True,
    )
    found = []
    for version in live:
        if version.effective_on > day:
            continue
        if version.retired_on is None or version.retired_on > day:
            found.append(version)
        if version.mandatory_from is not None and version.mandatory_from <= day:
            break
    return found


def applies_to(versions: Iterable[Standard], pinned: Standard | None, day: date) -> Standard | None:
    """Return the version for a visit on `day`: the pinned one while it may be used, else the newest."""
    found = usable(versions, day)
    if pinned is not None and any(version.pk == pinned.pk for version in found):
        return pinned
    return found[0] if found else None
