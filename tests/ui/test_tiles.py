"""The tile map: every prefecture has a place of its own, and colour is never the only sign."""

from __future__ import annotations

import pytest

from tests.ui.reading import read
from ui.charts import Tile, tile_legend, tile_map
from ui.charts.tiles import COLUMNS, GRID, ROWS


def test_each_prefecture_has_a_place_of_its_own_on_the_map() -> None:
    assert sorted(GRID) == list(range(1, 48))
    assert len(set(GRID.values())) == 47
    assert all(column < COLUMNS and row < ROWS for column, row in GRID.values())


@pytest.mark.parametrize(
    ("rate", "cls"), [(1.0, "t-r4"), (0.98, "t-r4"), (0.9, "t-r2"), (0.0, "t-r0")]
)
def test_a_rate_is_shaded_by_its_step_and_printed(rate: float, cls: str) -> None:
    drawn = tile_map([Tile(38, "愛媛", rate, "印", "言葉")], "地図", rates=True)
    assert f'class="{cls}"' in drawn
    assert ">印</text>" in drawn
    assert 'aria-label="地図: 愛媛 言葉"' in drawn


def test_numbers_are_shaded_relative_to_the_greatest() -> None:
    tiles = [Tile(1, "北海道", 10, "10", "10"), Tile(13, "東京", 1, "1", "1")]
    drawn = tile_map(tiles, "地図", rates=False)
    assert 'class="t-n4"' in drawn
    assert 'class="t-n0"' in drawn


def test_what_is_not_shown_has_no_shade() -> None:
    drawn = tile_map([Tile(13, "<東京>", None, "–", "非表示", "/x/?a=1&b=2")], "地図", rates=True)
    read(drawn)
    assert "t-r" not in drawn
    assert "&lt;東京&gt;: 非表示" in drawn
    assert 'role="group"' in drawn


def test_the_legend_names_every_shade() -> None:
    for rates in (True, False):
        assert str(tile_legend(rates=rates)).count("<li>") == 6
