"""Receipts of what tablets sent: listed, checked, and refused when they are not ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Audit, Evidence, SyncItem
from audits.services.evidence_changes import remove_evidence
from audits.services.receipts import check_receipts
from audits.terms import Status
from tests.audits.desks import browser
from tests.audits.tablets import finding_of, item, photo, send, send_photo
from tests.factories import Scheme, audit_at, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def page_of(audit: Audit) -> str:
    return reverse("portal:receipts", args=[audit.number])


def receipt_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    text: str = answer.json()["receipt"]
    return text


def test_genuine_receipts_are_held_against_what_is_kept(audit: Audit, client: Client) -> None:
    first = receipt_of(send(client, audit, item("5-7"), item("1-1")))
    content = picture().getvalue()
    second = receipt_of(send_photo(client, audit, content, photo(audit, content)))

    checked = check_receipts(audit, f"{first}\n{second}\n")

    assert [[line.code for line in one.lines] for one in checked] == [["5-7", "1-1"], ["5-7"]]
    assert all(one.stands and one.at for one in checked)
    evidence = Evidence.objects.get(audit=audit)
    assert checked[1].lines[0].stored_sha256 == evidence.sha256
    answer = client.post(page_of(audit), {"receipts": f"{first} {second}"})
    assert answer.status_code == 200
    assert answer.context["all_stand"] is True
    assert evidence.sha256 in answer.content.decode()


def test_removed_photo_is_said_to_be_gone(audit: Audit, client: Client, scheme: Scheme) -> None:
    content = picture().getvalue()
    text = receipt_of(send_photo(client, audit, content, photo(audit, content)))
    remove_evidence(
        actor=scheme.lead.user, evidence=Evidence.objects.get(audit=audit), reason="取り違え"
    )

    (checked,) = check_receipts(audit, text)

    assert not checked.stands
    answer = client.post(page_of(audit), {"receipts": text})
    assert answer.context["all_stand"] is False


def test_conflict_says_that_nothing_was_kept(audit: Audit, client: Client) -> None:
    send(client, audit, item("5-7"))
    late = item("5-7", judgement="unverifiable")
    text = receipt_of(send(client, audit, late))

    (checked,) = check_receipts(audit, text)

    assert [(line.code, line.outcome, line.was_kept) for line in checked.lines] == [
        ("5-7", "conflict", False)
    ]
    assert checked.stands


@pytest.mark.parametrize("spoil", [lambda text: "A" + text[1:], lambda _text: "x", lambda _t: " "])
def test_what_is_not_ours_is_refused_with_a_sentence(
    audit: Audit, client: Client, spoil: Callable[[str], str]
) -> None:
    text = receipt_of(send(client, audit, item()))

    answer = client.post(page_of(audit), {"receipts": spoil(text)})

    assert answer.status_code == 200
    assert answer.context["checked"] is None
    assert answer.context["form"].errors["receipts"]


def test_receipt_of_another_audit_is_refused(client: Client, audit: Audit) -> None:
    theirs = Scheme()
    other = audit_at(Status.FIELDWORK, theirs)
    text = receipt_of(send(browser(theirs.lead.user), other, item()))

    answer = client.post(page_of(audit), {"receipts": text})

    assert other.number in str(answer.context["form"].errors["receipts"])


def test_list_takes_the_same_queries_for_one_and_for_many(
    audit: Audit, client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(40) as captured:
            page = client.get(page_of(audit)).content.decode()
        assert finding_of(audit).requirement.code in page
        return len(captured)

    send(client, audit, item("5-7"))
    one = asked()
    content = picture().getvalue()
    send_photo(client, audit, content, photo(audit, content))
    send(client, audit, item("1-1"), item("1-2"))
    assert asked() == one
    assert SyncItem.objects.filter(audit=audit, finding=None).count() == 0


def test_photo_asks_for_its_small_picture_at_once(
    audit: Audit,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("audits.tasks.send", lambda _task, pk: asked.append(pk))
    content = picture().getvalue()
    fields = photo(audit, content)
    with django_capture_on_commit_callbacks(execute=True):
        send_photo(client, audit, content, fields)
        send_photo(client, audit, content, fields)
    assert asked == [str(Evidence.objects.get(audit=audit).pk)]
