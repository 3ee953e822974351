"""Cells as people write them: numbers, dates, prefectures, processes, corporate numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import jaconv
import pytest
from django.utils import translation

from suppliers.imports.dates import parse_date
from suppliers.imports.headers import HEADINGS, column_of
from suppliers.imports.problems import BadValue
from suppliers.imports.processes import WORDS, parse_processes
from suppliers.imports.values import (
    clean_text,
    parse_corporate_number,
    parse_count,
    parse_kana,
    parse_site_prefecture,
)
from suppliers.prefectures import (
    prefecture_of_address,
)
from suppliers.terms import Process


def wide(text: str) -> str:
    """The text as a full-width keyboard writes it."""
    return jaconv.h2z(text, kana=True, ascii=True, digit=True)


def narrow(text: str) -> str:
    """The text in half-width kana."""
    return jaconv.z2h(text, kana=True, ascii=False, digit=False)


TODAY = date(2026, 11, 24)
TAX_AGENCY = "7000012050002"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和5年4月1日", date(2023, 4, 1)),
        (wide("令和5年4月1日"), date(2023, 4, 1)),
        (wide("R5.4.1"), date(2023, 4, 1)),
        (wide("2023/4/1"), date(2023, 4, 1)),
        ("令和 5年 4月 1日", date(2023, 4, 1)),
        ("令和五年四月一日", date(2023, 4, 1)),
        ("R5.4.1", date(2023, 4, 1)),
        ("r5/4/1", date(2023, 4, 1)),
        ("R5-04-01", date(2023, 4, 1)),
        ("㋿5年4月1日", date(2023, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("令和元年", date(2019, 5, 1)),
        ("平成31/4/30", date(2019, 4, 30)),
        ("H1.1.8", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("昭和60年", date(1985, 1, 1)),
        ("昭和60年10月", date(1985, 10, 1)),
        ("昭和六十年十月三十一日", date(1985, 10, 31)),
        ("S60.4.1", date(1985, 4, 1)),
        ("大正元年", date(1912, 7, 30)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("昭和60年(1985年)4月1日", date(1985, 4, 1)),
        ("2023/4/1", date(2023, 4, 1)),
        ("2023年4月1日", date(2023, 4, 1)),
        ("2023年4月1日(土)", date(2023, 4, 1)),
        ("2023-04-01", date(2023, 4, 1)),
        ("2023-04-01 00:00:00", date(2023, 4, 1)),
        ("2023.4", date(2023, 4, 1)),
        ("2023年", date(2023, 1, 1)),
        ("20230401", date(2023, 4, 1)),
        (20230401, date(2023, 4, 1)),
        (1985, date(1985, 1, 1)),
        (31137, date(1985, 3, 31)),
        (31137.0, date(1985, 3, 31)),
        (31137.5, date(1985, 3, 31)),
        ("31137", date(1985, 3, 31)),
        (datetime(2023, 4, 1, 9, 30), date(2023, 4, 1)),  # noqa: DTZ001  as openpyxl gives it
        (date(2023, 4, 1), date(2023, 4, 1)),
        ("1 Apr 2023", date(2023, 4, 1)),
        ("April 1, 2023", date(2023, 4, 1)),
        ("", None),
        (None, None),
        ("不明", None),
        ("-", None),
    ],
)
def test_date_in_every_way_it_is_written(written: object, day: date | None) -> None:
    assert parse_date(written, today=TODAY) == day


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("4/1/2023", "not a date"),
        ("23/4/1", "not a date"),
        ("らいねん", "not a date"),
        (2023.4, "not a date"),
        (-5, "not a date"),
        (1e300, "not a date"),
        (True, "not a date"),
        ("9" * 400, "not a date"),
        ("令和0年", "not a date"),
        ("2023/2/29", "no such day"),
        ("令和5年13月1日", "no such day"),
        ("平成31年5月1日", "does not belong to the era 平成"),
        ("令和元年4月30日", "does not belong to the era 令和"),
        ("昭和99年", "does not belong to the era 昭和"),
        ("2026/11/25", "future"),
        ("0645/1/1", "before the year 1500"),
    ],
)
def test_date_that_is_none_is_refused(written: object, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        parse_date(written, today=TODAY)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (46, 46), (46.0, 46), ("46", 46),
        (wide("46"), 46), (wide("1,234名"), 1234), ("46名", 46), ("46 人", 46),
        ("1,234", 1234), ("1,234名", 1234), ("46.0", 46), ("46 people", 46), (0, 0),
        ("", None), (None, None), ("―", None), ("不明", None),
    ],
)  # fmt: skip
def test_count_of_people(written: object, number: int | None) -> None:
    assert parse_count(written) == number


@pytest.mark.parametrize(
    "written",
    ["約46", "46.5", 46.5, "-3", "12,34", "1e5", "四十六", True, date(2023, 4, 1), "9" * 99],
)
def test_count_that_is_no_whole_number_is_refused(written: object) -> None:
    with pytest.raises(BadValue):
        parse_count(written)


@pytest.mark.parametrize(
    "written",
    [
        TAX_AGENCY, int(TAX_AGENCY), float(TAX_AGENCY), "7.000012050002E+12", "7000012050002.0",
        wide("7000012050002"), "7-0000-1205-0002", wide("7-0000-1205-0002"),
        "7 0000 1205 0002", "T7000012050002", " 7000012050002 ",
    ],
)  # fmt: skip
def test_corporate_number_in_every_way_it_is_written(written: object) -> None:
    assert parse_corporate_number(written) == TAX_AGENCY


@pytest.mark.parametrize("written", [None, "", " ", "-", "なし", "N/A"])
def test_corporate_number_that_does_not_exist_is_none(written: object) -> None:
    assert parse_corporate_number(written) is None


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("7000012050003", "check digit"),
        ("700001205000", "13 digits"),
        ("70000120500022", "13 digits"),
        ("株式会社", "13 digits"),
        (True, "13 digits"),
        ("7.00001E+12", "lost its last digits"),
        ("1.234567890123E999999999", "13 digits"),
        ("7000012050002.5", "13 digits"),
    ],
)
def test_corporate_number_that_is_wrong_is_refused(written: object, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        parse_corporate_number(written)


def test_prefecture_is_taken_from_the_address_and_compared_with_it() -> None:
    assert prefecture_of_address("〒794-0000 愛媛県今治市1-1") == 38
    assert parse_site_prefecture("", "愛媛県今治市") == 38
    assert parse_site_prefecture("愛媛", "今治市") == 38
    for written, address in [("", "今治市"), ("大阪", "愛媛県今治市"), ("えどのくに", "")]:
        with pytest.raises(BadValue):
            parse_site_prefecture(written, address)


@pytest.mark.parametrize(
    ("written", "processes"),
    [
        ("紡績、撚糸", ("spinning", "twisting")),
        ("製織,編立", ("weaving", "knitting")),
        ("製織/編立;縫製", ("weaving", "knitting", "sewing")),
        (wide("製織;縫製"), ("weaving", "sewing")),
        (wide("製織,縫製"), ("weaving", "sewing")),
        (wide("製織/縫製"), ("weaving", "sewing")),
        (narrow("ニット・タオル"), ("weaving", "knitting")),
        ("縫製・製織・製織", ("weaving", "sewing")),
        ("織布\n染色", ("weaving", "dyeing")),
        ("紡績 製織", ("spinning", "weaving")),
        ("染色・整理", ("dyeing",)),
        ("染色整理加工", ("dyeing",)),
        ("ニット", ("knitting",)),
        ("製織工程、縫製加工", ("weaving", "sewing")),
        ("Dyeing and finishing, Sewing", ("dyeing", "sewing")),
        ("weaving & knitting", ("weaving", "knitting")),
        ("その他(刺繍)", ("other",)),
        ("", ()),
        (None, ()),
    ],
)
def test_processes_by_every_word_of_the_trade(written: object, processes: tuple[str, ...]) -> None:
    assert parse_processes(written) == processes


@pytest.mark.parametrize("written", ["ガラス", "製織、ガラス", "、", 7])
def test_processes_that_nobody_knows_are_named(written: object) -> None:
    with pytest.raises(BadValue, match="is not a process"):
        parse_processes(written)


def test_processes_are_those_of_the_site() -> None:
    assert set(WORDS) == set(Process.values)


def test_text_is_tidied_and_kanji_are_left_alone() -> None:
    raw = f" 株式会社\u3000{narrow('ガガワ')}\t{wide('ABC1')} \u200b"
    assert clean_text(raw) == "株式会社 ガガワ ABC1"
    # Kanji of names that compatibility normalisation would replace by others.
    assert clean_text("㈱\ufa11\ufa19織布\0") == "㈱\ufa11\ufa19織布"
    assert clean_text(46.0) == "46"
    assert parse_kana("いまばりタオル", longest=200) == "イマバリタオル"
    with pytest.raises(BadValue, match="katakana"):
        parse_kana("今治", longest=200)
    with pytest.raises(BadValue, match="at most 3"):
        clean_text("あいうえ", longest=3)
    with pytest.raises(BadValue, match="error of the spreadsheet"):
        clean_text("#REF!")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("法人番号", "corporate_number"), ("法人番号(13桁)", "corporate_number"),
        ("法 人 番 号", "corporate_number"), ("Corporate Number", "corporate_number"),
        ("corporate_number", "corporate_number"), ("事業者名(カナ)", "name_kana"),
        (narrow("事業者名カナ"), "name_kana"), (wide("法人番号(13桁)"), "corporate_number"),
        ("【必須】事業者名", "name_ja"), ("事業者名 *", "name_ja"),
        ("SUPPLIER NAME", "name_ja"), ("Supplier name (kana)", "name_kana"),
        ("従業員数(名)", "declared_workers"), ("従業員数(令和6年)", "declared_workers"),
        ("Number of employees", "declared_workers"), ("備考", None), (None, None), (38, None),
    ],
)  # fmt: skip
def test_heading_is_recognised(heading: object, column: str | None) -> None:
    assert column_of(heading) == column


def test_every_heading_means_one_column() -> None:
    for column, headings in HEADINGS.items():
        assert {column_of(heading) for heading in headings} == {column}
