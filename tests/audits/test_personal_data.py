"""What gives a worker away in a text, in every width, and what only looks like it."""

from __future__ import annotations

import pytest

from audits.personal_data import personal_data_in


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("作業者の田中さんが述べた。", "田中さん"),
        ("鈴木様から聞いた。", "鈴木様"),
        ("佐藤 様が立ち会った。", "佐藤 様"),
        ("グエン・ヴァン・アンさんによれば", "アンさん"),
        ("グエンさん", "グエンさん"),
        ("技能実習生のNguyenさんが", "Nguyenさん"),
        ("NGUYEN様", "NGUYEN様"),
        ("interview with Ms. Tran on the line", "Ms. Tran"),
        ("連絡先はhanako@example.jpである", "hanako@example.jp"),
        ("hanako@example.jp", "hanako@example.jp"),
        ("電話0896-23-4567", "0896-23-4567"),
        ("電話0896\u221223\u22124567", "0896\u221223\u22124567"),
        ("0896ー23ー4567", "0896ー23ー4567"),
        ("03(1234)5678", "03(1234)5678"),
        ("(03) 1234-5678", "(03) 1234-5678"),
        ("090 1234 5678", "090 1234 5678"),
        ("09012345678", "09012345678"),
        ("+81-90-1234-5678", "+81-90-1234-5678"),
        ("在留カードAB12345678CD", "AB12345678CD"),
        ("AB12345678CDの写し", "AB12345678CD"),
        ("ab 12345678 cd", "ab 12345678 cd"),
    ],
)
def test_personal_data_is_found(text: str, passage: str) -> None:
    assert [found for _label, found in personal_data_in(text)] == [passage]


@pytest.mark.parametrize(
    "text",
    ["0896-23-4567", "09012345678", "AB12345678CD", "hanako@example.jp", "(03)1234-5678"],
)
def test_full_width_is_found_as_well(text: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in text)

    assert [found for _label, found in personal_data_in(f"控え{wide}あり")] == [text]
    assert personal_data_in("ｸﾞｴﾝさん")[0][1] == "グエンさん"  # half-width


@pytest.mark.parametrize(
    "text",
    [
        "お客様の仕様書と様式を見た。皆さんに配布した。",
        "作業者がローラーに手をはさんだ記録がある。",
        "残業がかさんで月80時間を超えた。",
        "摂氏35度の作業場。氏名は伏せた。",
        "この様な表示は多様である。同様の様子。",
        "工場長さんと社長さんが閉会に出席した。",
        "2026-11-24に確認。書式03-12-2026。細目5-7、8-10。",
        "受注番号 0123-45、温度 0.5-1.0、08:00-17:00。",
        "型番 XY1234567890Z、ISO 45001:2018。",
        "Missing guards at 2 machines; the Manual was read.",
    ],
)
def test_what_only_looks_like_it_is_let_through(text: str) -> None:
    assert personal_data_in(text) == []
