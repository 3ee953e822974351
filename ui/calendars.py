"""Business days of Japan, in which the scheme's clocks run."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=8)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def is_business_day(day: date) -> bool:
    """Say whether the day is neither a weekend nor a national holiday."""
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def business_day_until(day: date) -> date:
    """Return the day, or the last business day before it."""
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def business_day_from(day: date) -> date:
    """Return the day, or the first business day after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, count: int) -> date:
    """Return the `count`-th business day after `day` (the day itself does not count)."""
    while count > 0:
        day += timedelta(days=1)
        if is_business_day(day):
            count -= 1
    return day


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier when negative), or the last day of that month.

    Beyond the ends of the calendar it is the calendar's first or last day.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_and_days(first: date, last: date) -> tuple[int, int]:
    """Return the whole months from `first` to `last` and the days that are left; (0, 0) backwards.

    Counted as people do: the months are the most that `add_months` can add without passing `last`.
    """
    if last <= first:
        return 0, 0
    months = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, months) > last:
        months -= 1
    return months, (last - add_months(first, months)).days
