"""The demo's own clock: lets the services walk through the past, for the demo command only."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    """The moment that the services take for now; it never goes beyond the real one."""

    def __init__(self) -> None:
        self.latest = self.moment = timezone.now()
        self.today = timezone.localdate()

    def set(self, moment: datetime) -> None:
        """Go to a moment, at most to the real now."""
        self.moment = min(moment, self.latest)

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Go to a time of a day in Japan."""
        self.set(timezone.make_aware(datetime.combine(day, time(hour, minute))))

    def tick(self, minutes: float = 5) -> None:
        """Let some minutes pass."""
        self.set(self.moment + timedelta(minutes=minutes))

    @contextmanager
    def visiting(self, day: date, hour: int, minute: int = 0) -> Iterator[None]:
        """Go to a time of a day and come back to where one was."""
        before = self.moment
        self.at(day, hour, minute)
        try:
            yield
        finally:
            self.moment = before


@contextmanager
def walking() -> Iterator[Clock]:
    """Give a clock that `django.utils.timezone` obeys inside the block, in this process alone.

    Results that all came into being today would show neither months in the figures nor anything
    overdue, and writing past states without the services is not allowed. Everything in the house
    asks `timezone.now()`, which asks the name `datetime` of its module: that one name is replaced
    and put back whatever happens. Only `manage.py demo` comes here, never a served process.
    """
    clock = Clock()

    class Told(datetime):
        """A `datetime` whose now is the clock's."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one
            return clock.moment.astimezone(tz)

    real = timezone.datetime  # type: ignore[attr-defined]  # the module's own import
    timezone.datetime = Told  # type: ignore[attr-defined]  # as above
    try:
        yield clock
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]  # as above
