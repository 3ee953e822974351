"""What the clock does: time that is over, and audits that have nothing left to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import Audit
from audits.services.perform import perform, refusals
from audits.terms import Act, Status
from audits.workflow import Move

if TYPE_CHECKING:
    from datetime import date


def close_when_done(audit: Audit) -> bool:
    """Close an issued audit when corrective actions and appeals have ended; say whether it was."""
    if audit.status != Status.ISSUED or refusals(audit, Move(Act.CLOSE, None)):
        return False
    perform(audit, Act.CLOSE, actor=None)
    return True


def accept_facts_when_over(today: date | None = None) -> int:
    """Accept the facts of audits whose time to check has passed; return how many."""
    today = today or timezone.localdate()
    late = Audit.objects.filter(status=Status.FACT_CHECK, due_on__lt=today)
    audits = list(late)
    for audit in audits:
        perform(audit, Act.ACCEPT_FACTS, actor=None, expected_version=audit.version)
    return len(audits)


def close_finished() -> int:
    """Close every issued audit that waits for nothing any more; return how many."""
    return sum(
        close_when_done(audit)
        for audit in list(Audit.objects.filter(status=Status.ISSUED).with_people())
    )
