"""Reminders around a deadline: which one is reached, and who has not been told of it yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.services.notices import told
from audits.services.telling import key_of, tell
from ui.calendars import (
    add_business_days,
    business_day_from,
    business_day_until,
    is_business_day,
)

if TYPE_CHECKING:
    from accounts.letters import Fact, Letter
    from audits.letters.audiences import Audience
    from audits.models import Audit


@dataclass(frozen=True)
class Reminder:
    """One letter that is due: about which audit, under which key, with which facts."""

    audit: Audit
    letter: Letter
    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    said: str = ""
    path: str = ""
    urgent: bool = False


def told_on(due: date, days: int) -> date:
    """Return the business day on which a mark is told: until `due` rather early, after it rather late."""
    day = due + timedelta(days=days)
    return business_day_until(day) if days <= 0 else business_day_from(day)


def reached(due: date, marks: Iterable[int], today: date) -> int | None:
    """Return the latest of the marks (days from `due`, negative before it) that has come, or None.

    When the clocks stood still over several marks, only the latest one is told. On a weekend or
    holiday nobody is reminded of anything.
    """
    if not is_business_day(today):
        return None
    return max((days for days in marks if told_on(due, days) <= today), default=None)


def horizon(marks: Sequence[int], today: date) -> date:
    """Return the last due date for which one of the marks may have come today.

    What falls on the holidays after today is told today.
    """
    return add_business_days(today, 1) - timedelta(days=1 + min(marks, default=0))


def send(reminders: Iterable[Reminder]) -> int:
    """Tell what has not been told yet; return how many people were told.

    What was told before is found in one query for all, so that a round with nothing new is cheap
    however many deadlines are near.
    """
    rows: dict[str, tuple[Reminder, Audience]] = {
        key_of(row.audit, row.key, audience): (row, audience)
        for row in reminders
        for audience in row.letter.to
    }
    for key in told(rows):
        del rows[key]
    return sum(
        tell(
            row.audit,
            row.letter,
            key=row.key,
            facts=row.facts,
            said=row.said,
            path=row.path,
            urgent=row.urgent,
            to=[audience],
        )
        for row, audience in rows.values()
    )
