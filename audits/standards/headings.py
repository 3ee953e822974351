"""The columns of a workbook of the standard: their headings and words in Japanese and English."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import override

from audits.standards.catalogue import CATEGORIES, CLAUSES, REQUIREMENTS
from audits.standards.terms import Condition, Provenance, Severity
from ui.language import active_language

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Column:
    """One column: our name, its headings, and whether a sheet cannot do without it."""

    name: str
    ja: str
    en: str
    needed: bool = False
    width: int = 18

    @property
    def heading(self) -> str:
        """The heading in the language that is active."""
        return self.en if active_language() == "en" else self.ja


CODE = Column("code", "番号", "Code", needed=True, width=10)
CONDITION = Column("condition", "適用条件", "Condition")
PROVENANCE = Column("provenance", "文言の出所", "Provenance")

# Sheet (by the name of the catalogue's file) -> its names in Japanese and English.
SHEETS = {
    CATEGORIES: ("区分", "Categories"),
    REQUIREMENTS: ("要求事項", "Requirements"),
    CLAUSES: ("細目", "Clauses"),
}
COLUMNS: dict[str, tuple[Column, ...]] = {
    CATEGORIES: (
        Column("number", "区分番号", "Category number", needed=True, width=10),
        Column("name_ja", "区分名", "Category name (Japanese)", needed=True),
        Column("name_en", "区分名(英語)", "Category name (English)", width=30),
        Column("order", "順序", "Order", width=8),
    ),
    REQUIREMENTS: (
        CODE,
        Column("category", "区分", "Category", width=8),
        Column("subcategory", "中分類", "Subcategory"),
        Column("order", "順序", "Order", width=8),
        Column("title_ja", "見出し", "Title (Japanese)", needed=True, width=30),
        Column("title_en", "見出し(英語)", "Title (English)", width=30),
        Column("text_ja", "要求事項の文言", "Text (Japanese)", needed=True, width=60),
        Column("text_en", "要求事項の文言(英語)", "Text (English)", width=60),
        Column("guidance_ja", "監査の着眼点", "Guidance (Japanese)", width=40),
        Column("guidance_en", "監査の着眼点(英語)", "Guidance (English)", width=40),
        Column("evidence_hint_ja", "証拠資料の例", "Evidence hint (Japanese)", width=40),
        Column("evidence_hint_en", "証拠資料の例(英語)", "Evidence hint (English)", width=40),
        Column("legal_basis", "根拠法令等", "Legal basis", width=30),
        Column("severity", "重大度", "Severity", width=12),
        CONDITION,
        PROVENANCE,
        Column("source", "出典", "Source", width=24),
    ),
    CLAUSES: (
        CODE,
        Column("text_ja", "細目の文言", "Clause text (Japanese)", needed=True, width=60),
        Column("text_en", "細目の文言(英語)", "Clause text (English)", width=60),
        CONDITION,
        PROVENANCE,
    ),
}


def title_of(sheet: str) -> str:
    """Return the name of a sheet of the template in the language that is active."""
    return SHEETS[sheet][int(active_language() == "en")]


# Columns that hold a word of a closed list.
WORDS: dict[str, type[Severity | Condition | Provenance]] = {
    "severity": Severity,
    "condition": Condition,
    "provenance": Provenance,
}


def fold(text: object) -> str:
    """Fold width, case, blanks, brackets and marks of a heading or word away."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text)).casefold()
    return re.sub(r"[\s\ufeff_\-.:*()\[\]「」【】/・]", "", folded)


@cache
def sheet_names() -> dict[str, str]:
    """Return which sheet a folded name means; the catalogue's file names are understood too."""
    return {
        fold(name): sheet
        for sheet, names in SHEETS.items()
        for name in (*names, sheet.removesuffix(".csv"))
    }


@cache
def _headings(sheet: str) -> dict[str, str]:
    return {
        fold(heading): column.name
        for column in COLUMNS[sheet]
        for heading in (column.name, column.ja, column.en)
    }


def column_of(sheet: str, heading: object) -> str:
    """Return our name of the column of a sheet that a heading means, or ""."""
    return _headings(sheet).get(fold(heading), "")


def understood(sheet: str, row: Sequence[object]) -> int:
    """Return how many cells of a row are headings of the sheet."""
    return len({name for cell in row if (name := column_of(sheet, cell))})


@cache
def _words(column: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("ja", "en"):
        with override(language):
            found |= {fold(label): value for value, label in WORDS[column].choices}
    return found | {fold(value): value for value in WORDS[column].values}


def value_of(column: str, text: str) -> str:
    """Return the value that a word means; a text that is no word of the list stays as it is."""
    return _words(column).get(fold(text), text) if column in WORDS else text


def label_of(column: str, value: str) -> str:
    """Return a value as a workbook shows it in the active language."""
    return str(WORDS[column](value).label) if column in WORDS and value else value
