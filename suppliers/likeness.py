"""Which suppliers, or which sites of one supplier, are probably the same; over plain data.

No two are compared unless they share a key (a name, a reading, an address, or what is left of a
name when one character is taken out), so that the work grows with the number of suppliers, not
with its square.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import jaconv

from suppliers.identifying import bare, core
from suppliers.prefectures import BY_CODE
from suppliers.terms import Likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# In shorter names one character makes another company.
SHORTEST_SIMILAR = 4
# What more than so many have in common says nothing about any two of them.
MOST_SHARING = 40
# Old forms of kanji and their variants, as they stand in names of people, places and companies.
_NEW_FORMS = str.maketrans(
    "髙﨑濵濱澤邊邉齋齊斎廣國櫻條德眞龍嶋嶌島桒絲繊纖縣縫縫鐵瀨瀬晝惠榮壽圓會團學寶",
    "高崎浜浜沢辺辺斉斉斉広国桜条徳真竜島島島桑糸繊繊県縫縫鉄瀬瀬昼恵栄寿円会団学宝",
)
_KANJI_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")}
_NUMERAL = "[0-9〇一二三四五六七八九十]+"
_HYPHENS = re.compile(r"[‐‑‒–—―−ーｰ~〜の]")
_STEPS = re.compile(rf"({_NUMERAL})(丁目|番地の?|番町?|号)")
_PLACE_AND_NUMBER = re.compile(r"^(\D{2,}?)(\d+(?:-\d+)*)")


@dataclass(frozen=True)
class Traits:
    """What one supplier or site is compared by; all texts in the forms of this module.

    `group`: only those of the same group can be the same (sites of one supplier).
    """

    key: UUID
    group: UUID | None = None
    names: frozenset[str] = frozenset()
    kana: str = ""
    english: str = ""
    prefecture: int = 0
    address: str = ""
    numbers: frozenset[str] = frozenset()
    number: str = ""
    domains: frozenset[str] = field(default=frozenset())
    os_id: str = ""


class Pair(NamedTuple):
    """Two that are probably the same: the lesser key first, what shows it, and how much it counts.

    `group` is their supplier when they are sites.
    """

    first: UUID
    second: UUID
    group: UUID | None
    signs: tuple[Likeness, ...]
    score: int


def name_key(name: str) -> str:
    """Return a name without legal form, width, blanks, marks and old forms of kanji."""
    return core(name).translate(_NEW_FORMS)


def kana_key(name: str) -> str:
    """Return a reading in katakana without the reading of the legal form."""
    return core(jaconv.hira2kata(unicodedata.normalize("NFKC", name)))


def address_key(prefecture: int, address: str) -> str:
    """Return an address as prefecture, place and numbers (38今治市見本町1-1); "" without a number.

    一丁目2番3号, 1丁目2-3 and １－２－３ are the same; what follows the numbers is left out.
    """
    text = "".join(unicodedata.normalize("NFKC", address).split()).translate(_NEW_FORMS)
    text = text.removeprefix(BY_CODE[prefecture].ja.translate(_NEW_FORMS))
    text = re.sub(r"大字|字|[ヶケが]", "", text)
    text = _STEPS.sub(lambda found: f"{_number(found[1])}-", text)
    text = re.sub(r"(?<=\d)" + _HYPHENS.pattern + r"+(?=\d)", "-", text)
    found = _PLACE_AND_NUMBER.match(text)
    return f"{prefecture:02d}{bare(found[1])}{found[2]}" if found else ""


def _number(numeral: str) -> int:
    """Read 12, 十二, 二十 or 一二 as a number."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.partition("十")
    digits = [
        int("".join(str(_KANJI_DIGITS.get(sign, sign)) for sign in part) or "0")
        for part in (tens, ones)
    ]
    return (digits[0] or 1) * 10 + digits[1] if ten else digits[0]


def one_apart(one: str, other: str) -> bool:
    """Say whether one character more, less, exchanged, or two in turn make one name the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    begin = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    if len(one) == len(other):
        turned = one[begin : begin + 2] == other[begin : begin + 2][::-1]
        return one[begin + 1 :] == other[begin + 1 :] or (
            turned and one[begin + 2 :] == other[begin + 2 :]
        )
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[begin + 1 :] == shorter[begin:]


def similar(one: str, other: str) -> bool:
    """Say whether two names are one character apart, in another character than a digit."""
    long_enough = min(len(one), len(other)) >= SHORTEST_SIMILAR
    # 第1 and 第2 are two, however alike the rest is.
    numbers = re.findall(_NUMERAL, one) == re.findall(_NUMERAL, other)
    return long_enough and numbers and one_apart(one, other)


def signs_of(one: Traits, other: Traits) -> tuple[Likeness, ...]:
    """Return what the two have in common, in the order of the words; nothing for what cannot be.

    Two companies with two corporate numbers are two, unless one of them had the other's.
    """
    same_number = bool(one.numbers & other.numbers)
    if one.group != other.group or (one.number and other.number and not same_number):
        return ()
    same_name = bool(one.names & other.names)
    same_address = one.address != "" and one.address == other.address
    found = {
        Likeness.NUMBER: same_number,
        Likeness.NAME: same_name,
        Likeness.SIMILAR: not same_name
        and any(similar(a, b) for a in one.names for b in other.names),
        Likeness.KANA: one.kana != "" and one.kana == other.kana,
        Likeness.ENGLISH: one.english != "" and one.english == other.english,
        Likeness.ADDRESS: same_address,
        Likeness.PREFECTURE: one.group is None
        and one.prefecture == other.prefecture
        and not same_address,
        Likeness.DOMAIN: bool(one.domains & other.domains),
        Likeness.OS_ID: one.os_id != "" and one.os_id == other.os_id,
    }
    return tuple(sign for sign, holds in found.items() if holds)


def score_of(signs: Iterable[Likeness]) -> int:
    """Return how much the signs count together, at most 100."""
    return min(100, sum(sign.points for sign in signs))


def keys_of(traits: Traits) -> Iterator[tuple[object, ...]]:
    """Yield the keys one of which two must share to be compared."""
    group = traits.group
    for name in traits.names:
        yield group, "name", name
        if len(name) >= SHORTEST_SIMILAR:
            # Two names one character apart leave the same when the right one is taken out of each.
            yield group, "part", name
            for place in range(len(name)):
                yield group, "part", name[:place] + name[place + 1 :]
    for what in ("kana", "english", "address", "os_id"):
        if value := getattr(traits, what):
            yield group, what, value
    for number in traits.numbers:
        yield group, "number", number
    for domain in traits.domains:
        yield group, "domain", domain


def pairs(
    everybody: Iterable[Traits], *, least: int, step: Callable[[int], None] = lambda done: None
) -> Iterator[Pair]:
    """Yield every pair with at least so many points, each once; `step` hears how many were read."""
    blocks: dict[tuple[object, ...], list[Traits]] = defaultdict(list)
    for done, traits in enumerate(everybody, start=1):
        for key in {*keys_of(traits)}:
            blocks[key].append(traits)
        step(done)
    seen: set[tuple[UUID, UUID]] = set()
    for block in blocks.values():
        if not 1 < len(block) <= MOST_SHARING:
            continue
        for one, other in combinations(block, 2):
            first, second = sorted((one, other), key=lambda each: each.key)
            if (first.key, second.key) in seen:
                continue
            seen.add((first.key, second.key))
            signs = signs_of(first, second)
            if (score := score_of(signs)) >= least:
                yield Pair(first.key, second.key, first.group, signs, score)
