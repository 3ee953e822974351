"""Two selections side by side, and how far their difference can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, pgettext

from reports.console.statistics.tables import Column, Panel, Row, Table, Unit, written
from reports.figures import Step
from ui.charts import Bar, bars

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audits.standards.models import Category
    from reports.console.statistics.reading import Reading
    from reports.console.statistics.tables import Number


def compared(a: Reading, b: Reading, categories: Sequence[Category]) -> list[Panel]:
    """Return what is compared: shares with their difference in percentage points, and numbers."""
    return [_shares(a, b, categories), _numbers(a, b)]


def _shares(a: Reading, b: Reading, categories: Sequence[Category]) -> Panel:
    title = _("Shares of both groups")
    weight = 1 / min(a.whole.results, b.whole.results)
    found = list(_pairs(a, b, categories))
    rows = [Row(label, _line(one, other, weight)) for label, one, other in found]
    drawing = bars(
        [
            bar
            for label, one, other in found
            for bar in (
                Bar(f"{label} A", one, _said(one), "indigo"),
                Bar("B", other, _said(other), "grey"),
            )
        ],
        title,
        maximum=1.0,
    )
    columns = [
        Column("A", Unit.SHARE),
        Column("B", Unit.SHARE),
        Column(_("Difference (B − A)"), Unit.POINTS),
        Column(_("Remark"), Unit.WORDS),
    ]
    hint = _(
        "One result more or less can move a share of the smaller group by up to %(weight)s. "
        "Results that fit both groups count in both."
    ) % {"weight": written(weight, Unit.SHARE)}
    return Panel(
        drawing, Table("shares", title, pgettext("of all", "Share"), columns, rows), hint, wide=True
    )


def _pairs(
    a: Reading, b: Reading, categories: Sequence[Category]
) -> Iterator[tuple[str, float | None, float | None]]:
    for grade, number in a.whole.grades.items():
        other = b.whole.grades[grade] / b.whole.results
        yield str(grade.label), number / a.whole.results, other
    yield _("Conformity"), a.whole.rate, b.whole.rate
    for category in categories:
        one, two = (which.whole.categories[category.number].rate for which in (a, b))
        yield str(category), one, two


def _line(one: float | None, other: float | None, weight: float) -> Sequence[Number | str]:
    if one is None or other is None:
        return [_value(one), _value(other), None, _("not comparable")]
    difference = other - one
    small = abs(difference) < weight
    return [one, other, difference, _("within one result") if small else ""]


def _value(rate: float | None) -> Number | str:
    return _("not shown") if rate is None else rate


def _said(rate: float | None) -> str:
    return _("too few") if rate is None else written(rate, Unit.SHARE)


def _numbers(a: Reading, b: Reading) -> Panel:
    title = _("Numbers of both groups")
    one, other = a.whole, b.whole
    rows = [
        Row(_("Number of results"), (one.results, other.results)),
        Row(_("Sites"), (one.sites, other.sites)),
        Row(
            _("Nonconformities for each result, mean"),
            tuple(written(w.tally.nonconforming / w.results, Unit.MEAN) for w in (one, other)),
        ),
        *(
            Row(
                _("Mean days: %(step)s") % {"step": step.label},
                tuple(_days(which.days.get(step)) for which in (one, other)),
            )
            for step in Step
        ),
    ]
    return Panel(
        None,
        Table("numbers", title, _("Figure"), [Column("A"), Column("B")], rows),
        _("Days are means in both groups, so that they can be compared."),
        wide=True,
    )


def _days(value: float | None) -> Number:
    return None if value is None else round(value, 1)
