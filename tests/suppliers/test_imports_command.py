"""The command import_suppliers: what it prints and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from suppliers.models import Site
from tests.suppliers.test_imports_files import HEADER, ROW, csv_text

pytestmark = pytest.mark.django_db
BAD = (*ROW[:3], "第二工場", "東亜", *ROW[5:])


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def run(file: Path, *flags: str) -> tuple[int, str, str]:
    """Exit code, standard output and the rest."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_suppliers", str(file), *flags, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode("cp932"))
    return file


def as_json(out: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(out)
    assert list(answer) == ["created", "updated", "skipped", "errors"]
    return answer


def test_command_imports_and_counts(tmp_path: Path) -> None:
    file = written(tmp_path, csv_text(HEADER, ROW))
    assert run(file, "--json") == (
        0,
        json.dumps({"created": 1, "updated": 0, "skipped": 0, "errors": []}, indent=2) + "\n",
        "",
    )
    assert run(file) == (0, "Created 0, updated 0, skipped 1 rows.\n", "")


def test_command_with_a_bad_row_ends_with_one_and_imports_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, csv_text(HEADER, ROW, BAD))
    code, out, _err = run(file, "--json")
    assert code == 1
    assert as_json(out)["created"] == 0
    (error,) = as_json(out)["errors"]
    assert list(error) == ["row", "column", "value", "reason"]
    assert (error["row"], error["column"], error["value"]) == (3, "都道府県", "東亜")
    assert not Site.objects.exists()
    code, out, err = run(file)
    assert (code, out) == (1, "")
    assert "Row 3 都道府県 東亜: This is not one of the 47 prefectures." in err
    assert "Nothing was imported." in err


def test_command_that_skips_bad_rows_ends_with_nought(tmp_path: Path) -> None:
    code, out, _err = run(written(tmp_path, csv_text(HEADER, ROW, BAD)), "--skip-bad", "--json")
    assert code == 0
    answer = as_json(out)
    assert (answer["created"], answer["skipped"], len(answer["errors"])) == (1, 1, 1)


def test_command_with_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    code, out, _err = run(written(tmp_path, ""), "--json", "--skip-bad")
    assert code == 1
    assert as_json(out)["errors"][0]["reason"].startswith("The file is empty.")
    code, out, err = run(tmp_path / "nowhere.csv", "--json")
    assert (code, out) == (1, "")
    assert "cannot be opened" in err


def test_command_says_in_japanese_or_english_which_columns_it_left_out(tmp_path: Path) -> None:
    file = written(tmp_path, csv_text((*HEADER, "備考"), (*ROW, "")))
    code, out, err = run(file, "--json")
    assert (code, as_json(out)["created"]) == (0, 1)
    assert "備考" in err
