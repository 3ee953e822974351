"""Template tags and filters used on every page: dates, counts, tags and drawings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui import charts
from ui.charts import Cell
from ui.charts.weave import Size
from ui.language import active_language

register = template.Library()

TOKYO = ZoneInfo("Asia/Tokyo")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _in_tokyo(value: datetime) -> datetime:
    return timezone.localtime(value, TOKYO) if timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """Return 2026年11月23日 or 23 Nov 2026, of a datetime in Japan time; "–" for nothing."""
    if not value:
        return "–"
    if isinstance(value, datetime):
        value = _in_tokyo(value)
    if active_language() == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


@register.simple_tag
def period(first: date | None, last: date | None) -> str:
    """Return one day, or both ends: 2026年11月23日〜2026年11月24日 / 23 Nov 2026 – 24 Nov 2026."""
    if not first or not last or first == last:
        return day(first or last)
    mark = " – " if active_language() == "en" else "〜"
    return f"{day(first)}{mark}{day(last)}"


@register.filter
def moment(value: datetime | None) -> str:
    """Return day and minute in Japan time: 2026年11月23日 10:47 or 23 Nov 2026, 10:47."""
    if not value:
        return "–"
    local = _in_tokyo(value)
    comma = "," if active_language() == "en" else ""
    return f"{day(local)}{comma} {local:%H:%M}"


@register.filter
def count(value: float | Decimal | None) -> str:
    """Return the number with thousands separators (12,345), "–" for nothing."""
    return "–" if value is None else f"{value:,}"


@register.filter
def percent(value: float | Decimal | None, digits: int = 1) -> str:
    """Return a share between 0 and 1 as 82.6 %, "–" for nothing (suppressed or empty)."""
    return "–" if value is None else f"{value * 100:.{int(digits)}f} %"


@register.simple_tag
def status(value: str, label: object = "", tone: str = "") -> SafeString:
    """Return a status tag; `tone` is one of indigo, navy, red, amber, moss or empty for grey."""
    return format_html(
        '<span class="tag {}" data-status="{}">{}</span>', tone, value, label or value
    )


@register.simple_tag
def weave(cells: Iterable[Cell], size: Size = "card", label: str = "") -> SafeString:
    """Return the swatch of an audit: `{% weave cells "strip" %}`."""
    return charts.weave(cells, size, label)


@register.simple_tag
def weave_legend() -> SafeString:
    """Return the legend of the swatch."""
    return charts.legend()
