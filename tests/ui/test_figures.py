"""Bars and lines: right lengths, a text alternative, escaped."""

from __future__ import annotations

from tests.ui.reading import read
from ui.charts import Bar, Point, bars, trend


def test_bars_are_proportional_and_say_every_row() -> None:
    drawn = read(bars([Bar("石川県", 100, "100"), Bar("愛媛県", 50, "50")], "監査"))
    assert drawn.getAttribute("aria-label") == "監査: 石川県 100 · 愛媛県 50"
    long, short = (
        float(rect.getAttribute("width"))
        for rect in drawn.getElementsByTagName("rect")
        if rect.getAttribute("class") == "c-indigo"
    )
    assert long == 2 * short


def test_bars_show_only_the_text_of_a_suppressed_value() -> None:
    drawn = bars([Bar("秋田県", None, "under 5"), Bar("石川県", 9, "9", url="/s?a=1&b=2")])
    assert 'width="0"' in drawn
    assert "under 5" in drawn
    assert 'href="/s?a=1&amp;b=2"' in drawn
    assert 'role="group"' in drawn


def test_bars_escape_labels_and_take_unknown_tones() -> None:
    drawn = bars([Bar("<b>", 1, "<i>", tone='"x')])
    assert "<b>" not in drawn
    assert "c-indigo" in drawn


def test_trend_says_every_point() -> None:
    drawn = trend([Point("4月", 3), Point("5月", 1200, "1,200件"), Point("<6月>", 40)], "発行")
    read(drawn)
    assert 'aria-label="発行: 4月 3 · 5月 1,200件 · &lt;6月&gt; 40"' in drawn


def test_trend_of_nothing_one_point_and_zeros_is_drawn() -> None:
    for points in ([], [Point("4月", 0)], [Point("4月", 0), Point("5月", 0)]):
        read(trend(points))


def test_a_label_too_long_for_its_place_is_cut_at_a_word_and_said_in_full() -> None:
    name = "Freedom of association and collective bargaining"
    drawn = bars([Bar(name, 1, "1")])
    assert ">Freedom of…</text>" in drawn or ">Freedom of association…</text>" in drawn
    assert f"<title>{name} 1</title>" in drawn
    assert "結社の自由・団体交渉権" in bars([Bar("結社の自由・団体交渉権", 1, "1")])


def test_a_line_is_broken_where_a_value_is_not_shown() -> None:
    points = [Point("4月", 0.5), Point("5月", None, "非表示"), Point("6月", 0.75)]
    drawn = trend(points, maximum=1.0)
    read(drawn)
    assert drawn.count('class="c-line"') == 2
    assert "5月 非表示" in drawn
