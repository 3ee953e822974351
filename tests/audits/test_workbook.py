"""The audit as a workbook: out, filled in without a network, and back in without losing anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audits.models import Audit, AuditEvent
from audits.services.workbook.columns import FIRST, NAMES
from audits.services.workbook.merging import look, take_over
from audits.services.workbook.outcome import MINE, STORED
from audits.services.workbook.reading import read_workbook
from audits.standards.models import Clause
from audits.terms import Judgement, Status
from suppliers.imports.problems import FileRefused
from tests.audits.workbooks import Sheet, download, finding_of, save, seen, stored, taken
from tests.factories import Scheme, audit_at, make_site

pytestmark = pytest.mark.django_db
ODD = "=1+1\n＝SUM(A1)\n@cmd 　全角\tTab\n\n'quoted' ≥ 🧵"


@pytest.mark.parametrize("language", ["ja", "en", "both"])
def test_untouched_workbook_changes_nothing_whatever_stands_in_it(
    language: str, audit: Audit, scheme: Scheme
) -> None:
    clause = Clause.objects.filter(
        requirement__standard=audit.standard_id, requirement__code="5-7"
    ).values_list("code", flat=True)[0]
    save(
        scheme,
        audit,
        "5-7",
        judgement=Judgement.NONCONFORMING,
        severity="minor",
        methods=["interview", "document"],
        clauses_not_met=[clause],
        report_text=ODD,
        working_note="a\x0bb \r\nc ",
        reason="x" * 10_000,
    )

    for content in (download(audit, language), Sheet(download(audit, language)).saved()):
        outcome = seen(content, audit, scheme)
        assert (outcome.rows, outcome.problems, outcome.remarks) == ([], [], [])


def test_spaces_and_joined_letters_of_other_languages_stay_in_a_text(
    audit: Audit, scheme: Scheme
) -> None:
    words = "Kế\u00a0hoạch, 5\u202f%, می\u200cخواهم, 👩\u200d🏭, 外字\ue000"
    save(scheme, audit, "5-7", report_text=words)
    book = Sheet(download(audit))
    cell = book.sheet.cell(book.row("5-7"), book.places["report_text"])
    assert cell.value == words
    cell.value = f"{words}!\u200b\ufeff"

    taken(book.saved(), audit, scheme)

    assert finding_of(audit, "5-7").report_text == f"{words}!"


def test_duration_and_missing_column_are_told_as_the_person_sees_them(
    audit: Audit, scheme: Scheme, english: None
) -> None:
    book = Sheet(download(audit)).put("5-7", reason=timezone.timedelta(hours=9))  # type: ignore[attr-defined]  # re-exported
    book.sheet.delete_cols(book.places["working_note"])

    outcome = seen(book.saved(), audit, scheme)

    assert "into a date" in outcome.problems[0].sentence
    assert "“Working note (team and reviewer)”" in outcome.remarks[0]


def test_text_that_looks_like_an_escape_of_the_format_stays(audit: Audit, scheme: Scheme) -> None:
    save(scheme, audit, "5-7", report_text="_x0041_ _x000D_")

    assert seen(download(audit), audit, scheme).rows == []


@pytest.mark.parametrize(
    ("language", "judgement", "severity"),
    [
        ("ja", "不適合", "軽微"),
        ("en", "nonconforming", "MINOR"),
        ("both", "不適合 / nonconforming", "軽微 / minor"),
        ("ja", "Nonconforming", "minor"),
    ],
)
def test_filled_in_answers_arrive_through_the_one_rule(
    language: str, judgement: str, severity: str, audit: Audit, scheme: Scheme
) -> None:
    clauses = list(
        Clause.objects.filter(
            requirement__standard=audit.standard_id, requirement__code="5-7"
        ).values_list("code", flat=True)[:2]
    )
    book = Sheet(download(audit, language)).put(
        "5-7",
        judgement=judgement,
        severity=severity,
        observation="○",
        interview="x",
        clauses_not_met="、".join(clauses),
        report_text="台車があった。",
        working_note=45,
    )
    book.put("1-1", judgement="適合", document="〇")

    assert taken(book.saved(), audit, scheme, sha256="abc") == ["1-1", "5-7"]

    found = finding_of(audit, "5-7")
    assert found.judgement == Judgement.NONCONFORMING
    assert (found.severity, found.methods, found.clauses_not_met, found.working_note) == (
        "minor",
        ["observation", "interview"],
        clauses,
        "45",
    )
    assert (found.report_text, found.version) == ("台車があった。", 2)
    assert found.changed_by == scheme.lead.user
    assert finding_of(audit, "1-1").methods == ["document"]
    event = AuditEvent.objects.get(audit=audit, act="workbook_taken_over")
    assert event.payload == {"codes": ["1-1", "5-7"], "sha256": "abc"}
    assert not AuditEvent.objects.visible_to(scheme.manager).filter(pk=event.pk).exists()
    assert taken(book.saved(), audit, scheme) == []


def test_only_answers_can_be_typed_into(audit: Audit, scheme: Scheme) -> None:
    book = Sheet(download(audit))
    row = book.row("5-7")

    assert all(sheet.protection.sheet for sheet in book.book.worksheets)
    locked = {
        name: book.sheet.cell(row, column).protection.locked for name, column in book.places.items()
    }
    assert {name for name, is_locked in locked.items() if not is_locked} == {
        "judgement", "severity", "document", "observation", "interview", "clauses_not_met",
        "report_text", "working_note", "reason",
    }  # fmt: skip
    assert book.sheet.row_dimensions[NAMES].hidden
    lists = [
        rule.formula1 for rule in book.sheet.data_validations.dataValidation if rule.type == "list"
    ]
    assert any("不適合" in words and "確認不能" in words for words in lists)
    assert any("許容不可" in words for words in lists)


def test_rows_may_be_sorted_and_left_out_and_the_sheet_renamed(
    audit: Audit, scheme: Scheme
) -> None:
    book = Sheet(download(audit)).put("1-1", judgement="適合").put("9-1", judgement="確認不能")
    book.sheet.title = "控え"
    rows = [[cell.value for cell in row] for row in book.sheet.iter_rows(min_row=FIRST)]
    for number, row in enumerate(sorted(rows, key=str, reverse=True), start=FIRST):
        for column, value in enumerate(row, start=1):
            book.sheet.cell(number, column).value = value
    book.sheet.delete_rows(book.row("5-7"))
    book.book.create_sheet("計算用").append(["=1+1", "5-7"])

    outcome = seen(book.saved(), audit, scheme)

    assert [row.finding.requirement.code for row in outcome.rows] == ["1-1", "9-1"]
    assert outcome.problems == []
    assert len(outcome.remarks) == 1


def test_what_others_saved_meanwhile_stands_unless_both_changed_it(
    audit: Audit, scheme: Scheme
) -> None:
    book = Sheet(download(audit)).put(
        "5-7", judgement="不適合", report_text="台車があった。", working_note="私のメモ"
    )
    save(scheme, audit, "5-7", report_text="別の文", reason="別の理由", working_note="私のメモ")
    content = book.saved()

    outcome = seen(content, audit, scheme)
    assert {(each.name, each.conflict) for each in outcome.rows[0].changes} == {
        ("judgement", False),
        ("report_text", True),
    }
    (conflict,) = outcome.conflicts
    assert (conflict.stored, conflict.mine) == ("別の文", "台車があった。")
    with pytest.raises(ValidationError):
        taken(content, audit, scheme)
    assert taken(content, audit, scheme, picks={conflict.key: STORED}) == ["5-7"]
    found = finding_of(audit, "5-7")
    assert (found.judgement, found.report_text, found.reason) == (
        Judgement.NONCONFORMING,
        "別の文",
        "別の理由",
    )

    (conflict,) = seen(content, audit, scheme).conflicts
    assert taken(content, audit, scheme, picks={conflict.key: MINE}) == ["5-7"]
    assert finding_of(audit, "5-7").report_text == "台車があった。"


def test_preview_that_is_no_longer_true_is_not_taken_over(audit: Audit, scheme: Scheme) -> None:
    content = Sheet(download(audit)).put("5-7", judgement="不適合").saved()
    seal = seen(content, audit, scheme).seal
    save(scheme, audit, "5-7", judgement=Judgement.UNVERIFIABLE)
    before = stored(audit)

    with pytest.raises(ValidationError) as refusal:
        taken(content, audit, scheme, seal=seal)

    assert [error.code for error in refusal.value.error_list] == ["changed"]
    assert stored(audit) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("judgement", "だいたい適合"),
        ("judgement", "=A1"),
        ("severity", "重い"),
        ("severity", "軽微"),  # on a finding that conforms
        ("document", "たぶん"),
        ("clauses_not_met", "1-1-1"),
        ("clauses_not_met", timezone.datetime(2026, 5, 7)),  # type: ignore[attr-defined]  # re-exported
        ("report_text", '=HYPERLINK("http://example.org")'),
        ("report_text", "=[1]Sheet1!A1"),
        ("report_text", "長" * 10_001),
        ("working_note", "#REF!"),
        ("code", "9-1"),
    ],
)
def test_bad_cell_is_named_by_its_address_and_the_others_can_be_taken(
    column: str, value: Any, audit: Audit, scheme: Scheme
) -> None:
    book = Sheet(download(audit)).put("1-1", judgement="適合")
    row = book.row("5-7")
    cell = book.sheet.cell(row, book.places[column])
    cell.value = value
    content = book.saved()
    before = stored(audit)

    (problem,) = seen(content, audit, scheme).problems
    assert problem.address == cell.coordinate
    assert problem.code == "5-7"
    assert problem.sentence
    with pytest.raises(ValidationError):
        taken(content, audit, scheme)
    assert stored(audit) == before
    assert taken(content, audit, scheme, skip_bad=True) == ["1-1"]


def test_added_copied_and_foreign_rows_are_pointed_out(audit: Audit, scheme: Scheme) -> None:
    book = Sheet(download(audit))
    last = book.sheet.max_row
    book.sheet.cell(last + 1, book.places["report_text"]).value = "追加の行"
    for column in range(1, book.sheet.max_column + 1):
        book.sheet.cell(last + 2, column).value = book.sheet.cell(FIRST, column).value
    stamp = book.sheet.cell(book.row("5-7"), book.places["stamp"])
    stamp.value = str(stamp.value).replace("5-7", "5-8", 1)

    problems = seen(book.saved(), audit, scheme).problems

    assert [problem.address for problem in problems] == [
        f"A{stamp.row}",
        f"A{last + 1}",
        f"A{last + 2}",
    ]


def test_row_of_another_audit_is_no_row_of_this_one(audit: Audit, scheme: Scheme) -> None:
    other = audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    foreign, book = Sheet(download(other)), Sheet(download(audit))
    place = book.places["stamp"]
    book.put("5-7", judgement="不適合", stamp=foreign.sheet.cell(foreign.row("5-7"), place).value)

    (problem,) = seen(book.saved(), audit, scheme).problems

    assert problem.code == "5-7"


def test_file_of_another_audit_or_version_is_refused(audit: Audit, scheme: Scheme) -> None:
    other = audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    with pytest.raises(FileRefused, match=other.number):
        seen(download(other), audit, scheme)

    content = download(audit)
    audit.pinned_standard.version = "2099"
    with pytest.raises(FileRefused, match="2099"):
        seen(content, audit, scheme)


@pytest.mark.past_the_record
def test_only_the_team_and_only_until_the_signature(audit: Audit, scheme: Scheme) -> None:
    content = Sheet(download(audit)).put("5-7", judgement="適合").saved()
    filled = read_workbook(content, "a.xlsx")
    for person in (scheme.desk, scheme.reviewer, scheme.manager, scheme.owner):
        with pytest.raises(PermissionDenied):
            look(actor=person, audit=audit, filled=filled)
    Audit.objects.filter(pk=audit.pk).update(status=Status.IN_REVIEW)
    with pytest.raises(PermissionDenied):
        taken(content, Audit.objects.get(pk=audit.pk), scheme)


@pytest.mark.parametrize("codes", [("5-7",), ("1-1", "5-7", "8-1")])
def test_taking_over_needs_no_more_queries_for_more_findings(
    codes: tuple[str, ...], audit: Audit, scheme: Scheme, django_assert_num_queries: Any
) -> None:
    book = Sheet(download(audit))
    for code in codes:
        book.put(code, judgement="適合")
    content = book.saved()
    filled = read_workbook(content, "a.xlsx")
    seal = seen(content, audit, scheme).seal

    with django_assert_num_queries(TAKING_OVER):
        done = take_over(actor=scheme.lead.user, audit=audit, filled=filled, seal=seal, picks={})

    assert done == list(codes)


TAKING_OVER = 23
