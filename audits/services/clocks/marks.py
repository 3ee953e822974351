"""Reminders around a deadline: which one is reached, and who has not been told of it yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.services.notices import told
from audits.services.telling import Audience, key_of, tell

if TYPE_CHECKING:
    from audits.models import Audit


@dataclass(frozen=True)
class Reminder:
    """One message that is due: about which audit, to whom, under which key, in which words."""

    audit: Audit
    audience: Audience
    key: str
    sentence: Callable[[], str]
    said: str = ""
    path: str = ""


def reached(due: date, marks: Iterable[int], today: date) -> int | None:
    """Return the latest of the marks (days from `due`, negative before it) that has come, or None.

    When the clocks stood still over several marks, only the latest one is told.
    """
    return max((days for days in marks if due + timedelta(days=days) <= today), default=None)


def horizon(marks: Sequence[int], today: date) -> date:
    """Return the last due date for which one of the marks has come today."""
    return today - timedelta(days=min(marks, default=0))


def send(reminders: Iterable[Reminder]) -> int:
    """Tell what has not been told yet; return how many people were told.

    What was told before is found in one query for all, so that a round with nothing new is cheap
    however many deadlines are near.
    """
    rows = {key_of(row.audit, row.key, row.audience): row for row in reminders}
    for key in told(rows):
        del rows[key]
    return sum(
        tell(
            row.audit,
            row.audience,
            key=row.key,
            sentence=row.sentence,
            said=row.said,
            path=row.path,
        )
        for row in rows.values()
    )
