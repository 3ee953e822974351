"""What tablets send: each thing dealt with once, nothing overwritten, a receipt for everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from audits.models import Audit, SyncItem
from audits.services.fieldwork import FIELDS, save_finding
from audits.services.syncing import read_receipt
from audits.terms import Judgement, Status
from tests.audits.desks import browser
from tests.audits.tablets import TABLET, finding_of, item, outcomes, send
from tests.factories import Scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def test_batch_is_saved_with_a_receipt_that_names_what_arrived(
    audit: Audit, client: Client, scheme: Scheme
) -> None:
    bad = item(
        judgement="nonconforming",
        methods=["observation"],
        clauses_not_met=["5-7a"],
        report_text="通路に台車。\n2行目",
        working_note="「明朝」もう一度 😀\u2028",
    )
    good = item("1-1")

    answer = send(client, audit, bad, good)

    assert outcomes(answer) == ["saved", "saved"]
    saved = finding_of(audit)
    assert {name: getattr(saved, name) for name in bad["fields"]} == bad["fields"]
    # The standard's own severity, as on the card.
    assert saved.severity == saved.requirement.severity
    assert (saved.version, saved.changed_by) == (2, scheme.lead.user)
    receipt = read_receipt(answer.json()["receipt"])
    assert receipt["audit"] == audit.number
    assert receipt["client"] == TABLET
    assert receipt["items"] == [
        [bad["key"], bad["sha256"], "saved", 2, "", "5-7"],
        [good["key"], good["sha256"], "saved", 2, "", "1-1"],
    ]


def test_forged_receipt_is_noticed(audit: Audit, client: Client) -> None:
    text = send(client, audit, item()).json()["receipt"]

    with pytest.raises(signing.BadSignature):
        read_receipt("A" + text[1:])


def test_batch_sent_twice_changes_nothing_and_says_the_same(audit: Audit, client: Client) -> None:
    batch = [item(), item("1-1", judgement="nonconforming", report_text="一")]
    first = send(client, audit, *batch)
    # Somebody goes on with one of them before the tablet asks again.
    save_finding(
        actor=audit.team.all()[0].auditor.user,
        finding=finding_of(audit),
        version=2,
        report_text="続き",
    )

    again = send(client, audit, *batch)

    assert again.json()["items"] == first.json()["items"]
    assert finding_of(audit).report_text == "続き"
    assert finding_of(audit, "1-1").version == 2
    assert SyncItem.objects.filter(audit=audit).count() == 2


@pytest.mark.past_the_record
def test_lost_answer_is_given_again_after_the_signature(
    audit: Audit, client: Client, scheme: Scheme
) -> None:
    kept = item()
    send(client, audit, kept)
    Audit.objects.filter(pk=audit.pk).update(status=Status.IN_REVIEW)

    late = item("1-1")
    answer = send(client, audit, kept, late)

    assert outcomes(answer) == ["saved", "refused"]
    assert answer.json()["items"][1]["sentence"]
    assert finding_of(audit, "1-1").judgement == Judgement.UNASSESSED
    # It is refused, not remembered: sent again once the report came back, it is kept.
    Audit.objects.filter(pk=audit.pk).update(status=Status.DRAFTING)
    assert outcomes(send(client, audit, late)) == ["saved"]


def test_two_tablets_never_overwrite_each_other(
    audit: Audit, client: Client, scheme: Scheme
) -> None:
    send(browser(scheme.member.user), audit, item(report_text="先の文", judgement="unverifiable"))

    answer = send(client, audit, item(report_text="後の文"), item("1-1"))

    assert outcomes(answer) == ["conflict", "saved"]
    conflict = answer.json()["items"][0]
    assert conflict["version"] == 2
    assert set(conflict["current"]["fields"]) == set(FIELDS)
    assert conflict["current"]["fields"]["report_text"] == "先の文"
    assert conflict["current"]["who"] == scheme.member.user.name
    assert finding_of(audit).report_text == "先の文"
    # Compared and decided: on the version that was seen.
    decided = item(version=2, report_text="両方の文")
    assert outcomes(send(client, audit, decided)) == ["saved"]


def test_same_words_on_an_old_version_are_no_conflict(audit: Audit, client: Client) -> None:
    send(client, audit, item(report_text="同じ"))

    answer = send(client, audit, item(report_text="同じ"))

    assert outcomes(answer) == ["same"]
    assert answer.json()["items"][0]["version"] == 2
    assert finding_of(audit).version == 2


def test_second_item_on_a_finding_stands_on_the_first(audit: Audit, client: Client) -> None:
    answer = send(client, audit, item(), item(version=2, report_text="続き"), item(reason="古い"))

    assert outcomes(answer) == ["saved", "saved", "conflict"]
    assert finding_of(audit).report_text == "続き"
    assert finding_of(audit).version == 3


def test_batch_takes_the_same_few_queries_for_one_and_for_84(
    audit: Audit,
    client: Client,
    django_assert_num_queries: Callable[..., Any],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    codes = list(audit.findings.values_list("requirement__code", flat=True))
    assert len(codes) == 84

    def text(code: str) -> dict[str, Any]:
        return item(
            code,
            judgement="nonconforming",
            severity="minor",
            methods=["document"],
            clauses_not_met=[],
            report_text="所見",
            working_note="覚え",
            reason="",
        )

    last = codes.pop()
    with django_assert_num_queries(19):
        assert outcomes(send(client, audit, text(last))) == ["saved"]
    batch = [text(code) for code in [*codes, last]]
    # SQLite takes them in two statements.
    with django_assert_max_num_queries(20):
        answer = send(client, audit, *batch)

    assert outcomes(answer) == ["saved"] * 83 + ["same"]
    assert set(audit.findings.values_list("version", "report_text")) == {(2, "所見")}


def test_what_was_sent_is_seen_by_those_who_see_the_audit(
    audit: Audit, client: Client, scheme: Scheme
) -> None:
    send(client, audit, item())

    assert SyncItem.objects.visible_to(scheme.reviewer).count() == 1
    assert SyncItem.objects.visible_to(scheme.brand_user).count() == 0
