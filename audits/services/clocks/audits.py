"""Clocks of the audits themselves: facts not answered in time, audits that wait for nothing."""

from __future__ import annotations

from datetime import date

from audits.models import Audit
from audits.services.clocks.registry import clock, each
from audits.services.closing import close_when_done
from audits.services.perform import perform
from audits.terms import Act, Status


@clock
def accept_facts_when_over(today: date) -> int:
    """Accept the facts of audits whose time to check has passed."""
    late = Audit.objects.filter(status=Status.FACT_CHECK, due_on__lt=today)
    return each(
        list(late),
        lambda audit: perform(audit, Act.ACCEPT_FACTS, actor=None, expected_version=audit.version),
    )


@clock
def close_finished(today: date) -> int:
    """Close every issued audit that waits for nothing any more."""
    issued = Audit.objects.filter(status=Status.ISSUED).with_people()
    return sum(close_when_done(audit) for audit in list(issued))
