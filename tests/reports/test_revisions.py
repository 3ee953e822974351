"""After an upheld appeal: the second revision is printed and counted, the first stays readable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from accounts.services.service_accounts import issue_token
from audits.models import Finding, Result
from audits.services.appealing import raise_appeal, uphold_appeal
from audits.terms import Status
from reports.documents import render_pdf, typeset
from reports.documents.words import WORDS
from reports.figures import Dimension
from reports.models import Figure, FigureEntry, GradeFigure, Report, Snapshot
from reports.services import figures
from reports.services.papers import render
from reports.services.printing import Printed, read_file
from reports.terms import JobState
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant
from tests.reports.texts import bare, text_of

if TYPE_CHECKING:
    from django.test import Client

    from audits.models import Audit

pytestmark = pytest.mark.django_db

REASON = "訪問当日に撤去済みであった。"


def apply_all() -> int:
    return sum(figures.apply_entry(entry.pk) for entry in FigureEntry.objects.pending())


def print_all() -> None:
    for report in Report.objects.filter(state=JobState.QUEUED):
        paper = f"%PDF-1.7 {report.file_name}".encode()
        assert render(
            Report, report.pk, typeset=lambda *_parts, paper=paper: Printed(paper, 1, "1")
        )


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    """An issued audit whose first revision was printed and counted."""
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "5-8"))
    print_all()
    apply_all()
    return audit


def revise(scheme: Scheme, audit: Audit) -> Result:
    appeal = raise_appeal(
        actor=scheme.manager, result=Result.objects.get(audit=audit), grounds="違う。※XQ"
    )
    return uphold_appeal(
        actor=scheme.coordinator,
        appeal=appeal,
        decision="認める。※XQ",
        changes={"5-7": {"judgement": "conforming", "severity": "", "reason": REASON}},
    )


def test_second_revision_is_frozen_and_queued_beside_the_first(
    scheme: Scheme, audit: Audit
) -> None:
    first = {row.language: (row.pk, row.sha256) for row in Report.objects.filter(audit=audit)}

    revise(scheme, audit)

    rows = Report.objects.filter(audit=audit, revision=2)
    assert {(row.language, row.state) for row in rows} == {("ja", "queued"), ("en", "queued")}
    for old in Report.objects.filter(audit=audit, revision=1):
        assert (old.pk, old.sha256) == first[old.language]
        assert old.superseded_by == rows.get(language=old.language)
        assert not old.stands
    one, two = (
        {row["code"]: row for row in snapshot.data["findings"]}
        for snapshot in audit.snapshots.order_by("revision")
    )
    assert (one["5-7"]["judgement"], two["5-7"]["judgement"]) == ("nonconforming", "conforming")
    assert two["5-7"]["report_text"] == REASON
    assert one["5-8"] == two["5-8"]
    actions = audit.snapshots.get(revision=2).data["corrective_actions"]
    assert [row["code"] for row in actions] == ["5-8"]
    assert "※XQ" not in audit.snapshots.get(revision=2).content


def test_both_revisions_can_be_downloaded(client: Client, scheme: Scheme, audit: Audit) -> None:
    revise(scheme, audit)
    print_all()

    for person, door in ((scheme.manager, "portal"), (scheme.reviewer, "console")):
        client.force_login(person)
        page = client.get(reverse(f"{door}:reports", args=[audit.number])).content.decode()
        for report in Report.objects.filter(audit=audit):
            address = reverse(f"{door}:report_file", args=[report.pk])
            assert address in page
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer.getvalue() == f"%PDF-1.7 {report.file_name}".encode()
    assert Report.objects.filter(audit=audit).count() == 4


@pytest.mark.any_database
def test_printed_second_revision_says_what_it_is(scheme: Scheme, audit: Audit) -> None:
    revise(scheme, audit)
    report = Report.objects.get(audit=audit, revision=2, language="ja")

    assert render(Report, report.pk, typeset=typeset)

    report.refresh_from_db()
    text = text_of(read_file(report))
    assert "第2版" in text
    assert REASON in text
    with override("ja"):
        sentence = bare(str(WORDS["revised"]))
    assert text.count(sentence) == 2  # on the cover and in the summary
    first = Snapshot.objects.get(audit=audit, revision=1).data
    assert sentence not in text_of(render_pdf(first, "ja", pictures={}))


def test_verify_leads_from_the_first_revision_to_the_second(
    client: Client, scheme: Scheme, audit: Audit
) -> None:
    old = Result.objects.get(audit=audit)
    new = revise(scheme, audit)

    first = client.get(
        reverse("verify", args=[old.verification_code]), headers={"accept-language": "en"}
    )
    second = client.get(reverse("verify", args=[new.verification_code]))

    assert (first.context["stands"], first.context["newer"]) == (False, new)
    assert (second.context["stands"], second.context["newer"]) == (True, None)


def test_figures_hold_the_second_revision_alone(scheme: Scheme, audit: Audit) -> None:
    old = Result.objects.get(audit=audit)

    new = revise(scheme, audit)

    waiting = FigureEntry.objects.pending().filter(audit=audit)
    assert {(row.revision, row.sign) for row in waiting} == {(2, 1), (1, -1)}
    assert apply_all() == 2
    total = Figure.objects.get(dimension=Dimension.TOTAL, requirement__code="5-7")
    assert (total.conforming, total.nonconforming) == (1, 0)
    grades = GradeFigure.objects.get(dimension=Dimension.TOTAL)
    counted = {"A": grades.grade_a, "B": grades.grade_b, "none": grades.grade_none}
    assert {letter: number for letter, number in counted.items() if number} == {new.grade: 1}
    assert old.revision == 1
    assert figures.differences() == []
    call_command("rebuild_figures", verify=True)


def test_brand_receives_superseded_and_the_new_revision(
    client: Client, scheme: Scheme, audit: Audit
) -> None:
    make_grant(audit.site, scheme.brand, Level.FULL)
    token = issue_token(actor=None, brand=scheme.brand)

    def read(path: str) -> str:
        answer = client.get(f"/api/v1/{path}", headers={"authorization": f"Token {token}"})
        assert answer.status_code == 200
        return str(answer.content.decode())

    raise_appeal(actor=scheme.manager, result=Result.objects.get(audit=audit), grounds="違う。※XQ")
    assert json.loads(read("results/"))["results"][0]["under_appeal"] is True
    since = Result.objects.get(audit=audit).updated_at
    appeal = Result.objects.get(audit=audit).appeals.get()
    uphold_appeal(
        actor=scheme.coordinator,
        appeal=appeal,
        decision="認める。※XQ",
        changes={"5-7": {"judgement": "conforming", "severity": "", "reason": REASON}},
    )
    print_all()

    text = read(f"results/?updated_since={since.isoformat().replace('+00:00', 'Z')}")
    rows = {row["revision"]: row for row in json.loads(text)["results"]}
    assert {number: row["status"] for number, row in rows.items()} == {1: "superseded", 2: "valid"}
    assert not any(row["under_appeal"] for row in rows.values())
    actions = json.loads(read("corrective-actions/"))["results"]
    assert {row["requirement"]: (row["status"], row["severity"]) for row in actions}["5-7"] == (
        "withdrawn",
        Finding.objects.get(audit=audit, requirement__code="5-7").requirement.severity,
    )
    site = json.loads(read("sites/"))["results"][0]
    assert site["latest_result"]["number"] == f"{audit.number}-2"
    assert len(json.loads(read("reports/"))["results"]) == 4
    for path in ("results/", "corrective-actions/", "sites/", "reports/"):
        assert "※XQ" not in read(path)
