"""The weave: 84 cells, readable without colour, safe with any text, small enough for lists."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.ui.reading import read
from ui.charts import KINDS, Cell, Rate, legend, scheme_legend, scheme_weave, weave
from ui.charts.weave import Size

BANDS = (9, 6, 9, 2, 22, 15, 8, 7, 6)
SIZES: tuple[Size, ...] = ("card", "navigator", "cover")


def make_cells(**kwargs: object) -> list[Cell]:
    values: dict[str, object] = {"title": "避難通路", "judgement": "conforming", **kwargs}
    return [
        Cell(code=f"{band}-{place}", category=str(band), **values)  # type: ignore[arg-type]
        for band, length in enumerate(BANDS, start=1)
        for place in range(1, length + 1)
    ]


def shape_of(judgement: str, severity: str = "") -> str:
    return weave([Cell("1-1", "1", "t", judgement, severity)], "card")


@pytest.mark.parametrize("size", SIZES)
def test_weave_draws_one_cell_per_requirement(size: Size) -> None:
    drawn = read(weave(make_cells(), size))
    cells = [r for r in drawn.getElementsByTagName("rect") if r.getAttribute("class")]
    assert len(cells) == 84
    groups = drawn.getElementsByTagName("g")
    titles = [t for g in groups for t in g.childNodes if t.nodeName == "title"]
    assert len(titles) == 84
    assert len({cell.getAttribute("y").split(".")[0] for cell in cells}) >= 9


def test_weave_strip_has_the_size_of_a_table_row_and_is_light() -> None:
    strip = weave(make_cells(), "strip")
    svg = read(strip)
    assert (svg.getAttribute("width"), svg.getAttribute("height")) == ("120", "16")
    assert svg.getElementsByTagName("path")[0].getAttribute("d").count("M") == 84
    # fifty rows of a list must stay far below the 150 kB of a page
    assert len(strip.encode()) < 2000


def test_weave_strip_marks_severities_by_shape() -> None:
    marks = {
        severity: weave([Cell("1-1", "1", "t", "nonconforming", severity)], "strip")
        for severity in ("minor", "major", "unacceptable")
    }
    assert "<circle" in marks["minor"]
    assert "w-k-major" in marks["major"]
    assert "<rect" in marks["unacceptable"]


def test_weave_knots_differ_by_severity() -> None:
    assert "<circle" in shape_of("nonconforming", "minor")
    assert 'class="w-knot-dark"' in shape_of("nonconforming", "major")
    assert 'class="w-cross"' in shape_of("nonconforming", "unacceptable")
    assert "w-knot" not in shape_of("conforming")
    assert shape_of("nonconforming", "") == shape_of("nonconforming", "major")


def test_weave_tells_not_applicable_unverifiable_and_unassessed_apart() -> None:
    outline, broken, crossed = (
        shape_of(judgement) for judgement in ("not_applicable", "unverifiable", "unassessed")
    )
    assert 'class="w-not_applicable" fill="none"' in outline
    assert 'class="w-unverifiable"' in broken
    assert 'class="w-unassessed"' in crossed
    assert shape_of("anything else") == crossed


def test_weave_without_links_is_one_image_named_by_its_counts() -> None:
    with translation.override("en"):
        drawn = weave(make_cells(), "card")
    svg = read(drawn)
    assert svg.getAttribute("role") == "img"
    assert svg.getAttribute("aria-label") == "84 requirements: Conforming 84"


def test_weave_with_links_names_every_link_and_marks_the_current_one() -> None:
    cells = [
        Cell("5-7", "5", "非常口", "nonconforming", "major", url="/f/5-7/", current=True),
        Cell("5-8", "5", "救急用具", "conforming", url="/f/5-8/"),
    ]
    with translation.override("en"):
        drawn = read(weave(cells, "navigator", label="所見"))
    assert (drawn.getAttribute("role"), drawn.getAttribute("aria-label")) == ("group", "所見")
    first, second = drawn.getElementsByTagName("a")
    title = first.getElementsByTagName("title")[0].firstChild
    assert title is not None
    assert title.nodeValue == "5-7 非常口: Nonconforming (major)"
    assert first.getAttribute("aria-current") == "true"
    assert not second.hasAttribute("aria-current")


@pytest.mark.parametrize("size", ["strip", *SIZES])
def test_weave_escapes_every_text(size: Size) -> None:
    evil = "\"><script>alert('x')</script>"
    cell = Cell(evil, "<i>", evil, "conforming", url=f"/{evil}")
    drawn = weave([cell], size, label=evil)
    assert "<script" not in drawn
    assert "<i>" not in drawn
    read(drawn)


def test_weave_needs_no_inline_style_and_survives_emptiness() -> None:
    for size in ("strip", *SIZES):
        assert "style" not in weave(make_cells(judgement="unassessed"), size)
        read(weave([], size))


def test_legend_names_every_kind() -> None:
    assert legend().count("<li>") == len(KINDS)
    assert scheme_legend().count("<li>") == 6


def test_scheme_weave_hides_suppressed_rates() -> None:
    rates = [Rate("1-1", "1", "a", 0.99), Rate("1-2", "1", "b", None), Rate("2-1", "2", "c", 0.5)]
    with translation.override("en"):
        drawn = scheme_weave(rates, {"1": "Forced <labour>", "2": "Child labour"})
    read(drawn)
    assert "1-1 a: 99.0 %" in drawn
    assert "1-2 b: not shown (too few sites)" in drawn
    assert "Forced &lt;labour&gt;" in drawn
    assert 'class="w-cross"' in drawn


def test_scheme_weave_takes_every_rate_between_zero_and_one() -> None:
    drawn = scheme_weave(Rate("1", "1", "t", step / 100) for step in range(101))
    assert drawn.count("<rect") == 101
    for shade in ("w-r0", "w-r1", "w-r2", "w-r3", "w-r4"):
        assert shade in drawn
