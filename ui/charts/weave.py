"""The weave: an audit as a swatch, one band per category, one cell per requirement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui.charts.cells import (
    FILLS,
    INK,
    KINDS,
    SOFT,
    WARP,
    Cell,
    Kind,
    cell_shape,
    float_of,
    kind_label,
    kind_of,
)
from ui.charts.markup import canvas, el, number

Size = Literal["strip", "card", "navigator", "cover"]

# side of one cell in CSS pixels
PITCH: dict[str, float] = {"card": 11, "navigator": 17, "cover": 23}
LABELLED = {"navigator", "cover"}
# a category code longer than this does not fit at the head of a band
LONGEST_LABEL = 3
FRINGE = 5.0
SOLID = {"conforming", "minor", "major", "unacceptable"}

# the strip is drawn four times as large as it is shown: 120 x 16
STRIP_WIDTH, STRIP_HEIGHT, STRIP_SCALE, BAND_GAP = 480.0, 64.0, 4, 8.0
THREADS = {
    "not_applicable": "0v14m0 36v14",
    "unassessed": "4v6m0 10v6m0 12v6m0 10v6",
    "unverifiable": "0v24m0 16v24",
}


def weave(cells: Iterable[Cell], size: Size = "card", label: str = "") -> SafeString:
    """Return the swatch of an audit as inline SVG.

    `cells` are in order of the standard; `label` names the picture (default: the counts in words).
    With a `url` in any cell the cells are links in a group; otherwise the picture is one image.
    The strip is 120 x 16 CSS pixels and about 1 kB, small enough for a list of 50 rows.
    """
    listed = list(cells)
    name = label or summary(listed)
    return _strip(listed, name) if size == "strip" else _swatch(listed, size, name)


def summary(cells: Sequence[Cell]) -> str:
    """Return the counts by kind in words; kinds that do not occur are left out."""
    counts = Counter(kind_of(cell) for cell in cells)
    parts = " · ".join(f"{kind_label(kind)} {counts[kind]}" for kind in KINDS if counts[kind])
    return _("%(total)d requirements: %(parts)s") % {"total": len(cells), "parts": parts}


def legend(kinds: Iterable[Kind] = KINDS) -> SafeString:
    """Return the list of kinds with their drawing and name."""
    return legend_of((cell_shape(kind, 0, 0, 17, over=True), kind_label(kind)) for kind in kinds)


def legend_of(entries: Iterable[tuple[SafeString, str]]) -> SafeString:
    """Return a legend of (drawing in a square of 17, words)."""
    items = (
        el(
            "li",
            el(
                "svg",
                shape,
                class_="weave",
                width=16,
                height=16,
                viewBox="0 0 17 17",
                aria_hidden="true",
                focusable="false",
            ),
            words,
        )
        for shape, words in entries
    )
    return el("ul", *items, class_="legend")


def warp_lines(columns: int, rows: int, pitch: float, left: float) -> SafeString:
    """Return the warp: an undyed thread per column, fringed beyond the first and last band."""
    length = number(rows * pitch + 2 * FRINGE)
    move = "".join(
        f"M{number(left + (column + 0.5) * pitch)} 0v{length}" for column in range(columns)
    )
    thickness = max(0.8, pitch * 0.06)
    return el("path", class_="w-warp", fill="none", stroke=WARP, stroke_width=thickness, d=move)


def sheen_lines(places: Iterable[tuple[float, float, bool]], pitch: float) -> SafeString:
    """Return the fine lines along the floats that make dyed cells look spun, in one path."""
    move = ""
    for x, y, over in places:
        left, top, width, height = float_of(x, y, pitch, over=over)
        for share in (0.3, 0.7):
            if over:
                move += f"M{number(left + 1)} {number(top + height * share)}h{number(width - 2)}"
            else:
                move += f"M{number(left + width * share)} {number(top + 1)}v{number(height - 2)}"
    if not move:
        return SafeString("")
    return el(
        "path",
        class_="w-sheen",
        fill="none",
        stroke="#fff",
        stroke_opacity=0.22,
        stroke_width=pitch * 0.07,
        pointer_events="none",
        d=move,
    )


def _bands(cells: Sequence[Cell]) -> list[tuple[str, list[Cell]]]:
    return [(key, list(group)) for key, group in groupby(cells, key=lambda cell: cell.category)]


def _swatch(cells: Sequence[Cell], size: str, name: str) -> SafeString:
    pitch = PITCH[size]
    bands = _bands(cells)
    columns = max((len(band) for _key, band in bands), default=1)
    left = pitch * 1.3 if size in LABELLED else 1.0
    drawn: list[SafeString] = []
    solid: list[tuple[float, float, bool]] = []
    ring = SafeString("")
    if size == "cover":
        # a tagged PDF takes the alternative text from here, and paper shows no tips
        drawn.append(el("title", name))
    for row, (category, band) in enumerate(bands):
        y = FRINGE + row * pitch
        if size in LABELLED and len(category) <= LONGEST_LABEL:
            drawn.append(_label(category, pitch * 0.95, y + pitch * 0.7, pitch * 0.6))
        for column, cell in enumerate(band):
            x, over = left + column * pitch, (row + column) % 2 == 0
            drawn.append(_cell(cell, x, y, pitch, over=over))
            if kind_of(cell) in SOLID:
                solid.append((x, y, over))
            if cell.current:
                ring = _ring(x, y, pitch)
    return canvas(
        name,
        left + columns * pitch + 1,
        len(bands) * pitch + 2 * FRINGE,
        warp_lines(columns, len(bands), pitch, left),
        *drawn,
        sheen_lines(solid, pitch),
        ring,
        linked=any(cell.url for cell in cells),
        class_=f"weave weave-{size}",
    )


def _label(text: str, x: float, y: float, font_size: float) -> SafeString:
    return el(
        "text",
        text,
        class_="w-label",
        fill=SOFT,
        font_size=font_size,
        text_anchor="end",
        aria_hidden="true",
        x=x,
        y=y,
    )


def _ring(x: float, y: float, pitch: float) -> SafeString:
    side = pitch + 2
    return el(
        "rect",
        class_="w-now",
        fill="none",
        stroke=INK,
        stroke_width=2,
        pointer_events="none",
        x=x - 1,
        y=y - 1,
        width=side,
        height=side,
        rx=3,
    )


def _cell(cell: Cell, x: float, y: float, pitch: float, *, over: bool) -> SafeString:
    kind = kind_of(cell)
    title = el("title", f"{cell.code} {cell.title}: {kind_label(kind)}")
    shape = cell_shape(kind, x, y, pitch, over=over)
    if not cell.url:
        return el("g", title, shape)
    # a finger needs the whole square, also where the drawing is mostly holes
    side = number(pitch)
    square = f"M{number(x)} {number(y)}h{side}v{side}h-{side}z"
    area = el("path", class_="w-area", fill="none", pointer_events="all", d=square)
    here = "true" if cell.current else None
    return el("a", title, area, shape, href=cell.url, aria_current=here)


def _strip(cells: Sequence[Cell], name: str) -> SafeString:
    bands = _bands(cells)
    pitch = (STRIP_WIDTH - BAND_GAP * max(len(bands) - 1, 0)) / max(len(cells), 1)
    threads: dict[str, str] = {}
    knots: list[SafeString] = []
    x = 0.0
    for _key, band in bands:
        for cell in band:
            kind, centre = kind_of(cell), x + pitch / 2
            run = THREADS.get(kind, "0v64")
            threads[kind] = f"{threads.get(kind, '')}M{number(centre)} {run}"
            knots.append(_strip_knot(kind, centre))
            x += pitch
        x += BAND_GAP
    paths = [
        el("path", class_=f"w-t-{kind}", stroke=FILLS[kind], d=move)
        for kind, move in threads.items()
    ]
    return el(
        "svg",
        el("title", name),
        el("g", *paths, fill="none", stroke_width=pitch * 0.78),
        *knots,
        class_="weave weave-strip",
        width=STRIP_WIDTH / STRIP_SCALE,
        height=STRIP_HEIGHT / STRIP_SCALE,
        viewBox=f"0 0 {number(STRIP_WIDTH)} {number(STRIP_HEIGHT)}",
        role="img",
        aria_label=name,
    )


def _strip_knot(kind: Kind, x: float) -> SafeString:
    paint: dict[str, str | float] = {"stroke": "#fff", "stroke_width": 3}
    match kind:
        case "minor":
            return el("circle", class_="w-k-minor", fill=FILLS[kind], cx=x, cy=32, r=8, **paint)
        case "major":
            move = f"M{number(x)} 19l13 13-13 13-13-13z"
            return el("path", class_="w-k-major", fill=FILLS[kind], d=move, **paint)
        case "unacceptable":
            box = {"x": x - 9, "y": -4, "width": 18, "height": 72, "rx": 5}
            return el("rect", class_="w-k-unacceptable", fill=FILLS[kind], **box, **paint)
        case _:
            return SafeString("")
