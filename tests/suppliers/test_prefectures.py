"""Prefectures and corporate numbers: spellings, distances, check digits."""

from __future__ import annotations

from collections.abc import Iterator

import jaconv
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from suppliers.corporate_numbers import (
    check_digit,
    is_corporate_number,
    make_corporate_number,
    validate_corporate_number,
)
from suppliers.prefectures import (
    CHOICES,
    PREFECTURES,
    distance_km,
    full_address,
    parse_prefecture,
)


def wide(text: str) -> str:
    """The text as a full-width keyboard writes it."""
    return jaconv.h2z(text, kana=True, ascii=True, digit=True)


def narrow(text: str) -> str:
    """The text in half-width kana."""
    return jaconv.z2h(text, kana=True, ascii=False, digit=False)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


TAX_AGENCY = "7000012050002"


def test_corporate_number_check_digit_finds_every_single_wrong_digit() -> None:
    number = make_corporate_number("123456789012")
    assert is_corporate_number(number)
    for place in range(13):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 :]
            # Modulo nine cannot tell 0 from 9; every other single slip is found.
            if digit != number[place] and {digit, number[place]} != {"0", "9"}:
                assert not is_corporate_number(changed), changed


def test_corporate_number_needs_twelve_digits_to_be_made() -> None:
    with pytest.raises(ValueError, match="twelve"):
        check_digit("12345678901")


@pytest.mark.parametrize("number", ["", "7000012050003", wide("7000012050002"), "700001205000"])
def test_corporate_number_validator_refuses(number: str) -> None:
    with pytest.raises(ValidationError):
        validate_corporate_number(number)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("愛媛", 38), ("愛媛県", 38), (" 愛媛県 ", 38), ("Ehime", 38), ("EHIME", 38), ("ehime-ken", 38),
        ("Ehime Prefecture", 38), ("38", 38), (wide("38"), 38), (38, 38), (38.0, 38), ("JP-38", 38),
        ("エヒメ", 38), (narrow("エヒメ"), 38), ("えひめ", 38), ("東京", 13), ("東京都", 13), ("東京 都", 13),
        ("Ōsaka", 27), ("大阪", 27), ("京都", 26), ("北海道", 1), ("1", 1), ("01", 1), ("岐阜", 21),
        ("ギフ", 21), (narrow("ギフ"), 21), (wide("Gifu"), 21),
    ],
)  # fmt: skip
def test_prefecture_in_every_way_it_is_written(written: object, code: int) -> None:
    assert parse_prefecture(written) == code


@pytest.mark.parametrize(
    "written", [None, "", "県", "愛", "48", 0, 48, 38.5, True, "カリフォルニア"]
)
def test_prefecture_that_is_none(written: object) -> None:
    assert parse_prefecture(written) is None


def test_prefectures_are_47_and_distances_plausible() -> None:
    assert [each.code for each in PREFECTURES] == list(range(1, 48))
    assert {parse_prefecture(each.ja) for each in PREFECTURES} == set(range(1, 48))
    assert distance_km(38, 38) == 0
    assert 380 < distance_km(13, 27) < 410
    assert distance_km(1, 47) == distance_km(47, 1) > 2000


def test_prefecture_labels_follow_the_language() -> None:
    labels = dict(CHOICES)
    assert str(labels[38]) == "Ehime"
    with translation.override("ja"):
        assert str(labels[38]) == "愛媛県"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("今治市波止浜8丁目", "愛媛県今治市波止浜8丁目"),
        ("愛媛県今治市波止浜8丁目", "愛媛県今治市波止浜8丁目"),
    ],
)
def test_address_carries_its_prefecture_once(address: str, expected: str) -> None:
    assert full_address(38, address) == expected


def test_site_without_an_address_is_at_least_in_its_prefecture() -> None:
    assert full_address(38, "") in ("愛媛県", "Ehime")
