"""The corrective action plan of the demo, as a paper: of the supplier of the sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.terms import Status
from reports.demo.planned import MAIN
from reports.tasks import queue_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.demo.clock import Clock
    from reports.demo.life import Life


def make_action_plan(lives: Iterable[Life], clock: Clock) -> None:
    """Have the plan made of the issued audit whose actions stand in several states."""
    ours = next(row for row in lives if row.plan.site == MAIN and row.audit.status == Status.ISSUED)
    clock.tick(7)
    queue_plan(actor=ours.manager, audit=ours.audit)
