"""Numbers of audits, taken for many at once."""

from __future__ import annotations

from collections import defaultdict

from audits.models import AuditCounter
from audits.services.applying import number_of


class Numbers:
    """Goes on after the last number of each year; `keep` writes how far it came."""

    def __init__(self) -> None:
        self.last: dict[int, int] = defaultdict(int)
        self.last.update(AuditCounter.objects.values_list("year", "last"))

    def next(self, year: int) -> str:
        """Return the next number of a year, such as JASTI-2026-0412."""
        self.last[year] += 1
        return number_of(year, self.last[year])

    def keep(self) -> None:
        """Let the next application of each year go on after these."""
        for year, last in self.last.items():
            AuditCounter.objects.update_or_create(year=year, defaults={"last": last})
