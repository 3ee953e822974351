"""The pictures of one selection, each with its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.standards.terms import Severity
from reports.console.dashboard import GRADE_TONES, tone_of
from reports.console.statistics.groups import by_month, by_prefecture, each_category
from reports.console.statistics.tables import Column, Panel, Row, Table, Unit, written
from reports.figures import Step
from reports.services.statistics import summaries
from ui.charts import Bar, Rate, bars, scheme_legend, scheme_weave

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.standards.models import Category
    from reports.console.statistics.reading import Reading
    from reports.services.overview import CategoryConformity, Scope

SEVERITY_TONES = {Severity.UNACCEPTABLE: "red", Severity.MAJOR: "amber", Severity.MINOR: "grey"}


def panels(
    scope: Scope, reading: Reading, categories: Sequence[Category], *, by_rate: bool
) -> list[Panel]:
    """Return every picture of a reading in the order of the page."""
    facts = reading.selection.facts(scope)
    months = summaries(facts, "month")
    drawn = [
        _grades(reading),
        _categories(reading, categories),
        _severities(reading),
        _steps(reading),
        by_month(reading, months),
        by_prefecture(reading, summaries(facts, "prefecture", categories=()), by_rate=by_rate),
    ]
    if reading.requirements is not None:
        drawn.append(_requirements(reading.requirements))
    return [*drawn, each_category(months, categories)]


def _grades(reading: Reading) -> Panel:
    rows = [
        Row(str(g.label), (n, n / reading.whole.results), reading.behind(grade=g.value))
        for g, n in reading.whole.grades.items()
    ]
    title = _("Results by grade")
    drawing = bars(
        [
            Bar(row.label, number, f"{number:,}", GRADE_TONES[grade], row.url)
            for row, (grade, number) in zip(rows, reading.whole.grades.items(), strict=True)
        ],
        title,
    )
    columns = [Column(_("Number of results")), Column(_("Share of the results"), Unit.SHARE)]
    return Panel(drawing, Table("grades", title, _("Grade"), columns, rows))


def _categories(reading: Reading, categories: Sequence[Category]) -> Panel:
    title = _("Conformity by category")
    parts = [(row, reading.whole.categories[row.number]) for row in categories]
    addresses = [reading.behind(category=row.number) for row, _part in parts]
    drawing = bars(
        [
            Bar(
                str(row.name),
                part.rate,
                written(part.rate, Unit.SHARE) if part.shown else _("too few"),
                tone_of(part.rate),
                url,
            )
            for (row, part), url in zip(parts, addresses, strict=True)
        ],
        title,
        maximum=1.0,
    )
    rows = [
        Row(
            str(row),
            (part.rate, part.tally.judged, part.tally.nonconforming, part.sites),
            url,
            shown=part.shown,
        )
        for (row, part), url in zip(parts, addresses, strict=True)
    ]
    columns = [
        Column(_("Conformity"), Unit.SHARE),
        Column(_("Judged")),
        Column(_("Nonconforming")),
        Column(_("Sites")),
    ]
    hint = _("Each category leads to the results in which not everything of it was met.")
    return Panel(drawing, Table("categories", title, _("Category"), columns, rows), hint)


def _severities(reading: Reading) -> Panel:
    title = _("Nonconformities by severity")
    whole = reading.whole
    counts = [(severity, getattr(whole.tally, severity.value)) for severity in Severity]
    rows = [
        Row(str(s.label), (n, n / whole.results), reading.behind(severity=s.value))
        for s, n in counts
    ]
    drawing = bars(
        [
            Bar(row.label, number, f"{number:,}", SEVERITY_TONES[severity], row.url)
            for row, (severity, number) in zip(rows, counts, strict=True)
        ],
        title,
    )
    columns = [Column(_("Nonconformities")), Column(_("Mean for each result"), Unit.MEAN)]
    return Panel(drawing, Table("severities", title, _("Severity"), columns, rows))


def _steps(reading: Reading) -> Panel:
    title, label = (
        (_("Median days for each step"), _("Median days"))
        if reading.medians
        else (_("Mean days for each step"), _("Mean days"))
    )
    parts = [(s, reading.days[s]) for s in Step if s != Step.TOTAL and s in reading.days]
    rows = [Row(str(step.label), (round(value, 1),)) for step, value in reading.days.items()]
    drawing = bars(
        [Bar(str(step.label), value, written(value, Unit.DAYS)) for step, value in parts], title
    )
    hint = (
        ""
        if reading.medians
        else _("Means, not medians: medians are kept for one condition at a time.")
    )
    table = Table("steps", title, _("Step"), [Column(label, Unit.MEAN)], rows)
    return Panel(drawing, table, hint)


def _requirements(found: Sequence[CategoryConformity]) -> Panel:
    title = _("Conformity by requirement")
    listed = [row for category in found for row in category.requirements]
    drawing = scheme_weave(
        [
            Rate(
                row.requirement.code,
                str(row.requirement.category.number),
                str(row.requirement.title),
                row.rate,
            )
            for row in listed
        ],
        {str(row.category.number): str(row.category.name) for row in found},
        title,
    )
    rows = [
        Row(
            f"{row.requirement.code} {row.requirement.title}",
            (row.rate, row.tally.judged, row.tally.nonconforming),
            shown=row.shown,
        )
        for row in listed
    ]
    columns = [
        Column(_("Conformity"), Unit.SHARE),
        Column(_("Judged")),
        Column(_("Nonconforming")),
    ]
    table = Table("requirements", title, _("Requirement"), columns, rows)
    return Panel(drawing, table, legend=scheme_legend(), wide=True)
