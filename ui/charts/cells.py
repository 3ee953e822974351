"""One cell of the weave: which kind of thread a finding is, and how that kind is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ui.charts.markup import el, number

Kind = Literal[
    "conforming",
    "minor",
    "major",
    "unacceptable",
    "not_applicable",
    "unverifiable",
    "unassessed",
]

# the order of legends and summaries
KINDS: tuple[Kind, ...] = (
    "conforming",
    "unacceptable",
    "major",
    "minor",
    "unverifiable",
    "not_applicable",
    "unassessed",
)

LABELS = {
    "conforming": _("Conforming"),
    "unacceptable": _("Nonconforming (unacceptable)"),
    "major": _("Nonconforming (major)"),
    "minor": _("Nonconforming (minor)"),
    "unverifiable": _("Could not be verified"),
    "not_applicable": _("Not applicable"),
    "unassessed": _("Not yet assessed"),
}

# colours of last resort, those of the light theme; the stylesheet redefines them by class
FILLS: dict[str, str] = {
    "conforming": "#5d7a2e",
    "minor": "#e3b55a",
    "major": "#cf7f17",
    "unacceptable": "#c73e3a",
    "unverifiable": "#8d93a3",
    "not_applicable": "#aaa593",
    "unassessed": "#b9b29c",
}
WARP = "#ddd7c6"
KNOT_LIGHT = "#ffffff"
KNOT_DARK = "#4a2f00"
INK = "#1d2129"
SOFT = "#5a616d"


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement in the weave.

    `category` groups cells into bands (consecutive cells of one category are one band),
    `judgement` and `severity` are the values of product.md, `url` makes the cell a link,
    `current` rings it.
    """

    code: str
    category: str
    title: str
    judgement: str = "unassessed"
    severity: str = ""
    url: str | None = None
    current: bool = False


def kind_of(cell: Cell) -> Kind:
    """Return how the cell is drawn; a nonconformity without a severity yet is drawn as major."""
    match cell.judgement:
        case "conforming":
            return "conforming"
        case "not_applicable":
            return "not_applicable"
        case "unverifiable":
            return "unverifiable"
        case "nonconforming":
            match cell.severity:
                case "unacceptable":
                    return "unacceptable"
                case "minor":
                    return "minor"
                case _:
                    return "major"
        case _:
            return "unassessed"


def kind_label(kind: Kind) -> str:
    """Return the kind in words, in the active language."""
    return str(LABELS[kind])


def float_of(x: float, y: float, pitch: float, *, over: bool) -> tuple[float, float, float, float]:
    """Return x, y, width, height of a thread float in the square of side `pitch` at (x, y).

    In a plain weave the thread that lies on top is the longer one; `over` says that it is the
    horizontal one (the weft), otherwise the vertical one (the warp).
    """
    long, short = pitch * 0.93, pitch * 0.77
    width, height = (long, short) if over else (short, long)
    return x + (pitch - width) / 2, y + (pitch - height) / 2, width, height


def filled(cls: str, fill: str, box: tuple[float, float, float, float]) -> SafeString:
    """Return a rounded rectangle; `box` is x, y, width, height."""
    x, y, width, height = box
    rx = min(width, height) * 0.14
    return el("rect", class_=cls, fill=fill, x=x, y=y, width=width, height=height, rx=rx)


def outlined(box: tuple[float, float, float, float]) -> SafeString:
    """Return the empty outline of what does not apply or is not shown."""
    x, y, width, height = box
    return el(
        "rect",
        class_="w-not_applicable",
        fill="none",
        stroke=FILLS["not_applicable"],
        stroke_width=1.2,
        x=x + 0.6,
        y=y + 0.6,
        width=width - 1.2,
        height=height - 1.2,
        rx=min(width, height) * 0.14,
    )


def cell_shape(kind: Kind, x: float, y: float, pitch: float, *, over: bool) -> SafeString:
    """Return the drawing of one kind of cell in the square of side `pitch` at (x, y).

    Kinds differ in shape, not only in colour: knots for nonconformities, an outline for not
    applicable, crossed threads for unassessed, a broken thread for what could not be verified.
    """
    box = float_of(x, y, pitch, over=over)
    match kind:
        case "not_applicable":
            return outlined(box)
        case "unassessed":
            return _open(x, y, pitch)
        case "unverifiable":
            return _broken(box)
        case _:
            body = filled(f"w-{kind}", FILLS[kind], box)
            return body + knot(kind, x + pitch / 2, y + pitch / 2, pitch * 0.2)


def knot(kind: str, x: float, y: float, r: float) -> SafeString:
    """Return the knot of a nonconformity around (x, y): dot, diamond or cross by severity."""
    match kind:
        case "minor":
            return el("circle", class_="w-knot-dark", fill=KNOT_DARK, cx=x, cy=y, r=r * 0.7)
        case "major":
            d = number(r * 1.2)
            move = f"M{number(x)} {number(y - r * 1.2)}l{d} {d}-{d} {d}-{d}-{d}z"
            return el("path", class_="w-knot-dark", fill=KNOT_DARK, d=move)
        case "unacceptable":
            d = number(r * 2)
            return el(
                "path",
                class_="w-cross",
                fill="none",
                stroke=KNOT_LIGHT,
                stroke_width=r * 0.62,
                stroke_linecap="round",
                d=f"M{number(x - r)} {number(y - r)}l{d} {d}m0-{d}l-{d} {d}",
            )
        case _:
            return SafeString("")


def _open(x: float, y: float, pitch: float) -> SafeString:
    start, length = pitch * 0.12, number(pitch * 0.76)
    lines = "".join(
        f"M{number(x + place)} {number(y + start)}v{length}"
        f"M{number(x + start)} {number(y + place)}h{length}"
        for place in (pitch * 0.34, pitch * 0.66)
    )
    return el(
        "path",
        class_="w-unassessed",
        fill="none",
        stroke=FILLS["unassessed"],
        stroke_width=max(1, pitch * 0.09),
        d=lines,
    )


def _broken(box: tuple[float, float, float, float]) -> SafeString:
    left, top, width, height = box
    right, low = left + width, top + height
    high, deep = height * 0.26, height * 0.46
    upper = f"M{number(left)} {number(top)}H{number(right)}v{number(high)}L{number(left)} "
    lower = f"M{number(right)} {number(low)}H{number(left)}v-{number(high)}L{number(right)} "
    move = f"{upper}{number(top + deep)}z{lower}{number(low - deep)}z"
    return el("path", class_="w-unverifiable", fill=FILLS["unverifiable"], d=move)
