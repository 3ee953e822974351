"""The printed report: complete, harmless whatever people write, and the same every time."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from audits.models import Audit
from audits.terms import Status
from reports.documents import render_pdf, typeset
from reports.models import Snapshot
from reports.services.reporting import pictures_of
from tests.factories import Scheme, audit_at
from tests.reports.texts import bare, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Without the mark no database would be made when only this file is run.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
CODES = ("1-1", "3-4", "5-7", "9-1")


@pytest.fixture(scope="module")
def _issued(django_db_setup: None, django_db_blocker: Any) -> tuple[Any, Any]:
    """One issued audit for the whole module, as plain data: printing needs no database."""
    from django.test import TestCase  # noqa: PLC0415  the case only lends its transaction

    with django_db_blocker.unblock():
        TestCase.setUpClass()
        try:
            audit = audit_at(Status.ISSUED, Scheme(), nonconforming=CODES)
            data = Snapshot.objects.get(audit=audit).data
            pictures = pictures_of(Audit.objects.get(pk=audit.pk), data)
        finally:
            TestCase.tearDownClass()
    return data, pictures


@pytest.fixture
def data(_issued: tuple[dict[str, Any], Any]) -> dict[str, Any]:
    return _issued[0]


@pytest.fixture
def pictures(_issued: tuple[Any, dict[str, bytes]]) -> dict[str, bytes]:
    return _issued[1]


@pytest.fixture(scope="module")
def printed(_issued: tuple[dict[str, Any], dict[str, bytes]]) -> Callable[[str], bytes]:
    """Give the report in a language, printed once for all who only read it."""
    data, pictures = _issued
    return cache(lambda language: render_pdf(data, language, pictures=pictures))


@pytest.mark.parametrize("language", ["ja", "en", "both"])
def test_report_prints_every_requirement_and_finding(
    data: dict[str, Any], printed: Callable[[str], bytes], language: str
) -> None:
    text = text_of(printed(language))

    for row in data["findings"]:
        assert row["code"] in text
        assert bare(row["title"]["en" if language == "en" else "ja"]) in text
        assert bare(row["report_text"]) in text
    for language_of_site in ("ja", "en") if language == "both" else (language,):
        assert bare(data["site"]["name"][language_of_site]) in text
    assert bare(data["verification_code"]) in text


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

    assert len(pictures) == len(CODES)
    for picture in pictures.values():
        assert content.count(picture) == 1


def test_missing_photo_is_said(data: dict[str, Any]) -> None:
    assert "この写真は表示できません" in text_of(render_pdf(data, "ja", pictures={}))


def test_report_is_the_same_bytes_at_any_time(
    data: dict[str, Any], pictures: dict[str, bytes], printed: Callable[[str], bytes]
) -> None:
    first = printed("ja")
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        second = render_pdf(data, "ja", pictures=pictures)

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


def test_draft_is_marked_on_every_page(
    data: dict[str, Any], pictures: dict[str, bytes], printed: Callable[[str], bytes]
) -> None:
    draft = {
        **data,
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


def test_rare_characters_are_not_replaced_by_boxes(
    data: dict[str, Any], pictures: dict[str, bytes]
) -> None:
    rare = "﨑髙𠮷①㈱ ﾊﾝｶｸ Điều kiện नेपाली မြန်မာ"
    data = {**data, "purpose": rare}

    content = render_pdf(data, "ja", pictures=pictures)

    # a font for every script is in the file: nothing fell back to an empty box
    fonts = str([font for page in PdfReader(io.BytesIO(content)).pages for font in fonts_of(page)])
    for script in ("UDPGothic", "CJK-JP", "Devanagari", "Myanmar"):
        assert script in fonts
    assert bare("﨑髙𠮷①㈱ﾊﾝｶｸĐiềukiện") in text_of(content)


def fonts_of(page: Any) -> list[str]:
    return [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]


class Listener:
    """Counts who calls."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.2)
        self.port = self.server.getsockname()[1]
        self.calls = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _address = self.server.accept()
            except TimeoutError:
                continue
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self.ended.set()
        self.thread.join()
        self.server.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def test_hostile_texts_are_printed_as_text(
    data: dict[str, Any], pictures: dict[str, bytes], listener: Listener
) -> None:
    address = f"http://127.0.0.1:{listener.port}/x.png"
    texts = [
        f"<img src={address}>",
        f"<link rel=stylesheet href={address}><style>@import url({address})</style>",
        "<iframe src=file:///etc/passwd></iframe> url(file:///etc/passwd)",
        "{% include 'x' %}{{ settings.SECRET_KEY }} &lt;b&gt;",
        "W" * 10_000,
        "\u202eabc\u202c \u200fعربي\u200f",
    ]
    findings = [dict(row) for row in data["findings"]]
    for row, text in zip(findings, texts, strict=False):
        row |= {"judgement": "nonconforming", "severity": "major", "report_text": text}
    hostile = {
        **data,
        "findings": findings,
        "site": {**data["site"], "address": texts[0], "name": {"ja": texts[2], "en": texts[2]}},
        "purpose": texts[1],
    }

    printed = typeset(hostile, "ja", pictures)
    text = text_of(printed.content)

    assert listener.calls == 0
    for said in texts[:4]:
        assert bare(said) in text
    assert text.count("W") >= 10_000
    assert "root:x:" not in text
    assert all(row["code"] in text for row in findings)


def test_between_is_called_so_that_the_lease_can_be_renewed(
    data: dict[str, Any], pictures: dict[str, bytes]
) -> None:
    calls: list[int] = []

    typeset(data, "ja", pictures, calls.append)

    assert len(calls) >= 2
    assert calls == sorted(calls)
