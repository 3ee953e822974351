"""No letter that an installed font can draw comes out as an empty box."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from reports.documents import render_pdf
from reports.documents.press import Sheets, print_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NAMES = {
    "rare": "﨑髙𠮷①㈱ 神﨑 髙橋 𠮷野家 辻󠄀 葛󠄁 ﾊﾝｶｸ ｶﾀｶﾅ ～〜−ー―",
    "vietnamese": "Nguyễn Thị Ánh Đặng Trường",
    "nepali": "बुनाई कारखाना श्रेष्ठ",
    "burmese": "မြန်မာ ကျွန်ုပ်",
    "khmer": "ខ្មែរ សុខភាព",
    "thai": "ภาษาไทย สวัสดี",
    "chinese": "简体汉语 东莞纺织厂 齐齐哈尔",
    "indonesian": "Siti Nurhaliza binti Tarudin",
    "european": "Łódź Škoda Ça œuvre ñ ß İstanbul Ελλάδα Москва",
    "signs": "→ ○×△ ● ◆ ■ □ ▨ ▦ ※ ㎡ ℃ № … – “ ” ☎ ✓ 😀",
    "hebrew and arabic": "עברית عربي",
}
# Nobody has given these a letter.
UNASSIGNED = "\u0378\u2fe0"


def boxes_in(content: bytes) -> list[str]:
    """Return the fonts from which glyph 0, the empty box, is drawn, once for each drawing."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [font for page in pdf.pages for font in _boxes_on(page)]


def _boxes_on(page: Any) -> Iterator[str]:
    maps = {name: _glyphs_of(font) for name, font in page.Resources.get("/Font", {}).items()}
    current = ""
    for step in pikepdf.parse_content_stream(page):
        operands: Any = step.operands
        operator = str(step.operator)
        if operator == "Tf":
            current = str(operands[0])
        elif operator in {"Tj", "TJ"}:
            pieces = operands[0] if operator == "TJ" else operands
            for piece in pieces:
                if isinstance(piece, pikepdf.String):
                    raw = bytes(piece)
                    codes = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
                    yield from (current for code in codes if maps[current].get(code, code) == 0)


def _glyphs_of(font: Any) -> dict[int, int]:
    """Return the glyph of each code for which it is not the code itself."""
    encoding = font.Encoding
    if isinstance(encoding, pikepdf.Name):
        assert encoding == "/Identity-H"
        return {}
    pairs = re.findall(rb"<([0-9a-f]{4})> (\d+)", encoding.read_bytes())
    return {int(code, 16): int(glyph) for code, glyph in pairs}


def sheet(text: str, language: str) -> bytes:
    html = (
        f"<html lang={language}><title>t</title><p lang={language}>{text}</p><p><b>{text}</b></p>"
    )
    return print_sheets(Sheets(html, ("report",), text))[0]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("script", NAMES)
def test_letters_are_drawn_in_regular_and_bold(script: str, language: str) -> None:
    assert boxes_in(sheet(NAMES[script], language)) == []


def test_unassigned_characters_are_seen_as_boxes() -> None:
    assert len(boxes_in(sheet(UNASSIGNED, "ja"))) == 2 * len(UNASSIGNED)


@pytest.mark.parametrize("language", ["ja", "en", "both"])
def test_whole_report_holds_no_box(
    small: dict[str, Any], pictures: dict[str, bytes], language: str
) -> None:
    said = " ".join(NAMES.values())
    team = [{**row, "name": said} for row in small["team"]]
    findings = [{**row, "report_text": said} for row in small["findings"]]
    site = {**small["site"], "name": {"ja": said, "en": said}, "address": said}
    odd = {**small, "team": team, "findings": findings, "site": site}

    assert boxes_in(render_pdf(odd, language, pictures=pictures)) == []
