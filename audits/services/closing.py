"""The end of an audit that has nothing left to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services.perform import perform, refusals
from audits.terms import Act, Status
from audits.workflow import Move

if TYPE_CHECKING:
    from audits.models import Audit


def close_when_done(audit: Audit) -> bool:
    """Close an issued audit when corrective actions and appeals have ended; say whether it was."""
    if audit.status != Status.ISSUED or refusals(audit, Move(Act.CLOSE, None)):
        return False
    perform(audit, Act.CLOSE, actor=None)
    return True
