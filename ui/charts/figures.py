"""Plain figures: horizontal bars and a small line, readable as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString

from ui.charts.cells import INK, SOFT
from ui.charts.markup import canvas, el, fitted, number

ACTION = "#165e83"
TONES = {
    "indigo": ACTION,
    "navy": "#223a70",
    "moss": "#5d7a2e",
    "amber": "#cf7f17",
    "red": "#c73e3a",
    "grey": "#8d93a3",
}
TRACK = "#eeebe2"
LINE = "#e4e0d4"

ROW, LABEL_WIDTH, BAR_WIDTH, TEXT_WIDTH = 30.0, 190.0, 320.0, 80.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `value` None is a suppressed value (only `text` is shown); `tone` as for tags."""

    label: str
    value: float | None
    text: str
    tone: str = "indigo"
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: `label` is the time, `text` the value in words.

    Where `value` is None it is not shown: the line is broken there.
    """

    label: str
    value: float | None
    text: str = ""


def bars(rows: Iterable[Bar], label: str = "", maximum: float | None = None) -> SafeString:
    """Return horizontal bars with label and value text as inline SVG.

    Lengths are relative to `maximum`, by default the greatest value. The text alternative holds
    every row.
    """
    listed = list(rows)
    top = maximum or max((row.value or 0 for row in listed), default=0) or 1
    return canvas(
        _said(label, (f"{row.label} {row.text}" for row in listed)),
        LABEL_WIDTH + BAR_WIDTH + TEXT_WIDTH,
        max(len(listed), 1) * ROW,
        *(_bar(row, index * ROW, top) for index, row in enumerate(listed)),
        linked=any(row.url for row in listed),
        class_="bars",
    )


def trend(
    points: Iterable[Point],
    label: str = "",
    width: int = 280,
    height: int = 84,
    maximum: float | None = None,
) -> SafeString:
    """Return a small line over time as inline SVG.

    `maximum` is the value at the top, by default the greatest. The text alternative holds every
    point; the last value and both ends are also written.
    """
    listed = list(points)
    name = _said(label, (f"{point.label} {_words(point)}" for point in listed))
    left, right, top, bottom = 6.0, width - 6.0, 20.0, height - 20.0
    axis = f"M{number(left)} {number(bottom)}H{number(right)}"
    parts = [el("path", class_="c-axis", fill="none", stroke=LINE, d=axis)]
    if listed:
        values = [point.value for point in listed if point.value is not None]
        low, high = min([0.0, *values]), maximum or max([0.0, *values])
        step = (right - left) / max(len(listed) - 1, 1)
        scale = (bottom - top) / ((high - low) or 1.0)
        places = [
            None
            if point.value is None
            else (left + index * step, bottom - (point.value - low) * scale)
            for index, point in enumerate(listed)
        ]
        for known, run in groupby(places, key=lambda place: place is not None):
            if known:
                parts += _line([place for place in run if place is not None], bottom)
        end_x, end_y = places[-1] or (right, bottom)
        parts += [
            _text(_words(listed[-1]), end_x, max(end_y - 7, 11), size=12),
            _text(listed[-1].label, right, height - 5, size=11, cls="c-soft"),
        ]
        if len(listed) > 1:
            parts.append(
                _text(listed[0].label, left, height - 5, size=11, cls="c-soft", anchor="start")
            )
    return canvas(name, width, height, *parts, class_="trend")


def _said(label: str, parts: Iterable[str]) -> str:
    said = " · ".join(parts)
    return f"{label}: {said}" if label else said


def _words(point: Point) -> str:
    return point.text or ("–" if point.value is None else f"{point.value:,g}")


def _text(
    text: str, x: float, y: float, *, size: int, cls: str = "c-text", anchor: str = "end"
) -> SafeString:
    fill = SOFT if cls == "c-soft" else INK
    return el("text", text, class_=cls, fill=fill, font_size=size, text_anchor=anchor, x=x, y=y)


def _bar(row: Bar, y: float, top: float) -> SafeString:
    tone = row.tone if row.tone in TONES else "indigo"
    start, whole = LABEL_WIDTH + 12, BAR_WIDTH - 24
    share = 0.0 if row.value is None else max(min(row.value / top, 1), 0)
    place = {"x": start, "y": y + 9, "height": 12, "rx": 2}
    parts = (
        # The whole label is in the picture's text alternative and, here, in the tooltip.
        el("title", f"{row.label} {row.text}"),
        _text(fitted(row.label, LABEL_WIDTH, 14), LABEL_WIDTH, y + ROW * 0.66, size=14),
        el("rect", class_="c-track", fill=TRACK, width=whole, **place),
        el("rect", class_=f"c-{tone}", fill=TONES[tone], width=share * whole, **place),
        _text(row.text, LABEL_WIDTH + BAR_WIDTH + TEXT_WIDTH - 2, y + ROW * 0.66, size=14),
    )
    return el("a", *parts, href=row.url) if row.url else el("g", *parts)


def _line(places: list[tuple[float, float]], bottom: float) -> list[SafeString]:
    line = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)
    (first_x, _first_y), (last_x, last_y) = places[0], places[-1]
    area = f"{line}L{number(last_x)} {number(bottom)}L{number(first_x)} {number(bottom)}z"
    return [
        el("path", class_="c-area", fill=ACTION, fill_opacity=0.1, d=area),
        el(
            "path",
            class_="c-line",
            fill="none",
            stroke=ACTION,
            stroke_width=2,
            stroke_linejoin="round",
            d=line,
        ),
        el("circle", class_="c-dot", fill=ACTION, cx=last_x, cy=last_y, r=3.5),
    ]
