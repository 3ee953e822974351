"""Texts in two languages, dates and numbers as the reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from ui.language import Localized, active_language, in_language, localized
from ui.templatetags.ui import count, day, moment, percent, period, status


class Thing:
    title = Localized()

    def __init__(self, ja: str, en: str) -> None:
        self.title_ja = ja
        self.title_en = en


@pytest.mark.parametrize(
    ("language", "ja", "en", "expected"),
    [
        ("ja", "監査", "audit", "監査"),
        ("en", "監査", "audit", "audit"),
        ("en-gb", "監査", "audit", "audit"),
        ("fr", "監査", "audit", "監査"),
        ("en", "監査", "", "監査"),
        ("ja", "", "audit", "audit"),
        ("ja", "", "", ""),
    ],
)
def test_localized_follows_the_reader_and_falls_back(
    language: str, ja: str, en: str, expected: str
) -> None:
    with translation.override(language):
        assert Thing(ja, en).title == expected
        assert localized(Thing(ja, en), "title") == expected


def test_localized_on_the_class_is_the_descriptor() -> None:
    assert isinstance(Thing.title, Localized)


def test_in_language_ignores_the_active_language() -> None:
    with translation.override("ja"):
        assert in_language(Thing("監査", "audit"), "title", "en") == "audit"


def test_active_language_without_translation_is_japanese() -> None:
    with translation.override(None):
        assert active_language() == "ja"


def test_day_and_moment_are_written_in_the_readers_way_in_japan_time() -> None:
    late = datetime(2026, 11, 22, 16, 47, tzinfo=UTC)
    with translation.override("ja"):
        assert day(date(2026, 11, 23)) == "2026年11月23日"
        assert moment(late) == "2026年11月23日 01:47"
    with translation.override("en"):
        assert day(late) == "23 Nov 2026"
        assert moment(late) == "23 Nov 2026, 01:47"
        assert moment(late.replace(tzinfo=None)) == "22 Nov 2026, 16:47"
    assert day(None) == moment(None) == "–"


def test_numbers_are_separated_and_nothing_is_a_dash() -> None:
    assert count(12345) == "12,345"
    assert count(0) == "0"
    assert count(None) == "–"
    assert percent(Decimal("0.826")) == "82.6 %"
    assert percent(1, 0) == "100 %"
    assert percent(None) == "–"


def test_status_escapes_its_label() -> None:
    assert status("late", "<b>", "red") == (
        '<span class="tag red" data-status="late">&lt;b&gt;</span>'
    )
    assert ">late<" in status("late")


@pytest.mark.parametrize(
    ("language", "last", "expected"),
    [
        ("ja", date(2026, 11, 23), "2026年11月23日"),
        ("ja", date(2026, 11, 24), "2026年11月23日〜2026年11月24日"),
        ("en", date(2026, 11, 24), "23 Nov 2026 – 24 Nov 2026"),
        ("ja", None, "2026年11月23日"),
    ],
)
def test_period_of_one_day_names_it_once(language: str, last: date | None, expected: str) -> None:
    with translation.override(language):
        assert period(date(2026, 11, 23), last) == expected
