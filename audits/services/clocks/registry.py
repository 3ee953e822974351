"""The clocks by name, and how they go through rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

import structlog
from django.core.exceptions import ValidationError
from django.db.models import Model

log = structlog.get_logger(__name__)

# Takes today, does what is due, and returns how many things it did. Coming by again on the same
# day does nothing more.
Clock = Callable[[date], int]
CLOCKS: dict[str, Clock] = {}
Row = TypeVar("Row", bound=Model)


def clock(function: Clock) -> Clock:
    """Register a clock under its own name."""
    CLOCKS[function.__name__] = function
    return function


def each(rows: Iterable[Row], do: Callable[[Row], object]) -> int:
    """Do something for each row and return for how many it was done.

    A row that somebody moved at the same moment is passed over: the next round sees it as it is.
    """
    done = 0
    for row in rows:
        try:
            do(row)
        except ValidationError as error:
            log.warning("clock_passed_over", row=str(row), reasons=error.messages)
        else:
            done += 1
    return done
