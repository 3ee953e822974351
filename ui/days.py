"""Days that people enter: within reach, so that a mistyped year is said at once.

A browser sends the year 0026 or 9999 for a slip of the finger. Nothing that the scheme plans lies
more than three years ahead: a result is renewed within them.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ui.templatetags.ui import day as in_words

YEARS_AHEAD = 3
# For what may have begun long ago, as an engagement with a company of the family.
YEARS_BACK = 100


def latest() -> date:
    """Return the last day that can be entered."""
    return _years_from_today(YEARS_AHEAD)


def earliest() -> date:
    """Return the first day that can be entered for what may have begun long ago."""
    return _years_from_today(-YEARS_BACK)


def problem_of(day: date | None, first: date | None = None) -> str:
    """Return why a day cannot be entered, or ""; it is not before `first` (default: `earliest`)."""
    first = first or earliest()
    if day is None or first <= day <= latest():
        return ""
    if day < first == timezone.localdate():
        return _("This day has passed. Choose one that is still to come.")
    return _("Choose a day from %(first)s to %(last)s. Check the year.") % {
        "first": in_words(first),
        "last": in_words(latest()),
    }


def check_days(first: date | None = None, **days: date | None) -> None:
    """Raise ValidationError, by name, for the days that cannot be entered: see `problem_of`."""
    wrong = {name: said for name, day in days.items() if (said := problem_of(day, first))}
    if wrong:
        raise ValidationError({name: [said] for name, said in wrong.items()})


def _years_from_today(years: int) -> date:
    today = timezone.localdate()
    # The 29th of February has no counterpart in most years.
    return today.replace(
        year=today.year + years, day=min(today.day, 28 if today.month == 2 else 31)
    )
