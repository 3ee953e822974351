"""Files that are no workbook of an audit, or more than one: each is refused with a sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from audits.models import Audit
from audits.services.workbook.columns import NAMES
from audits.services.workbook.reading import read_workbook
from suppliers.imports.problems import FileRefused
from tests.audits.workbooks import Sheet, download, seen
from tests.factories import Scheme

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def zipped(content: bytes, name: str, text: bytes) -> bytes:
    """The workbook with one part replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return out.getvalue()


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


def laughs(before: str = "") -> bytes:
    """A billion laughs, with something before them."""
    text = (
        f'<?xml version="1.0"?>{before}<!DOCTYPE x [<!ENTITY a0 "ha">{ENTITIES}]><sst>&a11;</sst>'
    )
    return text.encode()


def hostile(content: bytes) -> dict[str, tuple[bytes, str]]:
    plain = Workbook()
    plain.active["A1"] = "code"  # type: ignore[index]  # a new workbook has one
    out = io.BytesIO()
    plain.save(out)
    twice, headless, doubled = Sheet(content), Sheet(content), Sheet(content)
    twice.book.copy_worksheet(twice.sheet)
    for cell in headless.sheet[NAMES]:
        if str(cell.value).startswith("{") or ":" in str(cell.value):
            cell.value = None
    doubled.sheet.cell(NAMES, 40).value = "reason"
    long = Sheet(content)
    long.sheet.cell(600, 1).value = "5-7"
    return {
        "not a workbook": (out.getvalue(), "a.xlsx"),
        "sheet twice": (twice.saved(), "a.xlsx"),
        "no head": (headless.saved(), "a.xlsx"),
        "column twice": (doubled.saved(), "a.xlsx"),
        "too many rows": (long.saved(), "a.xlsx"),
        "laughs": (zipped(content, "xl/sharedStrings.xml", laughs()), "a.xlsx"),
        "hidden laughs": (
            zipped(content, "xl/sharedStrings.xml", laughs(f"<!--{'x' * 9000}-->")),
            "a.xlsx",
        ),
        "links": (zipped(content, "xl/externalLinks/externalLink1.xml", b"<a/>"), "a.xlsx"),
        "macros": (zipped(content, "xl/vbaProject.bin", b"MZ"), "a.xlsx"),
        "cut off": (content[:-400], "a.xlsx"),
        "bomb": (zipped(content, "xl/media/a.bin", b"\0" * 80_000_000), "a.xlsx"),
        "text": (b"code,judgement\n5-7,x\n", "a.csv"),
        "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
        "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx"),
        "empty": (b"", "a.xlsx"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    [
        "not a workbook", "sheet twice", "no head", "column twice", "too many rows", "laughs",
        "hidden laughs", "links", "macros", "cut off", "bomb", "text", "old", "encrypted", "empty",
    ],
)  # fmt: skip
def test_hostile_file_is_refused_with_a_sentence(kind: str, audit: Audit, scheme: Scheme) -> None:
    content, name = hostile(download(audit))[kind]

    with pytest.raises(FileRefused) as refusal:
        seen(content, audit, scheme, name)

    assert len(str(refusal.value)) > 20


def test_file_that_is_too_large_is_refused_before_it_is_opened(audit: Audit) -> None:
    with pytest.raises(FileRefused, match=r"10 ?MB"):
        read_workbook(b"PK\x03\x04" + b"\0" * (10 * 1024 * 1024), "a.xlsx")
