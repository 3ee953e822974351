"""The printed report: whole, marked as what it is, and the same every time."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from reports.documents import render_pdf, typeset
from tests.reports.texts import bare, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

# Without the mark no database would be made when only this file is run.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_report_has_contents_bookmarks_language_and_tags(
    data: dict[str, Any], printed: Callable[[str], bytes]
) -> None:
    reader = PdfReader(io.BytesIO(printed("ja")))
    root: Any = reader.trailer["/Root"]

    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  pypdf's own kind of boolean
    titles = [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)]
    assert [title.split()[0] for title in titles] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert f"{len(reader.pages)}/{len(reader.pages)}" in bare(reader.pages[-1].extract_text())
    assert data["number"] in str(reader.metadata and reader.metadata.title)


def test_report_holds_each_photo_once_as_it_came(
    pictures: dict[str, bytes], printed: Callable[[str], bytes]
) -> None:
    content = printed("ja")

    assert len(pictures) == 4
    for picture in pictures.values():
        assert content.count(picture) == 1


def test_missing_photo_is_said(small: dict[str, Any]) -> None:
    assert "この写真は表示できません" in text_of(render_pdf(small, "ja", pictures={}))


def test_report_is_the_same_bytes_at_any_time(
    data: dict[str, Any], pictures: dict[str, bytes], printed: Callable[[str], bytes]
) -> None:
    first = printed("ja")
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        second = render_pdf(data, "ja", pictures=pictures)

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


@pytest.mark.parametrize(
    ("language", "where"), [("ja", "愛媛県"), ("en", "Ehime"), ("both", "愛媛県")]
)
def test_report_is_the_same_bytes_whatever_language_is_active(
    small: dict[str, Any], language: str, where: str
) -> None:
    """Of a site without an address the prefecture is named, in the language of the report."""
    place = {**small["site"], "prefecture": {"code": 38}, "address": ""}
    data = {**small, "site": place}
    with override("en"):
        first = render_pdf(data, language, pictures={})
    with override("ja"):
        second = render_pdf(data, language, pictures={})

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()
    assert where in bare(text_of(first))


def test_draft_is_marked_on_every_page(
    small: dict[str, Any], pictures: dict[str, bytes], printed: Callable[[str], bytes]
) -> None:
    draft = {
        **small,
        "draft": True,
        "revision": 0,
        "verification_code": "",
        "verification_address": "",
    }

    reader = PdfReader(io.BytesIO(render_pdf(draft, "ja", pictures=pictures)))

    assert all("草案" in page.extract_text() for page in reader.pages)
    # Nothing was decided: the grade on the cover is only the computed one.
    assert "算出された判定" in bare(reader.pages[0].extract_text())
    assert "草案" not in text_of(printed("ja"))


def test_between_is_called_so_that_the_lease_can_be_renewed(
    small: dict[str, Any], pictures: dict[str, bytes]
) -> None:
    calls: list[int] = []

    typeset(small, "ja", pictures, calls.append)

    assert len(calls) >= 2
    assert calls == sorted(calls)
