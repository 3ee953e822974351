"""The preliminary summary: printed from what was signed, once, and marked as not confirmed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from audits.models import Audit
from audits.terms import Status
from reports.documents.preliminary import typeset_preliminary
from reports.models import Preliminary
from reports.services.papers import render
from reports.services.preliminary import contents_of
from reports.services.printing import Printed
from reports.tasks import render_paper
from reports.terms import JobState
from tests.factories import Scheme, audit_at, hold_closing, judge_all
from tests.reports.pdfa import complaints
from tests.reports.printed.damaging import forge
from tests.reports.texts import bare, text_of

pytestmark = pytest.mark.django_db
WORDS = "荷はすぐに片付けています。"


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    audit = audit_at(Status.FIELDWORK, scheme)
    judge_all(scheme, audit, ["5-7", "9-1"])
    return audit


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.mark.parametrize(
    ("language", "mark", "contested"),
    [("ja", "速報・確定前", "異議あり"), ("en", "PRELIMINARY, NOT CONFIRMED", "Contested")],
)
def test_summary_says_what_was_signed_on_every_page_as_preliminary(
    language: str, mark: str, contested: str, audit: Audit, scheme: Scheme
) -> None:
    closing = hold_closing(scheme, audit, contested={"5-7": WORDS}, strokes="[[[10,10],[300,150]]]")

    printed = typeset_preliminary(contents_of(closing), language)

    text = text_of(printed.content)
    assert complaints(printed.content) == []
    assert text.count(bare(mark)) >= printed.pages
    assert bare(contested) in text
    for told in (
        bare(WORDS),
        "5-7",
        "9-1",
        bare("避難通路に台車が置かれていた。"),
        bare("織田 誠"),
    ):
        assert told in text
    assert bare(audit.number) in text


def test_same_contents_give_the_same_bytes(audit: Audit, scheme: Scheme) -> None:
    contents = contents_of(hold_closing(scheme, audit))

    first = typeset_preliminary(contents, "ja")
    with override("en"):
        second = typeset_preliminary(contents, "ja")

    assert first.content == second.content


def test_what_people_write_stays_text(audit: Audit, scheme: Scheme) -> None:
    closing = hold_closing(
        scheme,
        audit,
        representative='<img src="http://example.org/x">',
        contested={"5-7": "<script>alert(1)</script> & “quoted”"},
    )

    text = text_of(typeset_preliminary(contents_of(closing), "ja").content)

    assert bare("<script>alert(1)</script>") in text
    assert bare("<imgsrc=") in text


def test_odd_characters_are_shown_and_turn_nothing(audit: Audit, scheme: Scheme) -> None:
    contents = contents_of(hold_closing(scheme, audit, strokes="[[[10,10],[300,150]]]"))
    contents["remarks"] = "鈴\x07木\u202e様"

    assert "鈴\ufffd木様" in text_of(typeset_preliminary(contents, "ja").content)


def test_both_languages_are_queued_and_printed_once(audit: Audit, scheme: Scheme) -> None:
    closing = hold_closing(scheme, audit)
    rows = Preliminary.objects.filter(closing=closing)
    assert sorted(rows.values_list("language", "state")) == [
        ("en", JobState.QUEUED),
        ("ja", JobState.QUEUED),
    ]

    for row in rows:
        render_paper(*row.message)
    assert set(rows.values_list("state", flat=True)) == {JobState.READY}
    first = rows.get(language="ja")
    with first.file.open("rb") as file:
        assert file.read().startswith(b"%PDF-")
    assert not render(Preliminary, first.pk, typeset=typeset_preliminary)

    client = Client()
    client.force_login(scheme.manager)
    answer = client.get(f"/portal/reports/closing/{first.pk}/")
    assert answer.status_code == 200
    assert f"{audit.number}_closing1_ja.pdf" in answer["Content-Disposition"]


def test_failure_is_kept_with_its_reason(audit: Audit, scheme: Scheme) -> None:
    row = Preliminary.objects.filter(closing=hold_closing(scheme, audit))[0]

    def broken(*_: object) -> Printed:
        raise OSError("no fonts")

    assert not render(Preliminary, row.pk, typeset=broken)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.QUEUED, 1)
    assert "no fonts" in row.error


def test_changed_file_is_not_handed_out(audit: Audit, scheme: Scheme) -> None:
    row = Preliminary.objects.filter(closing=hold_closing(scheme, audit))[0]
    render(Preliminary, row.pk, typeset=lambda *_: Printed(b"%PDF-1.7 summary", 1, "1"))
    row.refresh_from_db()
    forge(row)
    client = Client()
    client.force_login(scheme.lead.user)

    answer = client.get(f"/portal/reports/closing/{row.pk}/", follow=True)

    assert answer.redirect_chain == [(f"/portal/reports/{audit.number}/closing/", 302)]
