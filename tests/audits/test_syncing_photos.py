"""Photos from a tablet: kept once, with their facts, refused where findings are."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audits.models import Audit, Evidence, SyncItem
from audits.services.syncing import read_receipt
from audits.terms import EvidenceClass, Status
from tests.audits.desks import browser
from tests.audits.tablets import TABLET, finding_of, outcomes, photo, send_photo
from tests.factories import Scheme, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


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
        [fields["key"], fields["sha256"], "saved", None, evidence.sha256, "5-7"]
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
        ({"taken_at": "+012026-01-01T00:00:00.000Z"}, "saved"),
        ({"taken_at": "Invalid Date"}, "saved"),
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


@pytest.mark.past_the_record
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
