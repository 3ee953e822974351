"""The clock of the audits themselves: those that wait for nothing any more are closed."""

from __future__ import annotations

from datetime import date

from audits.models import Audit
from audits.services.clocks.registry import clock
from audits.services.closing import close_when_done
from audits.terms import Status


@clock
def close_finished(today: date) -> int:
    """Close every issued audit that waits for nothing any more."""
    issued = Audit.objects.filter(status=Status.ISSUED).with_people()
    return sum(close_when_done(audit) for audit in list(issued))
