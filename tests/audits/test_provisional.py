"""Wherever a grade is shown, provisional criteria are called so (暫定基準)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

SHOWS_A_GRADE = re.compile(r"get_grade_display|get_computed_grade_display|grade\.(label|letter)")
SAYS_SO = ("grade_marks.html", "rovisional criteria", "parts/provisional.html", "w.provisional")
TEMPLATES = [
    path
    for room in ("audits", "reports", "suppliers", "accounts")
    for path in sorted((Path(settings.BASE_DIR) / room / "templates").rglob("*.html"))
    if SHOWS_A_GRADE.search(path.read_text(encoding="utf-8"))
]


def test_there_are_pages_with_grades() -> None:
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_page_with_a_grade_names_provisional_criteria(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert any(words in text for words in SAYS_SO), (
        f"{path} shows a grade and not by which criteria"
    )
