"""The days of one month as a strip: which are taken, which are free, which are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from ui.charts.cells import SOFT
from ui.charts.figures import ACTION, LINE
from ui.charts.markup import FONTS, canvas, el, number

DAY, HEIGHT = 7.0, 18.0
GREY, WANTED = "#8d93a3", "#b8730a"


@dataclass(frozen=True, slots=True)
class Taken:
    """Days of the month, counted from 1, that are taken: by work (a full block) or away (half)."""

    first: int
    last: int
    kind: Literal["work", "away"]


def month_grid(days: int, free: Iterable[int]) -> SafeString:
    """Return the days that every strip of the page repeats; it is drawn once and shows nothing.

    `free` are the days on which nobody works.
    """
    width = number(DAY)
    shade = "".join(f"M{number((day - 1) * DAY)} 0h{width}v{HEIGHT:g}h-{width}z" for day in free)
    lines = "".join(f"M{number(day * DAY)} 0v{HEIGHT:g}" for day in range(days + 1))
    grid = el(
        "symbol",
        el("path", class_="m-free", fill=LINE, d=shade),
        el("path", class_="m-line", fill="none", stroke=LINE, d=lines),
        id="month-grid",
    )
    return el("svg", grid, class_="month-grid", width=0, height=0, aria_hidden="true")


def month_head(days: int) -> SafeString:
    """Return the days' numbers above the strips. Decoration: the strips say their days in words."""
    numbers = [
        el("text", str(day), x=(day - 0.5) * DAY, y=9, font_size=9, text_anchor="middle")
        for day in (1, 5, 10, 15, 20, 25, days)
    ]
    return el(
        "svg",
        *numbers,
        class_="month",
        width=days * DAY,
        height=11,
        fill=SOFT,
        font_family=FONTS,
        aria_hidden="true",
    )


def month_strip(
    days: int, taken: Iterable[Taken], wanted: tuple[int, int] | None, label: str
) -> SafeString:
    """Return one person's month; the grid comes from `month_grid` on the same page.

    `wanted` are the days asked for (framed); `label` says everything in words.
    """
    listed = list(taken)
    parts = [el("use", href="#month-grid")]
    for kind, top, fill in (("away", HEIGHT / 2, GREY), ("work", 2.0, ACTION)):
        spans = [one for one in listed if one.kind == kind]
        if spans:
            drawn = "".join(_block(one, top) for one in spans)
            parts.append(el("path", class_=f"m-{kind}", fill=fill, d=drawn))
    if wanted:
        first, last = wanted
        parts.append(
            el(
                "rect",
                class_="m-wanted",
                fill="none",
                stroke=WANTED,
                stroke_width=1.5,
                x=(first - 1) * DAY,
                y=0.75,
                width=(last - first + 1) * DAY,
                height=HEIGHT - 1.5,
            )
        )
    return canvas(label, days * DAY, HEIGHT, *parts, class_="month")


def _block(one: Taken, top: float) -> str:
    width, height = (one.last - one.first + 1) * DAY - 1, HEIGHT - 2 - top
    left = (one.first - 1) * DAY + 0.5
    return f"M{number(left)} {number(top)}h{number(width)}v{number(height)}h-{number(width)}z"
