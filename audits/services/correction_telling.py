"""Telling of a step of a corrective action: whoever has the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from audits.letters.audiences import Audience
from audits.letters.corrections import STEPS
from audits.services.telling import tell

if TYPE_CHECKING:
    from audits.models import Audit, AuditEvent, CorrectiveAction

# The page to which the letter leads.
PAGES = {Audience.SUPPLIER: "portal:our_correction", Audience.BODY: "console:correction"}


def tell_of_step(audit: Audit, action: CorrectiveAction, step: str, event: AuditEvent) -> int:
    """Tell of a step that was just taken; return how many people were told."""
    return tell(
        audit,
        STEPS[step],
        key=f"correction{event.sequence}",
        facts={"code": action.finding.requirement.code, "due": action.close_due_on},
        said=event.comment,
        path=lambda audience: reverse(PAGES[audience], args=[action.pk]),
    )
