"""The list of letters: complete, in both languages, with a fact for every place."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from accounts.letters import LETTERS, Letter, letter
from audits.console.letters import preview

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "suppliers", "audits", "reports", "config")
LIST = "accounts/letters.py"
# A placeholder that was not filled, in either way of writing one.
HOLE = re.compile(r"%\(|%[sd]|\{\w*\}")
# Two English words in a row; names such as JASTI stand alone.
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
# The letters of a room are in the list once its pages are loaded.
get_resolver().url_patterns  # noqa: B018  loading is what it is for


def calls(name: str) -> set[str]:
    """Return the files in which something of the name is called."""
    return {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == name
    }


def test_no_message_is_worded_outside_the_list() -> None:
    assert calls("Message") == {LIST}
    assert calls("Letter") == {LIST}


def test_two_letters_cannot_have_one_code() -> None:
    with pytest.raises(ValueError, match="alert-raised"):
        letter("alert-raised", "x", to=(), when="", group="")


@pytest.mark.parametrize("each", LETTERS.values(), ids=LETTERS)
def test_letter_is_whole_in_both_languages(each: Letter) -> None:
    texts = {}
    for language in ("ja", "en"):
        with translation.override(language):
            example = each.example()
            said = (example.subject, example.body, str(each.when), str(each.group), *each.readers)
            texts[language] = "\n".join(said)

            mail = preview(each, language)
            rendered = mail.text + re.sub(r"<[^>]+>|&\w+;", " ", mail.html)
            texts[language] += rendered.replace(settings.SITE_URL, "").replace("織り目", "")

    assert HOLE.search(texts["ja"] + texts["en"]) is None
    assert ENGLISH.search(texts["ja"]) is None, texts["ja"]
    assert re.search(r"[ぁ-ん]", texts["ja"])
    assert re.search(r"[ぁ-ん一-龠]", texts["en"]) is None
    assert each.readers
