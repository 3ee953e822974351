"""The prefectures of Japan as tiles of one size, so that a small one is read as well as a large."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from ui.charts.cells import INK, SOFT
from ui.charts.markup import canvas, el, fitted
from ui.charts.weave import legend_of

# column and row of each prefecture by its JIS X 0401 code, roughly where it lies
GRID: dict[int, tuple[int, int]] = {
    1: (13, 0), 2: (13, 1), 3: (13, 2), 4: (13, 3), 5: (12, 2), 6: (12, 3), 7: (12, 4),
    8: (13, 5), 9: (12, 5), 10: (11, 5), 11: (11, 6), 12: (13, 6), 13: (12, 6), 14: (11, 7),
    15: (11, 4), 16: (10, 4), 17: (9, 4), 18: (8, 5), 19: (10, 6), 20: (10, 5), 21: (9, 5),
    22: (10, 7), 23: (9, 6), 24: (8, 7), 25: (8, 6), 26: (7, 6), 27: (6, 7), 28: (6, 6),
    29: (7, 7), 30: (7, 8), 31: (5, 6), 32: (4, 6), 33: (5, 7), 34: (4, 7), 35: (3, 7),
    36: (5, 10), 37: (5, 9), 38: (4, 9), 39: (4, 10), 40: (2, 8), 41: (1, 8), 42: (0, 8),
    43: (1, 9), 44: (2, 9), 45: (2, 10), 46: (1, 10), 47: (0, 11),
}  # fmt: skip
COLUMNS, ROWS = 14, 12
SIDE, GAP = 46.0, 3.0

# lower bound of a rate (inclusive), class, colour of last resort, words
RATES = (
    (0.98, "t-r4", "#b6c4a1", gettext_lazy("98 % and more")),
    (0.95, "t-r3", "#dbe2d0", gettext_lazy("95 to 98 %")),
    (0.90, "t-r2", "#f4e3c1", gettext_lazy("90 to 95 %")),
    (0.80, "t-r1", "#ecc99c", gettext_lazy("80 to 90 %")),
    (0.0, "t-r0", "#e8acaa", gettext_lazy("under 80 %")),
)
# the same for a share of the greatest number
NUMBERS = (
    (0.8, "t-n4", "#98b9cb", gettext_lazy("80 % and more of the greatest")),
    (0.6, "t-n3", "#adc7d5", gettext_lazy("60 to 80 %")),
    (0.4, "t-n2", "#c3d6e0", gettext_lazy("40 to 60 %")),
    (0.2, "t-n1", "#d8e4eb", gettext_lazy("20 to 40 %")),
    (0.0, "t-n0", "#edf2f6", gettext_lazy("under 20 %")),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One prefecture: `value` is a rate or a number; None where it is not shown.

    `text` is what is printed in the tile, `said` the same in words.
    """

    code: int
    name: str
    value: float | None
    text: str
    said: str
    url: str | None = None


def tile_map(tiles: Iterable[Tile], label: str, *, rates: bool) -> SafeString:
    """Return the map as inline SVG, shaded by rate or, relative to the greatest, by number."""
    listed = list(tiles)
    top = max((tile.value or 0 for tile in listed), default=0) or 1
    pitch = SIDE + GAP
    return canvas(
        f"{label}: " + " · ".join(f"{t.name} {t.said}" for t in listed if t.text),
        COLUMNS * pitch,
        ROWS * pitch,
        *(_tile(tile, 1 if rates else top, rates=rates) for tile in listed),
        linked=any(tile.url for tile in listed),
        class_="tiles",
        text_anchor="middle",
    )


def tile_legend(*, rates: bool) -> SafeString:
    """Return what the shades mean."""
    steps = RATES if rates else NUMBERS
    shades = [(_swatch(cls, fill), str(words)) for _low, cls, fill, words in steps]
    return legend_of(
        [*shades, (_hidden(0.6, 0.6, 15.8), _("No results, or too few sites to show"))]
    )


def _tile(tile: Tile, top: float, *, rates: bool) -> SafeString:
    column, row = GRID[tile.code]
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    middle = x + SIDE / 2
    if tile.value is None:
        ground = _hidden(x + 0.6, y + 0.6, SIDE - 1.2)
    else:
        steps, share = RATES if rates else NUMBERS, tile.value / top
        _low, cls, fill, _words = next(step for step in steps if share >= step[0])
        ground = el("rect", class_=cls, fill=fill, x=x, y=y, width=SIDE, height=SIDE, rx=4)
    tone, ink = ("c-soft", SOFT) if tile.value is None else ("c-text", INK)
    parts = (
        el("title", f"{tile.name}: {tile.said}"),
        ground,
        _written(fitted(tile.name, SIDE - 2, 9), middle, y + 16, 9, tone, ink),
        *([_written(tile.text, middle, y + 35, 13, tone, ink)] if tile.text else []),
    )
    return el("a", *parts, href=tile.url) if tile.url else el("g", *parts)


def _written(text: str, x: float, y: float, size: int, cls: str, ink: str) -> SafeString:
    return el("text", text, class_=cls, fill=ink, font_size=size, x=x, y=y)


def _swatch(cls: str, fill: str) -> SafeString:
    return el("rect", class_=cls, fill=fill, width=17, height=17, rx=3)


def _hidden(x: float, y: float, side: float) -> SafeString:
    return el(
        "rect",
        class_="w-not_applicable",
        fill="none",
        stroke="#aaa593",
        stroke_width=1.2,
        x=x,
        y=y,
        width=side,
        height=side,
        rx=3,
    )
