"""Reading a catalogue: what is tolerated, and what is told for each kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.translation import override

from audits.standards.catalogue import Catalogue, read_catalogue
from audits.standards.problems import Problem

REQUIREMENTS, CLAUSES, CATEGORIES = "requirements.csv", "clauses.csv", "categories.csv"
MANIFEST = "manifest.yaml"


def swap(old: str, new: str, times: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, times)

    return change


def without_line(start: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        kept = [line for line in text.splitlines(keepends=True) if not line.startswith(start)]
        assert len(kept) == text.count("\n") - 1
        return "".join(kept)

    return change


def in_line(start: str, old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        (place,) = [place for place, line in enumerate(lines) if line.startswith(start)]
        assert old in lines[place]
        lines[place] = lines[place].replace(old, new, 1)
        return "".join(lines)

    return change


def spoil(folder: Path, file: str, change: Callable[[str], str]) -> list[Problem]:
    path = folder / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = read_catalogue(folder)
    assert isinstance(found, list)
    return found


def test_catalogue_with_bom_crlf_and_blank_lines_reads_the_same(
    folder: Path, shipped: Catalogue
) -> None:
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        end = "\r\n" if path.suffix == ".yaml" else "\r\n,,\r\n\r\n"
        path.write_bytes(
            b"\xef\xbb\xbf" + text.replace("\n", "\r\n").removesuffix("\r\n").encode() + b"\r\n"
        )
        if path.name == CLAUSES:
            path.write_bytes(path.read_bytes() + end.encode())
    found = read_catalogue(folder)
    assert isinstance(found, Catalogue)
    assert found.contents.fingerprint() == shipped.contents.fingerprint()


def test_catalogue_with_columns_in_another_order_reads_the_same(
    folder: Path, shipped: Catalogue
) -> None:
    path = folder / CATEGORIES
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join(reversed(row)) for row in rows), encoding="utf-8")
    assert read_catalogue(folder) == shipped


FAULTS: list[tuple[str, Callable[[str], str], int | None, str, str]] = [
    (REQUIREMENTS, without_line("1-4,"), None, "category", "Category 1 has 8 requirements, 9"),
    (REQUIREMENTS, in_line("1-2,", "1-2,1,", "1-1,1,"), 3, "code", "1-1 already stands in row 2"),
    (REQUIREMENTS, in_line("1-2,", ",2,", ",1,"), 3, "order", "1 already stands in row 2"),
    (REQUIREMENTS, in_line("1-2,", ",2,", ",85,"), 3, "order", "from 1 to 84"),
    (REQUIREMENTS, in_line("1-2,", ",2,", ",二,"), 3, "order", "from 1 to 84"),
    (REQUIREMENTS, in_line("1-2,", "1-2,1,", "1-2,2,"), 3, "code", "begin with its category"),
    (REQUIREMENTS, in_line("1-2,", "1-2,1,", "1-2,10,"), 3, "category", "from 1 to 9"),
    (REQUIREMENTS, in_line("1-2,", "1-2,", "1.2,"), 3, "code", "A code such as 5-7"),
    (REQUIREMENTS, in_line("1-3,", "賃金控除の明示", ""), 4, "title_ja", "A text is required"),
    (REQUIREMENTS, in_line("6-7,", "Rest breaks", ""), 56, "title_en", "A text is required"),
    (REQUIREMENTS, in_line("1-3,", "賃金控除の明示", "長" * 201), 4, "title_ja", "200"),
    (REQUIREMENTS, in_line("1-2,", ",unacceptable,", ",fatal,"), 3, "severity", "Must be one of"),
    (REQUIREMENTS, in_line("2-5,", ",minors,", ",children,"), 15, "condition", "Must be one of"),
    (REQUIREMENTS, in_line("1-2,", ",provisional,", ",rumour,"), 3, "provenance", "Must be one"),
    (REQUIREMENTS, swap(",severity,", ",weight,"), 1, "severity", "column is missing"),
    (REQUIREMENTS, swap(",source\n", ",severity\n"), 1, "severity", "more than once"),
    (REQUIREMENTS, in_line("1-2,", "1-2,", "1-2,,"), 3, "", "has 18 cells, the header 17"),
    (REQUIREMENTS, in_line("6-7,", "Rest breaks", '"Rest "breaks'), 56, "", "quotation marks"),
    (REQUIREMENTS, lambda _: "", None, "", "The file is empty"),
    (CLAUSES, in_line("1-1b,", "1-1b,", "1-99a,"), 3, "code", "There is no requirement 1-99"),
    (CLAUSES, in_line("1-1b,", "1-1b,", "1-1,"), 3, "code", "A code such as 5-7a"),
    (CLAUSES, in_line("1-1b,", "1-1b,", "1-1a,"), 3, "code", "1-1a already stands in row 2"),
    (CLAUSES, in_line("1-1b,", ".,\n", ".,weather\n"), 3, "condition", "Must be one of"),
    (CLAUSES, in_line("1-1a,", "Nobody works against their own free will.", ""), 2, "text_en", ""),
    (CATEGORIES, without_line("9,"), None, "number", "Category 9 is missing"),
    (CATEGORIES, in_line("9,", "9,外", "8,外"), 10, "number", "8 already stands in row 9"),
    (CATEGORIES, in_line("9,", "Foreign workers", ""), 10, "name_en", "A text is required"),
    (MANIFEST, swap("version:", "edition:"), None, "version", "A text is required"),
    (MANIFEST, swap("version:", "edition:"), 2, "edition", "The entry is not known"),
    (MANIFEST, swap("2025-04-01", "spring"), 5, "effective_on", "A date such as"),
    (
        MANIFEST,
        swap("mandatory_from:", "mandatory_from: 2024-04-01"),
        7,
        "mandatory_from",
        "before",
    ),
    (MANIFEST, swap("status: active", "status: done"), 9, "status", "Must be one of"),
    (MANIFEST, swap("84", "85"), 13, "expected.requirements", "the sum"),
    (MANIFEST, swap("1: 9,", "1: nine,"), 14, "expected.categories", "per category"),
    (MANIFEST, in_line("  official", "false", "maybe"), 19, "criteria.official", "Must be"),
    (MANIFEST, swap("A: 90", "A: 101"), 26, "criteria.grading.thresholds", "at most 100"),
    (MANIFEST, swap("minor: 1}", "minor: 5}"), 24, "criteria.grading.points", "fewer points"),
    (MANIFEST, swap("[unacceptable]", "[minor]"), 22, "criteria.grading.knock_out", "graver"),
    (MANIFEST, swap("version:", "version: ["), None, "", "not valid YAML"),
    (MANIFEST, lambda _: "- one\n", None, "", "must hold names with values"),
]


@pytest.mark.parametrize(("file", "change", "row", "column", "reason"), FAULTS)
def test_fault_is_told_with_file_row_column_and_reason(
    folder: Path,
    file: str,
    change: Callable[[str], str],
    row: int | None,
    column: str,
    reason: str,
) -> None:
    problems = spoil(folder, file, change)
    with override("en"):
        told = [(item.file, item.column, str(item.reason)) for item in problems]
        fitting = [
            item
            for item in problems
            if (item.file, item.column) == (file, column) and reason in str(item.reason)
        ]
    assert fitting, told
    assert row is None or fitting[0].row == row


def test_fault_is_told_in_japanese(folder: Path) -> None:
    (problem,) = spoil(folder, REQUIREMENTS, in_line("1-3,", "賃金控除の明示", ""))
    with override("ja"):
        assert str(problem.reason) == "文字を入力してください。"


def test_every_fault_is_told_in_one_go(folder: Path) -> None:
    spoil(folder, REQUIREMENTS, in_line("1-2,", ",unacceptable,", ",fatal,"))
    spoil(folder, MANIFEST, swap("status: active", "status: done"))
    problems = spoil(folder, CLAUSES, in_line("1-1b,", "1-1b,", "1-99a,"))
    assert {problem.file for problem in problems} == {REQUIREMENTS, MANIFEST, CLAUSES}


def test_requirement_without_clause_is_told(folder: Path) -> None:
    path = folder / CLAUSES
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("6-7")), "utf-8")
    found = read_catalogue(folder)
    assert isinstance(found, list)
    with override("en"):
        assert [str(item.reason) for item in found] == ["Requirement 6-7 has no clause."]


def test_category_that_the_manifest_does_not_expect_is_told(folder: Path) -> None:
    spoil(folder, MANIFEST, swap("requirements: 84", "requirements: 78"))
    problems = spoil(folder, MANIFEST, swap(", 9: 6}", "}"))
    with override("en"):
        assert [str(item.reason) for item in problems] == [
            "Category 9 is not expected by the manifest."
        ]


@pytest.mark.parametrize("file", [MANIFEST, CATEGORIES, REQUIREMENTS, CLAUSES])
def test_missing_file_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    found = read_catalogue(folder)
    assert isinstance(found, list)
    assert [(item.file, item.row) for item in found] == [(file, None)]


@pytest.mark.parametrize("file", [MANIFEST, REQUIREMENTS])
def test_file_in_shift_jis_is_told_with_its_row(folder: Path, file: str) -> None:
    path = folder / file
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp932", errors="replace"))
    found = read_catalogue(folder)
    assert isinstance(found, list)
    (problem,) = [item for item in found if item.file == file]
    assert problem.row is not None
    assert problem.row > 1


def test_recursive_manifest_is_refused(folder: Path) -> None:
    spoil(folder, MANIFEST, lambda text: text + "\nloop: &loop {again: *loop}\n")


def test_official_clause_codes_are_accepted(folder: Path) -> None:
    path = folder / CLAUSES
    text = in_line("1-1b,", "1-1b,", "1-1-2,")(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    found = read_catalogue(folder)
    assert isinstance(found, Catalogue)
    assert [clause.code for clause in found.contents.clauses[:3]] == ["1-1a", "1-1-2", "1-1c"]
