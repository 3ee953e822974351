"""What becomes of odd characters and endless texts before they are printed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from reports.documents.legible import LONGEST_LINE, LONGEST_PROSE, legible, printable, shorten


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("監査\x00の\x1b結果\x7f\x9f", "監査\ufffdの\ufffd結果\ufffd\ufffd"),
        ("\ufffe\U0001ffff", "\ufffd\ufffd"),
        ("a\r\nb\rc\u2028d\te", "a\nb\nc\nd\te"),
        ("\u202egpj.exe\u202c \u2066x\u2069", "gpj.exe x"),
        ("(عربي) 12", "\u2068(عربي) 12\u2069"),
        ("﨑髙𠮷①㈱ ﾊﾝｶｸ Nguyễn बुनाई 😀 \u0378", "﨑髙𠮷①㈱ ﾊﾝｶｸ Nguyễn बुनाई 😀 \u0378"),
        ("ക്\u200dഷ ق\u200c", "\u2068ക്\u200dഷ ق\u200c\u2069"),
    ],
)
def test_what_cannot_be_printed_is_shown_or_left_out(written: str, shown: str) -> None:
    assert printable(written) == shown


def test_endless_word_gets_places_to_break_and_keeps_every_letter() -> None:
    word = "Wa\u0301" * 40_000

    broken = printable(word)

    assert broken.replace("\u200b", "") == word
    assert max(map(len, broken.split("\u200b"))) <= 120
    assert not any(piece.startswith("\u0301") for piece in broken.split("\u200b"))
    # where lines break anyway nothing is put in
    assert printable("監査の結果。" * 1_000) == "監査の結果。" * 1_000
    assert printable("word " * 1_000) == "word " * 1_000


def test_walk_keeps_everything_but_texts_as_it_is() -> None:
    snapshot = {"a": [1, None, True, {"b": "x\x00", "text": {"ja": "y\x01"}}]}

    assert legible(snapshot) == {"a": [1, None, True, {"b": "x\ufffd", "text": {"ja": "y\ufffd"}}]}
    assert snapshot["a"][3]["b"] == "x\x00"  # type: ignore[index]  # a nested list


@pytest.mark.parametrize(
    "snapshot",
    [
        {"name": "a" * (LONGEST_LINE + 1)},
        {"report_text": "監" * (LONGEST_PROSE + 1)},
        {"findings": [{"reason": {"ja": "a" * LONGEST_PROSE}} for _ in range(6)]},
    ],
)
def test_too_much_text_is_refused_with_its_beginning(snapshot: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=r"長すぎる文章.*(aaaa|監監)"):
        legible(snapshot)


def test_short_form_closes_what_it_opened() -> None:
    assert shorten("監査", 2) == "監査"
    assert shorten("監査報告", 3) == "監査…"
    assert shorten(printable("عربي عربي"), 6) == "\u2068عربي…\u2069"


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"半分しかない文字.*半.分"):
        legible({"name": "半\ud800分"})
