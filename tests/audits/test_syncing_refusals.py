"""What a batch may not bring, and who may not send one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audits.models import Audit, SyncItem
from audits.terms import Judgement
from tests.audits.desks import browser
from tests.audits.tablets import TABLET, finding_of, item, outcomes, send
from tests.factories import Scheme, make_auditor

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"sha256": "short"},
        {"kind": "photo"},
        {"code": "77-7"},
        {"code": 7},
        {"code": "5-7\x00"},
        {"code": "\ud83d"},
        {"code": "5" * 1000},
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
