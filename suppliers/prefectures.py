"""The 47 prefectures of Japan by their JIS X 0401 code, with names, district and distances."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from django.utils.functional import lazystr
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Bilingual:
    """A fixed name in both languages; `str()` gives the one of the active language.

    The names are facts of a table and not sentences, so they stay beside each other here
    instead of going through the message catalogue.
    """

    ja: str
    en: str

    def __str__(self) -> str:
        return self.ja if (get_language() or "en").startswith("ja") else self.en


@dataclass(frozen=True)
class Prefecture:
    """One prefecture; the point is its seat of government, in degrees."""

    code: int
    ja: str
    en: str
    kana: str
    district: str
    latitude: float
    longitude: float

    @property
    def name(self) -> Bilingual:
        """The name for a page, in the active language when turned into text."""
        return Bilingual(self.ja, self.en)

    @property
    def stem(self) -> str:
        """The Japanese name without 都, 府 or 県 (北海道 keeps its 道)."""
        return self.ja if self.code == 1 else self.ja[:-1]

    @property
    def short(self) -> Bilingual:
        """The name for where there is little room: 愛媛, Ehime."""
        return Bilingual(self.stem, self.en)


DISTRICTS: dict[str, Bilingual] = {
    "hokkaido": Bilingual("北海道", "Hokkaido"),
    "tohoku": Bilingual("東北", "Tohoku"),
    "kanto": Bilingual("関東", "Kanto"),
    "chubu": Bilingual("中部", "Chubu"),
    "kinki": Bilingual("近畿", "Kinki"),
    "chugoku": Bilingual("中国", "Chugoku"),
    "shikoku": Bilingual("四国", "Shikoku"),
    "kyushu": Bilingual("九州・沖縄", "Kyushu and Okinawa"),
}

PREFECTURES: tuple[Prefecture, ...] = (
    Prefecture(1, "北海道", "Hokkaido", "ホッカイドウ", "hokkaido", 43.064, 141.347),
    Prefecture(2, "青森県", "Aomori", "アオモリ", "tohoku", 40.824, 140.740),
    Prefecture(3, "岩手県", "Iwate", "イワテ", "tohoku", 39.704, 141.153),
    Prefecture(4, "宮城県", "Miyagi", "ミヤギ", "tohoku", 38.269, 140.872),
    Prefecture(5, "秋田県", "Akita", "アキタ", "tohoku", 39.719, 140.102),
    Prefecture(6, "山形県", "Yamagata", "ヤマガタ", "tohoku", 38.240, 140.363),
    Prefecture(7, "福島県", "Fukushima", "フクシマ", "tohoku", 37.750, 140.468),
    Prefecture(8, "茨城県", "Ibaraki", "イバラキ", "kanto", 36.342, 140.447),
    Prefecture(9, "栃木県", "Tochigi", "トチギ", "kanto", 36.566, 139.884),
    Prefecture(10, "群馬県", "Gunma", "グンマ", "kanto", 36.391, 139.060),
    Prefecture(11, "埼玉県", "Saitama", "サイタマ", "kanto", 35.857, 139.649),
    Prefecture(12, "千葉県", "Chiba", "チバ", "kanto", 35.605, 140.123),
    Prefecture(13, "東京都", "Tokyo", "トウキョウ", "kanto", 35.690, 139.692),
    Prefecture(14, "神奈川県", "Kanagawa", "カナガワ", "kanto", 35.448, 139.642),
    Prefecture(15, "新潟県", "Niigata", "ニイガタ", "chubu", 37.902, 139.023),
    Prefecture(16, "富山県", "Toyama", "トヤマ", "chubu", 36.695, 137.211),
    Prefecture(17, "石川県", "Ishikawa", "イシカワ", "chubu", 36.595, 136.626),
    Prefecture(18, "福井県", "Fukui", "フクイ", "chubu", 36.065, 136.222),
    Prefecture(19, "山梨県", "Yamanashi", "ヤマナシ", "chubu", 35.664, 138.568),
    Prefecture(20, "長野県", "Nagano", "ナガノ", "chubu", 36.651, 138.181),
    Prefecture(21, "岐阜県", "Gifu", "ギフ", "chubu", 35.391, 136.722),
    Prefecture(22, "静岡県", "Shizuoka", "シズオカ", "chubu", 34.977, 138.383),
    Prefecture(23, "愛知県", "Aichi", "アイチ", "chubu", 35.180, 136.907),
    Prefecture(24, "三重県", "Mie", "ミエ", "kinki", 34.730, 136.509),
    Prefecture(25, "滋賀県", "Shiga", "シガ", "kinki", 35.004, 135.869),
    Prefecture(26, "京都府", "Kyoto", "キョウト", "kinki", 35.021, 135.756),
    Prefecture(27, "大阪府", "Osaka", "オオサカ", "kinki", 34.686, 135.520),
    Prefecture(28, "兵庫県", "Hyogo", "ヒョウゴ", "kinki", 34.691, 135.183),
    Prefecture(29, "奈良県", "Nara", "ナラ", "kinki", 34.685, 135.833),
    Prefecture(30, "和歌山県", "Wakayama", "ワカヤマ", "kinki", 34.226, 135.168),
    Prefecture(31, "鳥取県", "Tottori", "トットリ", "chugoku", 35.504, 134.238),
    Prefecture(32, "島根県", "Shimane", "シマネ", "chugoku", 35.472, 133.051),
    Prefecture(33, "岡山県", "Okayama", "オカヤマ", "chugoku", 34.662, 133.935),
    Prefecture(34, "広島県", "Hiroshima", "ヒロシマ", "chugoku", 34.397, 132.459),
    Prefecture(35, "山口県", "Yamaguchi", "ヤマグチ", "chugoku", 34.186, 131.471),
    Prefecture(36, "徳島県", "Tokushima", "トクシマ", "shikoku", 34.066, 134.559),
    Prefecture(37, "香川県", "Kagawa", "カガワ", "shikoku", 34.340, 134.043),
    Prefecture(38, "愛媛県", "Ehime", "エヒメ", "shikoku", 33.842, 132.766),
    Prefecture(39, "高知県", "Kochi", "コウチ", "shikoku", 33.560, 133.531),
    Prefecture(40, "福岡県", "Fukuoka", "フクオカ", "kyushu", 33.607, 130.418),
    Prefecture(41, "佐賀県", "Saga", "サガ", "kyushu", 33.249, 130.299),
    Prefecture(42, "長崎県", "Nagasaki", "ナガサキ", "kyushu", 32.750, 129.868),
    Prefecture(43, "熊本県", "Kumamoto", "クマモト", "kyushu", 32.790, 130.742),
    Prefecture(44, "大分県", "Oita", "オオイタ", "kyushu", 33.238, 131.613),
    Prefecture(45, "宮崎県", "Miyazaki", "ミヤザキ", "kyushu", 31.911, 131.424),
    Prefecture(46, "鹿児島県", "Kagoshima", "カゴシマ", "kyushu", 31.560, 130.558),
    Prefecture(47, "沖縄県", "Okinawa", "オキナワ", "kyushu", 26.212, 127.681),
)

BY_CODE: dict[int, Prefecture] = {each.code: each for each in PREFECTURES}

CHOICES: list[tuple[int, _StrPromise]] = [(each.code, lazystr(each.name)) for each in PREFECTURES]


def prefecture(code: int) -> Prefecture:
    """Return the prefecture of a JIS X 0401 code; KeyError outside 1 to 47."""
    return BY_CODE[code]


def prefecture_name(code: int | None) -> str:
    """Return the name of a code in the active language, empty when the code is unknown."""
    found = BY_CODE.get(code) if code is not None else None
    return str(found.name) if found else ""


def full_address(code: int, address: str) -> str:
    """Return the address, as a letter to Japan needs it, with its prefecture before it once.

    People write addresses with and without the prefecture; both are kept as they were given.
    """
    where = prefecture(code)
    if not address:
        return str(where.name)
    if address.startswith(where.ja):
        return address
    return f"{where.ja}{address}"


def distance_km(a: int, b: int) -> float:
    """Return the great-circle distance in km between the seats of two prefectures (0 for one)."""
    if a == b:
        return 0.0
    one, two = BY_CODE[a], BY_CODE[b]
    lat_1, lat_2 = radians(one.latitude), radians(two.latitude)
    half_lat = (lat_2 - lat_1) / 2
    half_lon = radians(two.longitude - one.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(lat_1) * cos(lat_2) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))


def _key(text: str) -> str:
    """Fold width, case, macrons, spaces and hyphens away so that spellings compare equal."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    # Only Latin letters lose their marks: taking them from kana would make ギフ into キフ.
    bare = "".join(
        unicodedata.normalize("NFD", char)[0] if "\u00c0" <= char <= "\u024f" else char
        for char in wide
    )
    kana = "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in bare)
    return re.sub(r"[\s\-'.,_\u2010-\u2015]", "", kana)


def _spellings(each: Prefecture) -> set[str]:
    english = each.en.casefold()
    suffix = {1: "", 13: "to", 26: "fu", 27: "fu"}.get(each.code, "ken")
    kana_suffix = {"": "", "to": "ト", "fu": "フ", "ken": "ケン"}[suffix]
    names = {each.ja, each.stem, each.kana, each.kana + kana_suffix}
    names |= {english, english + suffix, english + "prefecture", english + "pref"}
    names |= {english + "metropolis"} if each.code == 13 else set()
    names |= {str(each.code), f"{each.code:02d}", f"jp{each.code:02d}"}
    return {_key(name) for name in names}


_BY_SPELLING: dict[str, int] = {
    spelling: each.code for each in PREFECTURES for spelling in _spellings(each)
}
# Long vowels and the old Hepburn spellings that English forms still carry.
_BY_SPELLING |= {
    "toukyou": 13, "kyouto": 26, "oosaka": 27, "ohsaka": 27, "hyougo": 28, "gumma": 10,
    "kouchi": 39, "ooita": 44, "ohita": 44, "hokkaidou": 1, "トウキヨウ": 13, "北海": 1,
}  # fmt: skip


def parse_prefecture(value: object) -> int | None:
    """Return the JIS code for a name (愛媛, 愛媛県, エヒメ, Ehime) or a code (38, "38", "JP-38").

    None when nothing fits.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
    return _BY_SPELLING.get(_key(str(value)))


def prefecture_of_address(address: str) -> int | None:
    """Return the JIS code of the prefecture that a Japanese address begins with, or None."""
    plain = re.sub(r"^(〒?\s*[0-9]{3}-?[0-9]{4})?\s*", "", unicodedata.normalize("NFKC", address))
    return next((each.code for each in PREFECTURES if plain.startswith(each.ja)), None)
