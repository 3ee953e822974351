"""Whole files: encodings, delimiters, titles above the headings, and what strangers send."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, strategies as st
from openpyxl import Workbook

from suppliers.corporate_numbers import make_corporate_number
from suppliers.imports import FileRefused, read_suppliers, reading
from suppliers.imports.headers import HEADINGS

HEADER = (
    "法人番号", "事業者名", "事業者名カナ", "事業所名", "都道府県", "所在地", "工程",
    "従業員数", "設立日",
)  # fmt: skip
NUMBER = make_corporate_number("000012050002")
ROW = (
    NUMBER,
    "今治綿業株式会社",
    "イマバリメンギョウ",
    "本社工場",
    "愛媛",
    "今治市片原町1-1",
    "製織、染色整理",
    "46名",
    "昭和60年4月1日",
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def csv_text(*rows: Sequence[object], delimiter: str = ",") -> str:
    """The rows as a spreadsheet program writes them, every cell in quotation marks."""
    quoted = (['"' + str(cell).replace('"', '""') + '"' for cell in row] for row in rows)
    return "\r\n".join(delimiter.join(row) for row in quoted) + "\r\n"


def xlsx(*rows: Sequence[Any], title: str = "一覧", before: Sequence[str] = ()) -> bytes:
    """A workbook with the rows on a sheet that comes after the sheets named in `before`."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name in before:
        book.create_sheet(name).append(["この表は使いません"])
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The zip with further parts; `__` in a name stands for `/` and `_DOT_` for `.`."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for info in old.infolist():
            name = info.filename.replace("/", "__").replace(".", "_DOT_")
            new.writestr(info.filename, parts.pop(name, b"") or old.read(info))
        for name, data in parts.items():
            new.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return file.getvalue()


def test_file_of_every_encoding_and_delimiter_reads_the_same() -> None:
    expected = read_suppliers(xlsx(HEADER, ROW), "list.xlsx").rows
    assert expected[0].declared_workers == 46
    assert expected[0].established_on == date(1985, 4, 1)
    for encoding in ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be"):
        for delimiter in (",", "\t", ";"):
            content = csv_text(HEADER, ROW, delimiter=delimiter).encode(encoding)
            parsed = read_suppliers(content, "list.csv")
            assert (parsed.rows, parsed.problems) == (expected, []), (encoding, delimiter)


def test_file_with_cells_of_excel_reads_numbers_and_dates() -> None:
    row = (float(NUMBER), *ROW[1:7], 46.0, datetime(1985, 4, 1))  # noqa: DTZ001  as openpyxl gives it
    parsed = read_suppliers(xlsx(HEADER, row), "LIST.XLSX")
    assert parsed.problems == []
    assert parsed.rows[0].corporate_number == NUMBER
    assert parsed.rows[0].declared_workers == 46
    assert parsed.rows[0].established_on == date(1985, 4, 1)


def test_file_with_title_rows_blank_rows_and_gaps_counts_as_the_sheet() -> None:
    bad = ("7000012050003", *ROW[1:])
    for content, name in (
        (xlsx(["事業者一覧"], [], HEADER, [], ROW, [], bad), "a.xlsx"),
        (csv_text(["事業者一覧"], [""], HEADER, [""], ROW, [""], bad).encode("cp932"), "a.csv"),
    ):
        parsed = read_suppliers(content, name)
        assert [row.row for row in parsed.rows] == [5]
        assert [(each.row, each.column, each.value) for each in parsed.problems] == [
            (7, "法人番号", "7000012050003")
        ]


def test_file_with_a_cell_of_two_lines_counts_rows_and_not_lines() -> None:
    two_lines = (*ROW[:6], "製織\n染色", *ROW[7:])
    bad = (*ROW[:3], "第二工場", "東亜", *ROW[5:])
    parsed = read_suppliers(csv_text(HEADER, two_lines, bad).encode(), "a.csv")
    assert parsed.rows[0].processes == ("weaving", "dyeing")
    assert [each.row for each in parsed.problems] == [3]


def test_file_with_english_headings_in_another_order() -> None:
    order = ("established_on", "site_ja", "prefecture", "processes", "declared_workers", "name_ja")
    header = [HEADINGS[column][1].upper() for column in order]
    row = ("2001-02-03", "Mill 2", "Ehime", "Weaving; Sewing", "1,046", "Imabari Towel")
    parsed = read_suppliers(csv_text(header, row, delimiter=";").encode(), "a.csv")
    assert parsed.problems == []
    assert parsed.rows[0].prefecture == 38
    assert parsed.rows[0].processes == ("weaving", "sewing")
    assert parsed.rows[0].corporate_number is None
    assert parsed.rows[0].declared_workers == 1046


def test_file_with_unknown_columns_gives_warnings_and_rows() -> None:
    parsed = read_suppliers(csv_text((*HEADER, "備考"), (*ROW, "x")).encode(), "a.csv")
    assert len(parsed.rows) == 1
    assert parsed.warnings == ["The column “備考” is not known here and was left out."]


def test_file_with_prefecture_only_in_the_address() -> None:
    header, row = (*HEADER[1:4], "住所"), (*ROW[1:4], "愛媛県今治市1-1")
    assert read_suppliers(csv_text(header, row).encode(), "a.csv").rows[0].prefecture == 38


def test_file_lists_every_bad_cell_with_row_column_value_and_reason() -> None:
    bad = ("123", "", "漢字", "", "東亜", "", "ガラス", "約46", "らいねん")
    parsed = read_suppliers(csv_text(HEADER, bad).encode(), "a.csv")
    assert parsed.rows == []
    assert parsed.bad_rows == 1
    assert {each.row for each in parsed.problems} == {2}
    assert {each.column for each in parsed.problems} == set(HEADER) - {"所在地"}
    assert parsed.problems[0].as_json() == {
        "row": 2,
        "column": "法人番号",
        "value": "123",
        "reason": "A corporate number has 13 digits. Write all 13.",
    }


def test_file_with_several_sites_of_a_supplier_is_normal_and_a_repeated_site_is_not() -> None:
    second = (*ROW[:3], "第二工場", *ROW[4:])
    parsed = read_suppliers(csv_text(HEADER, ROW, second, ROW).encode(), "a.csv")
    assert [row.site_ja for row in parsed.rows] == ["本社工場", "第二工場"]
    assert [(each.row, each.column) for each in parsed.problems] == [(4, "事業所名")]
    assert "row 2" in parsed.problems[0].reason


def test_file_with_two_names_for_one_number_is_refused_at_the_second() -> None:
    other = (NUMBER, "尾州毛織株式会社", "", "尾州工場", *ROW[4:])
    later = (*ROW[:3], "第二工場", *ROW[4:8], "昭和61年")
    parsed = read_suppliers(csv_text(HEADER, ROW, other, later).encode(), "a.csv")
    assert [(each.row, each.column) for each in parsed.problems] == [(3, "事業者名"), (4, "設立日")]


def _bomb() -> bytes:
    sheet = b"<worksheet>" + b"<row/>" * 4_000_000
    return repacked(xlsx(HEADER), xl__worksheets__sheet1_DOT_xml=sheet)


def _entities() -> bytes:
    lol = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    return repacked(xlsx(HEADER), xl__workbook_DOT_xml=lol)


def _many_parts() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(600):
            archive.writestr(f"{number}.xml", b"")
    return file.getvalue()


def _plain_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")
    return file.getvalue()


def _damaged(part: str) -> bytes:
    """A workbook one of whose parts can no longer be unpacked."""
    content = bytearray(xlsx(HEADER, ROW))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = archive.getinfo(part)
    first = found.header_offset + 30 + len(part)  # the local header of openpyxl has no extra field
    content[first : first + 20] = b"\xff" * 20
    return bytes(content)


def _packed_otherwise() -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(HEADER, ROW))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


GOOD = csv_text(HEADER, ROW)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "is empty"),
        (b"", "a.xlsx", "is empty"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3", "a.pdf", "Only .xlsx and .csv"),
        (GOOD.encode(), "a.exe", "Only .xlsx and .csv"),
        (GOOD.encode(), "a", "Only .xlsx and .csv"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "encoding of the file was not recognised"),
        (GOOD.replace("今", "\0").encode(), "a.csv", "encoding of the file was not recognised"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "Only .xlsx and .csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "password"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "cannot be read"),
        (xlsx(HEADER, ROW)[:-300], "a.xlsx", "cannot be read"),
        (_plain_zip(), "a.xlsx", "cannot be read"),
        (_bomb(), "a.xlsx", "implausible size"),
        (_many_parts(), "a.xlsx", "implausible size"),
        (_entities(), "a.xlsx", "cannot be read"),
        (_damaged("xl/workbook.xml"), "a.xlsx", "cannot be read"),
        (_damaged("xl/worksheets/sheet1.xml"), "a.xlsx", "cannot be read"),
        (_damaged("xl/styles.xml"), "a.xlsx", "cannot be read"),
        (_packed_otherwise(), "a.xlsx", "cannot be read"),
        (repacked(xlsx(HEADER, ROW), xl__vbaProject_DOT_bin=b"x"), "a.xlsx", "macros"),
        (
            repacked(
                xlsx(HEADER, ROW), xl__worksheets__sheet1_DOT_xml=b"<worksheet><sheetData><row"
            ),
            "a.xlsx",
            "cannot be read",
        ),
        (csv_text(HEADER).encode(), "a.csv", "no rows below the headings"),
        (xlsx(HEADER), "a.xlsx", "no rows below the headings"),
        (b"1,2,3\r\n4,5,6\r\n", "a.csv", "No row of headings"),
        (csv_text(HEADER[:2], ROW[:2]).encode(), "a.csv", "missing: Site name, Prefecture\\."),
        (csv_text((*HEADER, "工程"), (*ROW, "")).encode(), "a.csv", "occurs twice"),
        ((GOOD + '"unclosed,').encode(), "a.csv", "in row 3 .line 3"),
        ((GOOD + 'a,"b"c",d\r\n').encode(), "a.csv", "quotation marks in row 3"),
        ((GOOD + '"' + "a,b\r\n" * 20_000).encode(), "a.csv", "quotation marks in row 3"),
        ((GOOD + "あ" * 40_000).encode(), "a.csv", "Line 3 of the file, or a cell in it, has more"),
        ((GOOD + "あ," * 60_000).encode(), "a.csv", "more than 100,000 characters"),
        ((GOOD + "," * 100 + "a").encode(), "a.csv", "Row 3 has more than 100 columns"),
        (b"a" * (10 * 1024 * 1024 + 1), "a.csv", "larger than 10 MB"),
    ],
)
def test_file_that_cannot_be_read_is_refused_with_a_sentence(
    content: bytes, name: str, reason: str
) -> None:
    with pytest.raises(FileRefused, match=reason):
        read_suppliers(content, name)


def test_refusal_names_the_headings_in_the_language_of_the_reader() -> None:
    some, none = csv_text(HEADER[:2], ROW[:2]).encode(), b"1,2,3\r\n"
    with translation.override("ja"):
        for content, names in ((some, "事業所名、都道府県"), (none, "法人番号、事業者名、")):
            with pytest.raises(FileRefused, match=names):
                read_suppliers(content, "a.csv")
    with pytest.raises(FileRefused, match="Corporate number, Supplier name, "):
        read_suppliers(none, "a.csv")


def test_file_takes_the_sheet_with_the_headings_and_no_hidden_one() -> None:
    parsed = read_suppliers(xlsx(HEADER, ROW, before=["表紙", "記入例"]), "a.xlsx")
    assert len(parsed.rows) == 1
    book = Workbook()
    book.active.append(["空"])  # type: ignore[union-attr]
    hidden = book.create_sheet("隠し")
    hidden.append(HEADER)
    hidden.append(ROW)
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(FileRefused, match="No row of headings"):
        read_suppliers(file.getvalue(), "a.xlsx")


def test_file_with_a_formula_counts_with_its_saved_value() -> None:
    parsed = read_suppliers(xlsx(HEADER, (*ROW[:7], "=40+6", ROW[8])), "a.xlsx")
    # openpyxl saves no value beside a formula: the file is silent, and nothing is calculated.
    assert parsed.rows[0].declared_workers is None


def test_file_of_a_workbook_under_the_name_of_csv_is_read_by_its_content() -> None:
    assert len(read_suppliers(xlsx(HEADER, ROW), "a.csv").rows) == 1
    assert len(read_suppliers(GOOD.encode("cp932"), "a.xlsx").rows) == 1


def test_file_with_more_rows_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    rows = [(*ROW[:3], f"第{number}工場", *ROW[4:]) for number in range(3)]
    with pytest.raises(FileRefused, match="more than 2 rows"):
        read_suppliers(csv_text(HEADER, *rows).encode(), "a.csv")


def test_file_of_ten_thousand_rows_is_read_in_seconds() -> None:
    rows = [
        (make_corporate_number(f"{number:012d}"), f"第{number}織布株式会社", *ROW[2:])
        for number in range(10_000)
    ]
    for content, name in (
        (xlsx(HEADER, *rows), "a.xlsx"),
        (csv_text(HEADER, *rows).encode("cp932"), "a.csv"),
    ):
        start = time.perf_counter()
        parsed = read_suppliers(content, name)
        assert (len(parsed.rows), parsed.problems) == (10_000, [])
        assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    "content",
    [
        b"a," * (5 * 1024 * 1024 - 10),
        b"\n".join([b",".join(b"x%d" % number for number in range(500_000))] * 2),
        (b'"a\n",' * 2 * 1024 * 1024)[: 10 * 1024 * 1024],
    ],
    ids=["one line", "two lines", "one record"],
)
def test_file_of_a_line_without_end_is_refused_at_once(content: bytes) -> None:
    start = time.process_time()
    with pytest.raises(FileRefused):
        read_suppliers(content, "a.csv")
    assert time.process_time() - start < 5


def test_file_with_empty_cells_after_every_row_is_read() -> None:
    rows = GOOD.replace("\r\n", "," * 16_000 + "\r\n")
    assert len(read_suppliers(rows.encode(), "a.csv").rows) == 1


@given(content=st.binary(max_size=400), head=st.sampled_from([b"", b"PK\x03\x04", GOOD.encode()]))
def test_file_of_any_bytes_is_read_or_refused(content: bytes, head: bytes) -> None:
    for name in ("a.csv", "a.xlsx"):
        with suppress(FileRefused):
            assert read_suppliers(head + content, name).headings.places
