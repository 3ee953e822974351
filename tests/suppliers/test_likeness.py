"""Which suppliers are probably the same: spellings agree, order does not matter, others stay apart."""

from __future__ import annotations

import unicodedata
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from suppliers.likeness import (
    Traits,
    address_key,
    kana_key,
    name_key,
    one_apart,
    pairs,
    score_of,
    signs_of,
    similar,
)
from suppliers.terms import Likeness

NAMES = st.text(alphabet="山川田村織染縫製工業繊維タオル株式会社(株)㈱ABab12 ・ー", max_size=12)
SHORT = st.text(alphabet="山川田村織", max_size=6)
TRAITS = st.builds(
    Traits,
    key=st.uuids(),
    group=st.sampled_from([None, None, UUID(int=7)]),
    names=st.frozensets(SHORT, max_size=2),
    kana=st.sampled_from(["", "ヤマダ", "カワタ"]),
    english=st.sampled_from(["", "yamada"]),
    prefecture=st.sampled_from([27, 38]),
    address=st.sampled_from(["", "38今治市1-1"]),
    number=st.sampled_from(["", "1", "2"]),
    numbers=st.frozensets(st.sampled_from(["1", "2"]), max_size=2),
)


@pytest.mark.parametrize(
    "other",
    [
        "株式会社髙橋染工",
        "㈱高橋染工",
        "(株)高橋　染工",
        "高橋染工（株）",
        "高橋染工株式会社",
        "髙橋染工",
    ],
)
def test_spellings_of_a_name_agree(other: str) -> None:
    assert name_key(other) == name_key("高橋染工株式会社") == "高橋染工"


@pytest.mark.parametrize(
    "other", ["ﾀｶﾊｼｾﾝｺｳ", "たかはしせんこう", "カブシキガイシャ タカハシセンコウ"]
)
def test_spellings_of_a_reading_agree(other: str) -> None:
    assert kana_key(other) == "タカハシセンコウ"


@pytest.mark.parametrize(
    "other",
    [
        "愛媛県今治市見本町1-2-3",
        "今治市見本町１丁目２番３号",
        "今治市 見本町一丁目2番地の3",
        "今治市大字見本町1―2－3 織物会館2階",
    ],
)
def test_spellings_of_an_address_agree(other: str) -> None:
    assert address_key(38, other) == address_key(38, "今治市見本町1-2-3") == "38今治市見本町1-2-3"


def test_address_without_a_number_leads_nowhere() -> None:
    assert address_key(38, "今治市見本町") == address_key(38, "") == ""
    assert address_key(38, "今治市見本町十二番地").startswith("38今治市見本町12")
    assert address_key(38, "今治市見本町1-2") != address_key(37, "今治市見本町1-2")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("今治織布工業", "今治織布工業所", True),
        ("今治織布工業", "今冶織布工業", True),
        ("今治織布工業", "今治布織工業", True),
        ("今治織布工業", "今治織布工業", False),  # the same, not similar
        ("今治織布工業", "今治染色工業", False),
        ("今治第1工場", "今治第2工場", False),
        ("今治第一工場", "今治第二工場", False),
        ("山田織", "川田織", False),  # too short
    ],
)
def test_names_are_similar_one_character_apart(one: str, other: str, expected: bool) -> None:
    assert similar(one, other) is similar(other, one) is expected


@given(NAMES)
def test_normalising_twice_is_the_same_as_once(name: str) -> None:
    key = name_key(name)

    assert name_key(unicodedata.normalize("NFKC", name)) == key
    assert key == "".join(key.split())


@given(SHORT, SHORT)
def test_one_apart_is_symmetric_and_found_by_what_is_left(one: str, other: str) -> None:
    assert one_apart(one, other) == one_apart(other, one)
    if one_apart(one, other):
        left = [
            {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))} for name in (one, other)
        ]
        assert left[0] & left[1]


@given(TRAITS, TRAITS)
def test_signs_and_pairs_do_not_depend_on_the_order(one: Traits, other: Traits) -> None:
    assert signs_of(one, other) == signs_of(other, one)
    there, back = list(pairs([one, other], least=1)), list(pairs([other, one], least=1))
    assert there == back
    # What shares more than the prefecture is always brought together.
    if one.key != other.key and set(signs_of(one, other)) - {Likeness.PREFECTURE}:
        assert [pair.signs for pair in there] == [signs_of(one, other)]


def traits(**fields: object) -> Traits:
    return Traits(key=UUID(int=next(keys)), **fields)  # type: ignore[arg-type]  # as the test says


keys = count(1)


def test_two_numbers_are_two_companies_unless_one_had_the_other() -> None:
    name = frozenset({"今治織布"})
    one = traits(names=name, number="1", numbers=frozenset({"1"}))
    other = traits(names=name, number="2", numbers=frozenset({"2"}))
    heir = traits(names=name, number="2", numbers=frozenset({"1", "2"}))

    assert signs_of(one, other) == ()
    assert Likeness.NUMBER in signs_of(one, heir)
    assert score_of(signs_of(one, heir)) == 100


def test_sites_of_two_suppliers_are_never_the_same() -> None:
    one, other = (
        traits(group=UUID(int=number), names=frozenset({"本社工場"}), os_id="JP1")
        for number in (900, 901)
    )

    assert signs_of(one, other) == ()


def test_what_many_share_says_nothing() -> None:
    everybody = [
        traits(names=frozenset({f"甲{chr(0x4E00 + n)}乙{chr(0x5000 + n)}"}), address="38今治市1-1")
        for n in range(50)
    ]

    assert list(pairs(everybody, least=40)) == []
