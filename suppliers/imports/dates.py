"""Dates as Japanese spreadsheets hold them: eras, Excel's serial numbers, three separators."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from suppliers.imports.problems import BadValue
from suppliers.imports.values import or_nothing, plain_text

# Kanji, letter, first and last day (明治 counted from 1868; the lunar calendar ended in 1872).
ERAS: tuple[tuple[str, str, date, date], ...] = (
    ("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
    ("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    ("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    ("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    ("令和", "R", date(2019, 5, 1), date.max),
)
_ERA_NAMES = {name: era for era in ERAS for name in (era[0], era[1], era[0][0])}

EARLIEST = date(1500, 1, 1)
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(2101, 80_000)
_YEARS = range(1500, 2101)

_KANJI_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")}
_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十]+")
_PARTS = r"(?:[./\-年](?P<month>[0-9]{1,2})(?:[./\-月](?P<day>[0-9]{1,2})日?|月)?|年)?"
_ERA_DATE = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHR])\.?(?P<year>元|[0-9]{1,2})" + _PARTS
)
_WESTERN_DATE = re.compile(r"(?:西暦)?(?P<year>[0-9]{4})" + _PARTS)
_ENGLISH_DATES = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y")


def parse_date(value: object, *, today: date | None = None) -> date | None:
    """Return the day of a cell, or None when the cell has no answer.

    A year alone becomes its first day, a month alone its first day (within the era where one is
    given): old mills often know no more. Raises BadValue for what is no date, is ambiguous
    (4/1/2023, 23/4/1), lies outside its era, or lies in the future.
    """
    found = _date(value)
    if found is None:
        return None
    if found > (today or timezone.localdate()):
        raise BadValue(_("The date lies in the future. Check the year."))
    if found < EARLIEST:
        raise BadValue(_("The date lies before the year 1500. Check the year."))
    return found


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        raise BadValue(_unreadable())
    text = or_nothing(plain_text(value))
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text)
    # 2023.4 as text is April 2023; as a number of Excel it may also have been 2023.40.
    if isinstance(value, int | float) or re.fullmatch(r"[0-9]+(\.0+)?|[0-9]{5}\.[0-9]+", plain):
        return _from_number(plain)
    return _from_text(plain)


def _from_number(text: str) -> date:
    """Read 1985 as a year, 31137 as a serial of Excel (1900 system) and 19850401 as a date."""
    number = int(float(text)) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text) else 0
    if number in _YEARS and re.fullmatch(r"[0-9]{4}(\.0*)?", text):
        return date(number, 1, 1)
    if number in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=number)
    if re.fullmatch(r"[0-9]{8}(\.0*)?", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:8]))
    raise BadValue(_unreadable())


def _from_text(text: str) -> date:
    english = " ".join(text.replace(",", " ").split()).title()
    for form in _ENGLISH_DATES:
        try:
            return datetime.strptime(english, form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    plain = re.sub(r"\s", "", text)
    plain = re.sub(r"\(.曜?日?\)|(?<=日).曜日?$|T?[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?$", "", plain)
    plain = _KANJI_NUMBER.sub(lambda match: str(_kanji_number(match[0])), plain)
    plain = plain.upper().replace("・", ".").replace("‐", "-").replace("−", "-")
    # Some write both: 2019年(令和元年)5月1日, 昭和60年(1985年)4月1日.
    plain = re.sub(r"\([^()]*\)", "", plain)
    if western := _WESTERN_DATE.fullmatch(plain):
        return _day(int(western["year"]), int(western["month"] or 1), int(western["day"] or 1))
    if in_era := _ERA_DATE.fullmatch(plain):
        return _in_era(in_era)
    raise BadValue(_unreadable())


def _in_era(match: re.Match[str]) -> date:
    name, _letter, first, last = _ERA_NAMES[match["era"]]
    year = first.year - 1 + (1 if match["year"] == "元" else int(match["year"]))
    if year < first.year:
        raise BadValue(_unreadable())
    found = _day(year, int(match["month"] or 1), int(match["day"] or 1))
    if found < first and not match["day"] and year == first.year:
        found = first if not match["month"] or int(match["month"]) == first.month else found
    if not first <= found <= last:
        raise BadValue(
            _("This day does not belong to the era %(era)s. Check the era or the year.")
            % {"era": name}
        )
    return found


def _kanji_number(text: str) -> int:
    """Return 31 for 三十一, 10 for 十, 1985 for 一九八五."""
    if "十" not in text:
        return int("".join(str(_KANJI_DIGITS[char]) for char in text))
    tens, _ten, ones = text.partition("十")
    return (_KANJI_DIGITS.get(tens, 1) if tens else 1) * 10 + (
        _KANJI_DIGITS.get(ones, 0) if ones else 0
    )


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(_("There is no such day in the calendar. Check month and day.")) from None


def _unreadable() -> str:
    return _("This is not a date. Write it as 2023年4月1日, 令和5年4月1日, R5.4.1 or 2023/4/1.")
