"""Clocks of the standard: versions are retired, and audits planned for later are changed over."""

from __future__ import annotations

from datetime import date

from audits.services.clocks.registry import clock, each
from audits.services.repinning import repin_when_due, to_repin
from audits.standards.models import Standard
from audits.standards.services.retiring import retire_due
from audits.standards.terms import StandardStatus


@clock
def retire_standards(today: date) -> int:
    """Retire the versions whose last day has passed."""
    live = (StandardStatus.ACTIVE, StandardStatus.SUNSET)
    due = Standard.objects.filter(status__in=live, retired_on__lte=today)
    return each(list(due), lambda standard: retire_due(standard, today))


@clock
def repin_audits(today: date) -> int:
    """Change audits over whose visit day the pinned version can no longer be used on."""
    return each(to_repin(today), lambda audit: repin_when_due(audit, today))
