"""What tablets send: each thing dealt with once, nothing overwritten, a receipt for everything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audits.models import Audit, Evidence, Finding, SyncItem
from audits.services.fieldwork import FIELDS, save_finding
from audits.services.syncing import canonical, read_receipt
from audits.terms import EvidenceClass, Judgement, Status
from tests.audits.test_portal_auditor import browser
from tests.factories import Scheme, audit_at, make_auditor, picture

pytestmark = pytest.mark.django_db
TABLET = "5c1b7f52-9d1e-4c39-8a56-0f2f3a9d7e01"  # the same in every process of the suite


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return audit_at(Status.FIELDWORK, scheme)


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def finding_of(audit: Audit, code: str = "5-7") -> Finding:
    return Finding.objects.get(audit=audit, requirement__code=code)


def item(code: str = "5-7", version: int = 1, **fields: Any) -> dict[str, Any]:
    fields.setdefault("judgement", "conforming")
    return {
        "key": str(uuid4()),
        "kind": "finding",
        "code": code,
        "version": version,
        "fields": fields,
        "sha256": hashlib.sha256(canonical(fields)).hexdigest(),
    }


def send(client: Client, audit: Audit, *items: dict[str, Any], **more: Any) -> Any:
    return client.post(
        reverse("portal:sync", args=[audit.number]),
        json.dumps({"client": TABLET, "items": items} | more),
        content_type="application/json",
    )


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["outcome"] for one in answer.json()["items"]]


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
        [bad["key"], bad["sha256"], "saved", 2],
        [good["key"], good["sha256"], "saved", 2],
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


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"sha256": "short"},
        {"kind": "photo"},
        {"code": "77-7"},
        {"code": 7},
        {"version": "1"},
        {"fields": ["judgement"]},
    ],
)
def test_item_that_is_wrong_is_refused_alone(
    audit: Audit, client: Client, change: dict[str, Any]
) -> None:
    answer = send(client, audit, item() | change, item("1-1"))

    assert outcomes(answer) == ["refused", "saved"]
    assert answer.json()["items"][0]["sentence"]
    assert finding_of(audit).version == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"judgement": "fine"},
        {"judgement": ["conforming"]},
        {"judgement": "nonconforming", "severity": "huge"},
        {"methods": ["guess"]},
        {"methods": [["document"]]},
        {"clauses_not_met": ["1-1a"]},
        {"report_text": "a\x00b"},
        {"report_text": "長" * 10_001},
        {"status": "issued"},
    ],
)
def test_values_that_cannot_be_are_refused_as_on_the_card(
    audit: Audit, client: Client, fields: dict[str, Any]
) -> None:
    answer = send(client, audit, item(**fields))

    assert outcomes(answer) == ["refused"]
    assert finding_of(audit).judgement == Judgement.UNASSESSED
    assert not SyncItem.objects.exists()


def test_half_a_character_is_refused_with_a_sentence(audit: Audit, client: Client) -> None:
    broken = item() | {"fields": {"report_text": "\ud83d"}}

    assert outcomes(send(client, audit, broken)) == ["refused"]


def test_key_used_for_something_else_is_refused(audit: Audit, client: Client) -> None:
    first = item()
    send(client, audit, first)

    answer = send(client, audit, item(judgement="unverifiable", version=2) | {"key": first["key"]})

    assert outcomes(answer) == ["refused"]
    assert finding_of(audit).judgement == Judgement.CONFORMING


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"client": "x", "items": []}',
        b'{"client": "%s", "items": 7}' % TABLET.encode(),
        b'{"client": "%s", "items": [7]}' % TABLET.encode(),
        b'{"client": "%s", "items": [{"key": "x"}]}' % TABLET.encode(),
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_broken_body_is_answered_with_a_sentence(audit: Audit, client: Client, body: bytes) -> None:
    answer = client.post(
        reverse("portal:sync", args=[audit.number]), body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_too_much_at_once_is_refused_with_a_sentence(audit: Audit, client: Client) -> None:
    one = item()
    answer = send(client, audit, *[one] * 10_000)
    assert answer.status_code == 413
    assert "99" in answer.json()["detail"]

    answer = send(client, audit, item(report_text="長" * 5_000_000))
    assert answer.status_code == 413
    assert answer.json()["detail"]
    assert not SyncItem.objects.exists()


def test_only_the_team_sends(audit: Audit, scheme: Scheme) -> None:
    everybody: list[tuple[User, int]] = [
        (scheme.member.user, 200),
        (scheme.reviewer, 403),
        (scheme.desk, 403),
        (scheme.owner, 403),
        (scheme.manager, 403),
        (scheme.brand_user, 404),
        (make_auditor(scheme.body).user, 404),
    ]
    for person, status in everybody:
        answer = send(browser(person), audit, item())
        assert (person, answer.status_code) == (person, status)
        if status != 200:
            assert answer.json()["detail"]
    assert send(Client(), audit, item()).status_code == 302
    assert finding_of(audit).version == 2


def test_work_of_somebody_else_is_not_sent_in_my_name(
    audit: Audit, client: Client, scheme: Scheme
) -> None:
    answer = send(client, audit, item(), person=str(scheme.member.user.pk))

    assert answer.status_code == 403
    assert finding_of(audit).version == 1
    assert outcomes(send(client, audit, item(), person=str(scheme.lead.user.pk))) == ["saved"]


def test_without_the_token_nothing_is_saved(audit: Audit, scheme: Scheme) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scheme.lead.user)

    assert send(client, audit, item()).status_code == 403
    assert finding_of(audit).version == 1


def test_batch_takes_the_same_few_queries_for_one_and_for_84(
    audit: Audit, client: Client, django_assert_num_queries: Callable[..., Any]
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
    with django_assert_num_queries(20):
        assert outcomes(send(client, audit, text(last))) == ["saved"]
    batch = [text(code) for code in [*codes, last]]
    with django_assert_num_queries(20):
        answer = send(client, audit, *batch)

    assert outcomes(answer) == ["saved"] * 83 + ["same"]
    assert set(audit.findings.values_list("version", "report_text")) == {(2, "所見")}


def photo(audit: Audit, content: bytes, **fields: Any) -> dict[str, Any]:
    return {
        "client": TABLET,
        "key": str(uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "code": "5-7",
        "caption": "避難通路",
        "evidence_class": EvidenceClass.PUBLIC.value,
        "taken_at": "2026-06-01T09:30:00+09:00",
    } | fields


def send_photo(client: Client, audit: Audit, content: bytes, fields: dict[str, Any]) -> Any:
    file = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    return client.post(reverse("portal:sync_photo", args=[audit.number]), fields | {"photo": file})


def test_photo_is_kept_once_however_often_it_is_sent(audit: Audit, client: Client) -> None:
    content = picture().getvalue()
    fields = photo(audit, content)

    first = send_photo(client, audit, content, fields)
    again = send_photo(client, audit, content, fields)

    assert outcomes(first) == outcomes(again) == ["saved"]
    evidence = Evidence.objects.get(audit=audit)
    assert evidence.caption == "避難通路"
    assert evidence.finding == finding_of(audit)
    assert evidence.evidence_class == EvidenceClass.PUBLIC
    assert evidence.taken_at is not None
    assert evidence.taken_at.isoformat() == "2026-06-01T00:30:00+00:00"
    # What was sent and what is kept: the picture was encoded anew.
    assert read_receipt(again.json()["receipt"])["items"] == [
        [fields["key"], fields["sha256"], "saved", None, evidence.sha256]
    ]
    assert evidence.sha256 != fields["sha256"]
    # Under a new key it is known by its content.
    other = photo(audit, content)
    assert outcomes(send_photo(client, audit, content, other)) == ["same"]
    assert Evidence.objects.filter(audit=audit).count() == 1


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"sha256": "0" * 64}, "refused"),
        ({"code": "77-7"}, "refused"),
        ({"taken_at": "1970-01-01T00:00:00Z"}, "saved"),
        ({"taken_at": "2999-01-01T00:00:00Z"}, "saved"),
        ({"taken_at": ""}, "saved"),
    ],
)
def test_photo_with_wrong_facts(
    audit: Audit, client: Client, fields: dict[str, Any], outcome: str
) -> None:
    content = picture().getvalue()

    answer = send_photo(client, audit, content, photo(audit, content, **fields))

    assert outcomes(answer) == [outcome]
    assert [row.taken_at for row in Evidence.objects.all()] == [None] * (outcome == "saved")


def test_photo_that_is_none_is_refused(audit: Audit, client: Client) -> None:
    for content in (b"no picture", b""):
        answer = send_photo(client, audit, content, photo(audit, content))
        assert outcomes(answer) == ["refused"]
        assert answer.json()["items"][0]["sentence"]
    assert not SyncItem.objects.exists()


def test_photo_is_refused_outside_the_time_and_the_team(audit: Audit, scheme: Scheme) -> None:
    content = picture().getvalue()
    assert (
        send_photo(browser(scheme.manager), audit, content, photo(audit, content)).status_code
        == 403
    )
    answer = send_photo(
        browser(scheme.lead.user), audit, content, photo(audit, content, person=TABLET)
    )
    assert answer.status_code == 403
    broken = photo(audit, content, key="x")
    assert send_photo(browser(scheme.lead.user), audit, content, broken).status_code == 422
    Audit.objects.filter(pk=audit.pk).update(status=Status.IN_REVIEW)
    answer = send_photo(browser(scheme.lead.user), audit, content, photo(audit, content))
    assert outcomes(answer) == ["refused"]
    assert not Evidence.objects.filter(audit=audit).exists()


def test_what_was_sent_is_seen_by_those_who_see_the_audit(
    audit: Audit, client: Client, scheme: Scheme
) -> None:
    send(client, audit, item())

    assert SyncItem.objects.visible_to(scheme.reviewer).count() == 1
    assert SyncItem.objects.visible_to(scheme.brand_user).count() == 0
