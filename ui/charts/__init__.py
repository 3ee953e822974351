"""Drawings made on the server: inline SVG that is the same in the page and in the PDF.

Every shape carries a class for the stylesheet and a presentation attribute as its colour of last
resort, so the markup needs neither inline style nor a stylesheet to be right on paper.
"""

from __future__ import annotations

from ui.charts.cells import KINDS, Cell, Kind, kind_label, kind_of
from ui.charts.figures import Bar, Point, bars, trend
from ui.charts.month import Taken, month_grid, month_head, month_strip
from ui.charts.scheme import Rate, scheme_legend, scheme_weave
from ui.charts.tiles import Tile, tile_legend, tile_map
from ui.charts.weave import legend, summary, weave

__all__ = [
    "KINDS",
    "Bar",
    "Cell",
    "Kind",
    "Point",
    "Rate",
    "Taken",
    "Tile",
    "bars",
    "kind_label",
    "kind_of",
    "legend",
    "month_grid",
    "month_head",
    "month_strip",
    "scheme_legend",
    "scheme_weave",
    "summary",
    "tile_legend",
    "tile_map",
    "trend",
    "weave",
]
