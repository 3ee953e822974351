"""Every text of the report can be taken out of it again, in its order and in one piece."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from reports.documents.wording import Wording
from tests.reports.texts import bare, pages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LANGUAGES = ("ja", "en", "both")
# What Japanese typesetting never puts at the beginning of a line.
NEVER_FIRST = "、。，．・：；？！）］｝」』】〉》ー々ゝぁぃぅぇぉっゃゅょァィゥェォッャュョ"


def by_poppler(content: bytes) -> list[str]:
    """Return the text of each page, in the order in which it was written."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return done.stdout.decode().split("\f")


def text_between(pages: list[str], data: dict[str, Any], language: str) -> str:
    """Return all pages without white space and without what runs at the head and foot of each."""
    say = Wording(language)
    with override(say.main):
        site = data["site"]
        running = [
            f"{say.words['title']} {data['number']} · {say.revision(data['revision'])}",
            f"{say.one(site['supplier']['name'])} {say.one(site['name'])}",
            say.words["confidential"],
            "試験用署名 Test signature",
        ]
    whole = ""
    for number, page in enumerate(map(bare, pages), 1):
        for line in (*running, f"{number}/{len([page for page in pages if page.strip()])}"):
            page = page.replace(bare(line), "")  # noqa: PLW2901  peeled
        whole += page
    return whole


def texts_of(data: dict[str, Any], languages: tuple[str, ...]) -> Iterator[str]:
    for row in data["findings"]:
        yield row["report_text"]
        for language in languages:
            yield f"{row['code']} {row['title'][language]}"
            yield row["text"][language]
            yield from (f"{c['code']} {c['text'][language]}" for c in row["clauses_not_met"])
        yield from (
            f"{piece['label']} {piece['caption']}" for piece in row["evidence"] if piece["public"]
        )
    for language in languages:
        yield from (row["name"][language] for row in data["categories"])
        yield from data["grade"]["sentences"][language]
        yield data["site"]["supplier"]["name"][language]
    yield from (row["name"] for row in data["team"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", [by_poppler, pages_of])
def test_every_text_is_found_whole(
    data: dict[str, Any],
    printed: Callable[[str], bytes],
    language: str,
    reader: Callable[[bytes], list[str]],
) -> None:
    whole = text_between(reader(printed(language)), data, language)
    languages = ("ja", "en") if language == "both" else (language,)

    expected = list(texts_of(data, languages))

    assert len(expected) > 84 * 3
    assert [text for text in expected if bare(text) not in whole] == []


def test_no_line_begins_with_what_may_not_begin_one(printed: Callable[[str], bytes]) -> None:
    lines = [line.strip() for page in by_poppler(printed("ja")) for line in page.splitlines()]
    full = [line for line in lines if re.search("[ぁ-ん]", line)]

    assert len(full) > 300
    assert [line for line in full if line[0] in NEVER_FIRST] == []
