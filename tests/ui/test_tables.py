"""Downloads of lists: readable by Excel, harmless, in Japan time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from ui.tables import Value, as_csv, as_xlsx


def body(response: StreamingHttpResponse | FileResponse) -> bytes:
    """Read the answer to its end, and close it as the test client does: not the database."""
    content: bytes = response.getvalue()
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)
    return content


def read(response: StreamingHttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_csv_begins_with_a_byte_order_mark_unless_refused() -> None:
    assert body(as_csv("監査.csv", ["番号"], [])) == "\ufeff番号\r\n".encode()
    assert body(as_csv("a.csv", ["番号"], [], bom=False)) == "番号\r\n".encode()


def test_csv_is_named_in_japanese() -> None:
    response = as_csv("監査.csv", ["a"], [])
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%9B%A3")
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+81-898", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠x"],
)
def test_csv_neutralises_formulas_in_text(text: str) -> None:
    assert read(as_csv("a.csv", [text], [[text]])) == [[f"'{text}"], [f"'{text}"]]


def test_csv_keeps_numbers_dates_and_quotes() -> None:
    moment = datetime(2026, 11, 23, 1, 47, 5, tzinfo=UTC)
    row: list[Value] = [-5, Decimal("-0.5"), True, None, date(2026, 11, 23), moment, 'a "b", c\nd']
    assert read(as_csv("a.csv", ["x"], [row]))[1] == [
        "-5",
        "-0.5",
        "1",
        "",
        "2026-11-23",
        "2026-11-23 10:47:05",
        'a "b", c\nd',
    ]


def test_csv_streams_row_by_row() -> None:
    asked: list[int] = []

    def one_by_one() -> Iterator[list[int]]:
        for number in range(3):
            asked.append(number)
            yield [number]

    parts = iter(as_csv("a.csv", ["n"], one_by_one(), bom=False))
    next(parts)
    assert asked == []
    next(parts)
    assert asked == [0]


def test_xlsx_writes_text_as_text_and_values_as_values() -> None:
    moment = datetime(2026, 11, 23, 1, 47, tzinfo=UTC)
    response = as_xlsx(
        "監査.xlsx",
        [gettext_lazy("Number"), "b", "c", "d", "e", "f"],
        [["=1+1", 5, None, date(2026, 11, 23), moment, True], ["http://x.example", 1.5, "", None]],
    )
    book = load_workbook(io.BytesIO(body(response)))
    sheet = book.active
    assert sheet is not None
    first, second = list(sheet.iter_rows(min_row=2, values_only=True))
    assert first == (
        "=1+1",
        5,
        None,
        datetime(2026, 11, 23),  # noqa: DTZ001  # spreadsheets know no time zone
        datetime(2026, 11, 23, 10, 47),  # noqa: DTZ001
        True,
    )
    assert sheet["A2"].data_type == "s"
    assert sheet["A3"].hyperlink is None
    assert second[:2] == ("http://x.example", 1.5)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F3"


def test_xlsx_of_nothing_opens() -> None:
    book = load_workbook(io.BytesIO(body(as_xlsx("a.xlsx", [], []))))
    assert book.sheetnames == ["Orime"]
