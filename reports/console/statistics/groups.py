"""The pictures of groups of results: by month, by prefecture, by category over the months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.console.statistics.tables import Column, Panel, Row, Table, Unit, written
from suppliers.prefectures import PREFECTURES
from ui.charts import Point, Tile, tile_legend, tile_map, trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.standards.models import Category
    from reports.console.statistics.reading import Reading
    from reports.services.statistics import Summary


def by_month(reading: Reading, months: dict[str, Summary]) -> Panel:
    """Return the conformity over the months of issue."""
    title = _("Conformity by month of issue")
    drawing = trend(
        [
            Point(month, found.rate, _month_text(found.rate, shown=found.shown))
            for month, found in months.items()
        ],
        title,
        width=900,
        height=170,
        maximum=1.0,
    )
    rows = [
        Row(
            month,
            (found.rate, found.results, found.sites),
            reading.behind(since=month, until=month),
            shown=found.shown,
        )
        for month, found in months.items()
    ]
    columns = [
        Column(_("Conformity"), Unit.SHARE),
        Column(_("Number of results")),
        Column(_("Sites")),
    ]
    hint = _("The line is broken at months with too few sites.")
    table = Table("months", title, _("Month of issue"), columns, rows)
    return Panel(drawing, table, hint, wide=True)


def _month_text(rate: float | None, *, shown: bool) -> str:
    return written(rate, Unit.SHARE) if shown else _("not shown")


def by_prefecture(reading: Reading, found: dict[int, Summary], *, by_rate: bool) -> Panel:
    """Return the map of Japan, shaded by conformity or by the number of results."""
    title = _("Conformity by prefecture") if by_rate else _("Results by prefecture")
    tiles, rows = [], []
    for each in PREFECTURES:
        code, short = each.code, str(each.short)
        there = found.get(code)
        if there is None:
            tiles.append(Tile(code, short, None, "", _("no results")))
            continue
        url = reading.behind(prefecture=code)
        values = (there.rate, there.results, there.sites)
        rows.append(Row(str(each.name), values, url, shown=there.shown))
        if not there.shown or (by_rate and there.rate is None):
            tiles.append(Tile(code, short, None, "–", _("not shown"), url))
            continue
        value = there.rate if by_rate else there.results
        said = written(value, Unit.SHARE if by_rate else Unit.NUMBER)
        text = said.removesuffix(" %")
        tiles.append(Tile(code, short, value, text, said, url))
    columns = [
        Column(_("Conformity"), Unit.SHARE),
        Column(_("Number of results")),
        Column(_("Sites")),
    ]
    return Panel(
        tile_map(tiles, title, rates=by_rate),
        Table("prefectures", title, _("Prefecture"), columns, rows),
        _("Each tile is a prefecture, with its rate in percent.")
        if by_rate
        else _("Each tile is a prefecture, with its number of results."),
        tile_legend(rates=by_rate),
        wide=True,
    )


def each_category(months: dict[str, Summary], categories: Sequence[Category]) -> Panel:
    """Return for each category a small line over the months, all on one scale."""
    title = _("Each category over the months")
    drawings = [
        (
            str(category),
            trend(
                [
                    Point(month, part.rate, _month_text(part.rate, shown=part.shown))
                    for month, found in months.items()
                    for part in (found.categories[category.number],)
                ],
                _("%(category)s: conformity by month") % {"category": category},
                maximum=1.0,
            ),
        )
        for category in categories
    ]
    rows = [
        Row(
            month,
            [
                part.rate if part.shown else _("not shown")
                for category in categories
                for part in (found.categories[category.number],)
            ],
        )
        for month, found in months.items()
    ]
    columns = [Column(str(category), Unit.SHARE) for category in categories]
    table = Table("categories-months", title, _("Month of issue"), columns, rows)
    hint = _("Share that conforms by month of issue, all nine on one scale from 0 to 100 %.")
    return Panel(None, table, hint, multiples=drawings, wide=True)
