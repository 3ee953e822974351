"""Reading an uploaded workbook of the standard, and what it leaves out."""

from __future__ import annotations

import csv
import io
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from audits.standards.catalogue import CATEGORIES, CLAUSES, REQUIREMENTS, Catalogue
from audits.standards.composing import Composed, compose
from audits.standards.headings import COLUMNS
from audits.standards.terms import Provenance, Severity
from audits.standards.uploads import read_upload
from audits.standards.workbooks import write_workbook
from suppliers.imports.problems import FileRefused

if TYPE_CHECKING:
    from collections.abc import Sequence


def book(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def composed(content: bytes, shipped: Catalogue, name: str = "a.xlsx") -> Composed:
    return compose(read_upload(content, name), shipped.contents)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_downloaded_version_comes_back_the_same(shipped: Catalogue, language: str) -> None:
    with override(language):
        content = write_workbook(shipped.contents)
    made = composed(content, shipped)
    assert made.problems == []
    assert made.remarks == []
    assert made.categories == shipped.contents.categories
    assert made.requirements == shipped.contents.requirements
    assert made.clauses == shipped.contents.clauses


def test_cells_of_the_download_are_text(shipped: Catalogue) -> None:
    page = load_workbook(io.BytesIO(write_workbook(shipped.contents))).worksheets[1]
    assert page["A2"].value == "1-1"
    assert page["A2"].number_format == "@"
    assert page["A2"].data_type == "s"


def test_missing_columns_come_from_the_base_and_the_text_is_official(shipped: Catalogue) -> None:
    rows = [("番号", "見出し", "要求事項の文言")] + [
        (row.code, row.title_ja, "新しい文言。" if row.code == "5-7" else row.text_ja)
        for row in shipped.contents.requirements
    ]
    made = composed(book({"要求事項": rows}), shipped)
    assert made.problems == []
    new = {row.code: row for row in made.requirements}
    old = {row.code: row for row in shipped.contents.requirements}
    assert new["5-7"].text_ja == "新しい文言。"
    assert new["5-7"].provenance == Provenance.OFFICIAL
    assert (new["5-7"].severity, new["5-7"].text_en) == (old["5-7"].severity, old["5-7"].text_en)
    assert made.clauses == shipped.contents.clauses
    # Both the English text and the clauses of 5-7 may no longer fit.
    assert len(made.remarks) == 2
    assert all("5-7" in remark for remark in made.remarks)


def test_a_csv_of_requirements_is_read_in_the_encoding_of_japanese_excel(
    shipped: Catalogue,
) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["要求事項一覧"])
    writer.writerow(["番号", "見出し", "要求事項の文言", "重大度"])
    for row in shipped.contents.requirements:
        writer.writerow([row.code, row.title_ja, "文言", "重要"])
    made = composed(out.getvalue().encode("cp932"), shipped, "list.csv")
    assert made.problems == []
    assert {row.severity for row in made.requirements} == {Severity.MAJOR}


def test_characters_that_nobody_sees_are_not_taken_into_a_text(shipped: Catalogue) -> None:
    heading, new = "番号,見出し,要求事項の文言", '5-7,見出し\x07,"一行目\x01\n二行目"'
    made = composed(f"{heading}\n{new}\n".encode(), shipped, "a.csv")
    row = next(row for row in made.requirements if row.code == "5-7")
    assert (row.title_ja, row.text_ja) == ("見出し", "一行目\n二行目")
    with pytest.raises(FileRefused):
        composed(f"{heading}\n5-7,見出し\0,文言\n".encode(), shipped, "a.csv")


def test_a_line_without_end_is_refused_at_once() -> None:
    start = time.process_time()
    with pytest.raises(FileRefused):
        read_upload(b"a," * (5 * 1024 * 1024 - 10), "a.csv")
    assert time.process_time() - start < 5


def test_problems_name_sheet_row_and_column(shipped: Catalogue) -> None:
    rows = [
        ("番号", "見出し", "要求事項の文言", "重大度"),
        ("1-1", "見出し", "", "重要"),
        ("9-77", "新しい", "文言", "深刻"),
        ("1-1", "見出し", "文言", "重要"),
        (date(2026, 5, 7), "見出し", "文言", "重要"),
    ]
    made = composed(book({"基準": rows}), shipped)
    assert ("基準", 2, "要求事項の文言") in {(p.file, p.row, p.column) for p in made.problems}
    places = {(p.file, p.row, p.column) for p in made.problems}
    assert {("基準", 3, "重大度"), ("基準", 4, "番号"), ("基準", 5, "番号")} <= places


def test_a_new_requirement_needs_its_severity_and_becomes_its_own_clause(
    shipped: Catalogue,
) -> None:
    heading = ("番号", "見出し", "見出し(英語)", "要求事項の文言", "要求事項の文言(英語)")
    old = [
        (row.code, row.title_ja, row.title_en, row.text_ja, row.text_en)
        for row in shipped.contents.requirements
    ]
    new = ("9-7", "新しい", "New", "新しい文言", "New text")
    made = composed(book({"要求事項": [heading, *old, new]}), shipped)
    assert [(p.row, p.column) for p in made.problems] == [(86, "重大度")]
    rows = [(*row, "重要") for row in (*old, new)]
    made = composed(book({"要求事項": [(*heading, "重大度"), *rows]}), shipped)
    assert made.problems == []
    assert made.clauses[-1].code == "9-7a"
    assert made.clauses[-1].text_ja == "新しい文言"


def test_a_row_taken_out_leaves_no_gap_in_the_order(shipped: Catalogue) -> None:
    book_ = load_workbook(io.BytesIO(write_workbook(shipped.contents)))
    codes = [row[0].value for row in book_["要求事項"].iter_rows()]
    book_["要求事項"].delete_rows(codes.index("6-1") + 1)
    clauses = [str(row[0].value) for row in book_["細目"].iter_rows()]
    for place in reversed(range(len(clauses))):
        if clauses[place].startswith("6-1") and clauses[place][3].isalpha():
            book_["細目"].delete_rows(place + 1)
    out = io.BytesIO()
    book_.save(out)
    made = composed(out.getvalue(), shipped)
    assert made.problems == []
    assert [row.order for row in made.requirements] == list(range(1, 84))


def test_official_codes_of_clauses_and_unknown_sheets_and_columns(shipped: Catalogue) -> None:
    clauses = [("番号", "細目の文言", "細目の文言(英語)", "備考")] + [
        (f"{row.code}-1", "細目", "Clause", "x") for row in shipped.contents.requirements
    ]
    with override("ja"):
        content = write_workbook(shipped.contents)
    made_book = load_workbook(io.BytesIO(content))
    made_book.remove(made_book["細目"])
    page = made_book.create_sheet("細目")
    for row in clauses:
        page.append(row)
    made_book.create_sheet("メモ").append(["覚書"])
    out = io.BytesIO()
    made_book.save(out)
    made = composed(out.getvalue(), shipped)
    assert made.problems == []
    assert [row.code for row in made.clauses][:2] == ["1-1-1", "1-2-1"]
    assert {row.provenance for row in made.clauses} == {row.provenance for row in made.requirements}
    assert len(made.remarks) == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"hello", "a.csv"),
        (b"a,b\n1,2\n", "a.csv"),
        (b"\xff\xfe\x00", "a.csv"),
        (b"x", "a.pdf"),
    ],
)
def test_what_is_no_standard_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    with pytest.raises(FileRefused):
        read_upload(content, name)


def test_every_column_of_the_catalogue_has_a_heading(shipped: Catalogue) -> None:
    assert set(COLUMNS) == {CATEGORIES, REQUIREMENTS, CLAUSES}
    assert {column.name for column in COLUMNS[REQUIREMENTS]} == set(
        type(shipped.contents.requirements[0]).__slots__
    )
