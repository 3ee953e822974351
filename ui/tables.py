"""Downloads of a list as it is shown: CSV that streams, XLSX in constant memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header

Value = str | int | float | Decimal | bool | date | datetime | Promise | None

BOM = "\ufeff"
TOKYO = ZoneInfo("Asia/Tokyo")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# a cell that begins so is run as a formula by spreadsheet programs (OWASP, CSV injection);
# the Japanese editions read the full-width signs too
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file that hands back what the csv writer writes."""

    def write(self, text: str) -> str:
        return text


def plain(value: Value) -> str | int | float | Decimal:
    """Return the value as a CSV cell: ISO dates in Japan time, text that no program will run."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case int() | float() | Decimal():
            return value
        case datetime():
            return f"{_in_tokyo(value):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_csv(
    filename: str, header: Sequence[Value], rows: Iterable[Sequence[Value]], *, bom: bool = True
) -> StreamingHttpResponse:
    """Return a streaming CSV download, UTF-8, comma, CRLF.

    With `bom` the file begins with a byte order mark, without which Excel reads Japanese as
    Shift_JIS. Only the row being written is held in memory.
    """
    response = StreamingHttpResponse(
        _lines(header, rows, bom=bom), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=filename
    )
    return response


def _lines(
    header: Sequence[Value], rows: Iterable[Sequence[Value]], *, bom: bool
) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    if bom:
        yield BOM.encode()
    for row in chain([header], rows):
        yield writer.writerow([plain(value) for value in row]).encode()


def as_xlsx(
    filename: str,
    header: Sequence[Value],
    rows: Iterable[Sequence[Value]],
    *,
    sheet: str = "Orime",
) -> FileResponse:
    """Return an XLSX download with a frozen, filterable header row.

    Rows go through a temporary file, so memory stays constant. Text is written as text: nothing
    in it becomes a formula, a link or a number. Datetimes are in Japan time.
    """
    # closed by FileResponse when the answer has been sent
    target = TemporaryFile()  # noqa: SIM115
    with xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(header) - 1, 0), 18)
        for column, title in enumerate(header):
            page.write_string(0, column, str(title), bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                match value:
                    case None | "":
                        continue
                    case bool():
                        page.write_boolean(last, column, value)
                    case int() | float() | Decimal():
                        page.write_number(last, column, value)
                    case datetime():
                        local = _in_tokyo(value).replace(tzinfo=None)
                        page.write_datetime(last, column, local, moment)
                    case date():
                        page.write_datetime(last, column, value, day)
                    case _:
                        page.write_string(last, column, str(value))
        if header:
            page.autofilter(0, 0, last, len(header) - 1)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=filename, content_type=XLSX)


def _in_tokyo(value: datetime) -> datetime:
    return timezone.localtime(value, TOKYO) if timezone.is_aware(value) else value
