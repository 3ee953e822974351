"""Changes that the supplier of the sign-ins tells: one was decided on, one waits for the secretariat."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from audits.change_terms import ChangeDecision, ChangeKind
from audits.services.noticing import decide_change, declare_change
from reports.demo.planned import MAIN
from ui.calendars import is_business_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import ChangeNotice
    from reports.demo.clock import Clock
    from reports.demo.life import Life


def tell_changes(lives: Iterable[Life], clock: Clock) -> None:
    """Tell of a new owner, which needs nothing, and of a new process, which is to be decided on."""
    life = next(row for row in lives if row.plan.site == MAIN and "issue" in row.plan.steps)
    words = life.remarks["change"]
    _at(clock, 3, 11, 30)
    owner = _tell(life, ChangeKind.OWNERSHIP, clock, -14)
    _at(clock, 2, 13, 30)
    decide_change(
        actor=life.office.coordinator,
        notice=owner,
        decision=ChangeDecision.NOTHING,
        reason=words["nothing"],
    )
    _at(clock, 1, 15, 0)
    _tell(life, ChangeKind.PROCESS, clock, 30)


def _tell(life: Life, kind: ChangeKind, clock: Clock, ahead: int) -> ChangeNotice:
    return declare_change(
        actor=life.manager,
        site=life.place.site,
        kind=kind,
        starts_on=clock.today + timedelta(days=ahead),
        text=life.remarks["change"][kind],
    )


def _at(clock: Clock, ago: int, hour: int, minute: int) -> None:
    """Set the clock so many days ago, on a business day: several then fall on one, in this order."""
    day = clock.today - timedelta(days=ago)
    while not is_business_day(day):
        day -= timedelta(days=1)
    clock.at(day, hour, minute)
