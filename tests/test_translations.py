"""The Japanese catalogue: complete, certain, and in the words of an audit."""

from __future__ import annotations

import ast
import re
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "locale/ja/LC_MESSAGES/django.po"
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"$')


def messages() -> list[tuple[str, list[str], bool]]:
    """Return (msgid, translations, fuzzy) of every entry but the header and obsolete ones."""
    found = []
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n"):
        texts: dict[str, str] = {}
        key = ""
        fuzzy = False
        for line in block.splitlines():
            if line.startswith("#"):
                fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            if not line.startswith('"'):
                key = line.split(" ", 1)[0]
            if literal := LITERAL.search(line):
                texts[key] = texts.get(key, "") + literal[1]
        if texts.get("msgid"):
            words = [text for name, text in texts.items() if name.startswith("msgstr")]
            found.append((texts["msgid"], words, fuzzy))
    return found


def test_no_text_has_a_name_that_extraction_does_not_know() -> None:
    root = CATALOGUE.parents[3]
    renamed = [
        f"{path.relative_to(root)}: {alias.name} as {alias.asname}"
        for path in root.glob("*/**/*.py")
        if ".venv" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and alias.asname not in (None, "_")
    ]

    assert renamed == []


def test_everything_is_translated_and_certain() -> None:
    every = messages()

    assert len(every) > 1000
    assert [msgid for msgid, words, fuzzy in every if fuzzy or not all(words) or not words] == []


def test_an_audit_is_nowhere_called_a_certification() -> None:
    wrong = [
        msgid
        for msgid, words, _fuzzy in messages()
        if "certif" in msgid.lower() or "認証" in "".join(words).replace("生体認証", "")
    ]

    assert wrong == []
