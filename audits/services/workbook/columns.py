"""The columns of the workbook and the words that its answer cells take."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from django.utils.translation import override

from audits.standards.headings import fold
from audits.terms import Judgement, Method, Severity

WorkbookLanguage = Literal["ja", "en", "both"]
# The row of our own names (hidden), the row of headings, the first row of a requirement.
NAMES, HEADINGS, FIRST = 1, 2, 3
STAMP = "stamp"
TICK = "○"
TICKS = {
    fold(word) for word in (TICK, "〇", "◯", "o", "x", "1", "✓", "✔", "レ", "yes", "true", "はい")
}
# Control and invisible signs; what joins the letters of some languages is part of their words.
NOT_CARRIED = {"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"}
CARRIED = "\n\t\u200c\u200d"
UNTICKED = {fold(word) for word in ("", "-", "×", "0", "no", "false", "いいえ")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: our name, its headings, its width; `open` ones are filled in."""

    name: str
    ja: str
    en: str
    width: int
    open: bool = True
    only: str = ""

    def heading(self, language: WorkbookLanguage) -> str:
        """Return what stands above it."""
        return f"{self.ja}\n{self.en}" if language == "both" else getattr(self, language)

    def shown_in(self, language: WorkbookLanguage) -> bool:
        """Say whether a workbook in that language has it."""
        return language == "both" or self.only in ("", language)


COLUMNS = (
    Column("code", "番号", "Code", 8, open=False),
    Column("title_ja", "要求事項", "Requirement (Japanese)", 24, open=False, only="ja"),
    Column("title_en", "要求事項(英語)", "Requirement", 24, open=False, only="en"),
    Column("text_ja", "要求事項の文言", "Text (Japanese)", 40, open=False, only="ja"),
    Column("text_en", "要求事項の文言(英語)", "Text", 40, open=False, only="en"),
    Column("clauses", "細目", "Clauses", 30, open=False),
    Column("judgement", "評価", "Judgement", 14),
    Column("severity", "重大度", "Severity", 12),
    Column("document", "文書", "Document", 7),
    Column("observation", "観察", "Observation", 7),
    Column("interview", "聞き取り", "Interview", 7),
    Column("clauses_not_met", "満たさない細目", "Clauses not met", 14),
    Column("report_text", "所見(報告書に記載)", "Finding (printed in the report)", 46),
    Column("working_note", "作業メモ(チームと審査員のみ)", "Working note (team and reviewer)", 34),
    Column("reason", "理由(該当なし・確認不能)", "Reason (not applicable, not verified)", 30),
)
ANSWERS = tuple(column.name for column in COLUMNS if column.open)
# Fields of the finding that stand in several columns.
PLACES = {"methods": tuple(Method.values)}
WORDS: dict[str, type[Judgement | Severity]] = {"judgement": Judgement, "severity": Severity}


def label_of(column: str, value: str, language: WorkbookLanguage) -> str:
    """Return a value of a closed list as a workbook in that language shows it."""
    if not value:
        return ""
    said = []
    for one in ("ja", "en") if language == "both" else (language,):
        with override(one):
            said.append(str(WORDS[column](value).label))
    return " / ".join(said)


@cache
def _words(column: str) -> dict[str, str]:
    languages: tuple[WorkbookLanguage, ...] = ("ja", "en", "both")
    known = {
        fold(label_of(column, value, language)): value
        for language in languages
        for value in WORDS[column].values
    }
    return known | {fold(value): value for value in WORDS[column].values}


def value_of(column: str, text: str) -> str | None:
    """Return the value that a word means, or None when it is no word of the list."""
    return _words(column).get(fold(text)) if text else ""


def clean(text: Any) -> str:
    """Return a text without what a spreadsheet cannot carry or adds by itself."""
    plain = str(text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char for char in plain if char in CARRIED or unicodedata.category(char) not in NOT_CARRIED
    )
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()
