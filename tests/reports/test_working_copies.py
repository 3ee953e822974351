"""Findings as Excel and Word: what they say, what cannot be run, who gets them."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any
from zipfile import ZipFile

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from docx.document import Document
from openpyxl.worksheet.worksheet import Worksheet

from accounts.terms import Role
from audits.models import Audit
from audits.terms import Status
from reports.models import Report, Snapshot
from reports.models.reads import ReadRecord, What
from reports.snapshot import canonical, fingerprint
from reports.terms import WorkingFormat
from reports.working_copies import write_copy
from reports.working_copies.contents import contents_of
from reports.working_copies.excel import write_excel
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant, make_supplier, make_user

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://example.org","開く")'
LONG = "長" * 9_990 + "終わりの言葉"


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "9-1"))


def report_saying(audit: Audit, language: str = "ja", **texts: str) -> Report:
    """Return a report whose snapshot says other texts of the finding 5-7; nothing is kept of it."""
    report = Report.objects.select_related("audit", "snapshot").get(audit=audit, language=language)
    data = report.snapshot.data
    next(row for row in data["findings"] if row["code"] == "5-7").update(texts)
    text = json.dumps(data) if any("\ud800" in text for text in texts.values()) else canonical(data)
    report.snapshot = Snapshot(content=text, sha256=fingerprint(text), revision=1)
    return report


def workbook(report: Report) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_copy(report, WorkingFormat.EXCEL)))


def document(report: Report) -> Document:
    return docx.Document(io.BytesIO(write_copy(report, WorkingFormat.WORD)))


def line_of(sheet: Worksheet, code: str) -> dict[str, Any]:
    """Return the cells of a finding by their headings, which stand in the second row."""
    heads = [str(cell.value) for cell in sheet[2]]
    row = next(row for row in sheet.iter_rows(min_row=3) if row[0].value == code)
    return dict(zip(heads, row, strict=True))


def words_of(paper: Document) -> str:
    return "\n".join(
        [*(line.text for line in paper.paragraphs)]
        + [cell.text for table in paper.tables for cell in table._cells]
    )


def test_workbook_has_a_row_for_each_finding_and_what_is_to_be_corrected(audit: Audit) -> None:
    book = workbook(report_saying(audit, report_text="通路に台車。"))

    findings, actions, summary = book.worksheets
    assert findings.max_row == 84 + 2
    line = line_of(findings, "5-7")
    assert line["所見"].value == "通路に台車。"
    assert line["評価"].value == "不適合"
    assert [row[0].value for row in actions.iter_rows(min_row=3)] == ["5-7", "9-1"]
    line = line_of(actions, "5-7")
    assert isinstance(line["完了の期限"].value, datetime)
    assert line["進捗"].value is None
    assert [book.sheetnames[2], summary["A1"].value] == [
        "概要",
        f"報告書 {audit.number}(第1版)の作業用の写しです。正式なものは署名付きのPDFです。",
    ]
    total = next(row for row in summary.iter_rows(values_only=True) if row[0] == "合計")
    assert total[1] == 84


def test_workbook_is_set_up_for_reading_writing_and_printing(audit: Audit) -> None:
    findings, actions, _summary = workbook(report_saying(audit)).worksheets

    assert findings.freeze_panes == "B3"
    assert findings.auto_filter.ref == "A2:N86"
    assert findings.print_title_rows == "$2:$2"
    assert (findings.page_setup.orientation, findings.page_setup.paperSize) == ("landscape", 9)
    lists = [rule for rule in actions.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1 for rule in lists] == ['"未着手,進行中,完了,確認済み"']
    assert max(area.max_row for area in lists[0].sqref.ranges) > 50
    assert findings["A3"].font.name == "Yu Gothic"
    assert findings["A3"].font.scheme is None


def test_english_copy_uses_english_words_and_keeps_what_people_wrote(audit: Audit) -> None:
    report = report_saying(audit, "en", report_text="通路に台車。")

    line = line_of(workbook(report).worksheets[0], "5-7")
    assert (line["Judgement"].value, line["Finding"].value) == ("Nonconforming", "通路に台車。")
    words = words_of(document(report))
    assert "What counts is the signed PDF." in words
    assert "通路に台車。" in words


@pytest.mark.parametrize("sign", ["=1+1", "+81", "-5", "@SUM(A1)", "＝１", FORMULA])
def test_what_looks_like_a_formula_stays_text(audit: Audit, sign: str) -> None:
    cell = line_of(workbook(report_saying(audit, report_text=sign)).worksheets[0], "5-7")["所見"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (sign, "s", True)
    assert cell.hyperlink is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("前\x00後\x1b\ufffe", "前\ufffd後\ufffd\ufffd"),
        ("前\ud800後", "前\ufffd後"),
        ("一\r\n二\x0b三", "一\n二\n三"),
        ("<w:p>&amp;</w:p>]]>", "<w:p>&amp;</w:p>]]>"),
        ("_x0041_", "_x0041_"),
    ],
)
def test_signs_that_xml_cannot_carry_break_no_file(audit: Audit, written: str, shown: str) -> None:
    report = report_saying(audit, report_text=written)

    with ZipFile(io.BytesIO(write_copy(report, WorkingFormat.EXCEL))) as archive:
        assert archive.testzip() is None
    value = line_of(workbook(report).worksheets[0], "5-7")["所見"].value
    # What reads it here does not undo the sign with which Excel writes this one.
    assert value.replace("_x005F_", "_") == shown
    assert shown in words_of(document(report))


def test_long_texts_stay_whole(audit: Audit) -> None:
    report = report_saying(audit, report_text=LONG)

    assert line_of(workbook(report).worksheets[0], "5-7")["所見"].value == LONG
    assert LONG in words_of(document(report))


def test_what_no_cell_holds_goes_on_in_a_sheet_of_its_own(audit: Audit) -> None:
    text = "".join(f"{place:07d}" for place in range(6_000))

    book = workbook(report_saying(audit, report_text=text))

    cell = line_of(book.worksheets[0], "5-7")["所見"].value
    rests = list(book.worksheets[3].iter_rows(min_row=2, values_only=True))
    assert cell.partition("…")[0] + "".join(row[2] for row in rests) == text
    assert {row[:2] for row in rests} == {("5-7", "所見")}


def test_long_reason_for_a_grade_goes_on_there_as_well(audit: Audit) -> None:
    """A cell that holds less than it is given is cut without a word."""
    text = "".join(f"{place:07d}" for place in range(6_000))
    data = Snapshot.objects.get(audit=audit).data
    data["grade"]["deviation_reason"] = text
    with override("ja"):
        content = write_excel(contents_of(data, "0" * 64, "ja"))

    book: Any = openpyxl.load_workbook(io.BytesIO(content))
    [cell] = [row[1] for row in book.worksheets[2].values if str(row[1]).startswith("0000000")]
    rests = list(book.worksheets[3].iter_rows(min_row=2, values_only=True))
    assert cell.partition("…")[0] + "".join(row[2] for row in rests) == text


@pytest.mark.parametrize("kind", list(WorkingFormat))
def test_same_snapshot_gives_the_same_bytes_on_another_day(
    audit: Audit, kind: WorkingFormat, time_machine: Any
) -> None:
    first = write_copy(report_saying(audit), kind)
    time_machine.move_to("2031-05-06 07:08:09+09:00")

    assert write_copy(report_saying(audit), kind) == first


def test_document_has_headings_repeated_rows_page_numbers_and_its_language(audit: Audit) -> None:
    paper = document(report_saying(audit))

    styles = {line.style.name for line in paper.paragraphs if line.style}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Notice"} <= styles
    assert paper.element.xml.count("<w:tblHeader/>") == 1 + 9
    foot = paper.sections[0].footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in foot
    normal = paper.styles["Normal"].element.xml
    assert 'w:eastAsia="Yu Gothic"' in normal
    assert 'w:val="ja-JP"' in paper.styles.element.xml
    assert paper.core_properties.language == "ja-JP"
    assert paper.core_properties.created is not None
    issued = report_saying(audit).snapshot.data["grade"]["issued_on"]
    assert f"{paper.core_properties.created:%Y-%m-%d}" == issued


def fetch(user: Any, audit: Audit, kind: str = "xlsx", room: str = "portal") -> Any:
    report = Report.objects.get(audit=audit, language="ja")
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"{room}:findings_file", args=[report.pk, kind]))


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
@pytest.mark.parametrize("room", ["portal", "console"])
def test_copy_is_handed_out_though_the_report_is_not_printed(
    scheme: Scheme, audit: Audit, kind: str, room: str
) -> None:
    answer = fetch(scheme.coordinator, audit, kind, room)

    assert answer.status_code == 200
    assert f"{audit.number}_r1_findings_ja.{kind}" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"PK")


def test_unknown_kinds_and_both_languages_are_not_found(scheme: Scheme, audit: Audit) -> None:
    assert fetch(scheme.manager, audit, "exe").status_code == 404
    both = Report.objects.get(audit=audit, language="ja")
    both.pk, both.language = None, "both"
    both._state.adding = True
    both.id = Report._meta.pk.get_default()
    both.save()
    client = Client()
    client.force_login(scheme.manager)
    address = reverse("portal:findings_file", args=[both.pk, "xlsx"])
    assert client.get(address).status_code == 404
    page = client.get(reverse("portal:reports", args=[audit.number])).content.decode()
    assert address not in page
    assert page.count("/findings/") == 4


@pytest.mark.parametrize(
    ("level", "status"), [(Level.STATUS, 404), (Level.SUMMARY, 404), (Level.FULL, 200)]
)
def test_brand_gets_it_at_level_full_and_its_read_is_kept(
    scheme: Scheme, audit: Audit, level: Level, status: int
) -> None:
    make_grant(scheme.site, scheme.brand, level)

    assert fetch(scheme.brand_user, audit).status_code == status
    kept = list(ReadRecord.objects.filter(audit=audit).values_list("what", flat=True))
    assert kept == ([What.FINDINGS] if status == 200 else [])


def test_another_supplier_and_a_supplier_before_issue_get_nothing(
    scheme: Scheme, audit: Audit
) -> None:
    stranger = make_user(make_supplier().organisation, Role.MANAGER)
    assert fetch(stranger, audit).status_code == 404
    Audit.objects.filter(pk=audit.pk).update(status=Status.DECISION)
    assert fetch(scheme.manager, audit).status_code == 404


def test_changed_snapshot_is_not_handed_out(
    scheme: Scheme, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.services.printing.fingerprint", lambda _text: "0" * 64)

    answer = fetch(scheme.manager, audit)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("portal:reports", args=[audit.number])
