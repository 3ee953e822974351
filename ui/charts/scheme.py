"""The weave of the whole scheme: one row per category, shaded by the rate of conformity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from ui.charts.cells import FILLS, SOFT, filled, float_of, knot, outlined
from ui.charts.markup import canvas, el, fitted
from ui.charts.weave import FRINGE, legend_of, sheen_lines, warp_lines

PITCH = 20.0
LABEL_WIDTH = 176.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Conformity of one requirement over many audits.

    `rate` is between 0 and 1, None when it is suppressed or nothing was counted.
    """

    code: str
    category: str
    title: str
    rate: float | None
    url: str | None = None


# lower bound (inclusive), class, colour of last resort, knot (so that colour is not the only sign), words
STEPS = (
    (0.98, "w-r4", "#4d6a22", "", gettext_lazy("98 % and more")),
    (0.95, "w-r3", "#86a153", "", gettext_lazy("95 to 98 %")),
    (0.90, "w-r2", FILLS["minor"], "minor", gettext_lazy("90 to 95 %")),
    (0.80, "w-r1", FILLS["major"], "major", gettext_lazy("80 to 90 %")),
    (0.0, "w-r0", FILLS["unacceptable"], "unacceptable", gettext_lazy("under 80 %")),
)


def scheme_weave(
    rates: Iterable[Rate], names: Mapping[str, str] | None = None, label: str = ""
) -> SafeString:
    """Return the weave of the scheme as inline SVG.

    `names` maps a category to its name, written at the head of its row. A rate of None is drawn
    as an empty outline and said to be not shown.
    """
    listed = list(rates)
    rows = [(key, list(group)) for key, group in groupby(listed, key=lambda rate: rate.category)]
    columns = max((len(row) for _key, row in rows), default=1)
    left = LABEL_WIDTH if names else 1.0
    drawn: list[SafeString] = []
    solid: list[tuple[float, float, bool]] = []
    for index, (category, row) in enumerate(rows):
        y = FRINGE + index * PITCH
        if names:
            drawn.append(_label(names.get(category, category), left - 10, y + PITCH * 0.7))
        for column, rate in enumerate(row):
            x, over = left + column * PITCH, (index + column) % 2 == 0
            drawn.append(_cell(rate, x, y, over=over))
            if rate.rate is not None:
                solid.append((x, y, over))
    return canvas(
        label or _("Conformity by category and requirement"),
        left + columns * PITCH + 1,
        len(rows) * PITCH + 2 * FRINGE,
        warp_lines(columns, len(rows), PITCH, left),
        *drawn,
        sheen_lines(solid, PITCH),
        linked=any(rate.url for rate in listed),
        class_="weave weave-scheme",
    )


def scheme_legend() -> SafeString:
    """Return the list of shades with their meaning."""
    shades = [(_shape(step[0], 0, 0, 17, over=True), str(step[4])) for step in STEPS]
    hidden = (_shape(None, 0, 0, 17, over=True), _("Too few sites to show"))
    return legend_of([*shades, hidden])


def _label(text: str, x: float, y: float) -> SafeString:
    shown = fitted(text, x, 12)
    return el("text", shown, class_="w-label", fill=SOFT, font_size=12, text_anchor="end", x=x, y=y)


def _cell(rate: Rate, x: float, y: float, *, over: bool) -> SafeString:
    said = _("not shown (too few sites)") if rate.rate is None else f"{rate.rate * 100:.1f} %"
    title = el("title", f"{rate.code} {rate.title}: {said}")
    shape = _shape(rate.rate, x, y, PITCH, over=over)
    return el("a", title, shape, href=rate.url) if rate.url else el("g", title, shape)


def _shape(rate: float | None, x: float, y: float, pitch: float, *, over: bool) -> SafeString:
    box = float_of(x, y, pitch, over=over)
    if rate is None:
        return outlined(box)
    _low, cls, fill, kind, _words = next(step for step in STEPS if rate >= step[0])
    return filled(cls, fill, box) + knot(kind, x + pitch / 2, y + pitch / 2, pitch * 0.2)
