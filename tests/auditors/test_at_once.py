"""Two people, or two clicks, at the same moment: one enters, the other reads a sentence."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import User
from accounts.services.records import verify_organisations
from accounts.terms import Kind
from audits.auditors.models import Auditor
from audits.auditors.services.registering import register_auditor
from tests.audits.test_two_at_once import at_once
from tests.factories import Scheme, make_organisation

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN = {
    "email": "new@example.org",
    "name": "今治 太郎",
    "registration_number": "JA-9001",
    "languages": ["ja"],
    "prefectures": [38],
}


def test_double_click_registers_once() -> None:
    scheme = Scheme()
    click = partial(register_auditor, actor=scheme.coordinator, body=scheme.body, **GIVEN)

    answers = at_once(click, click, click)

    assert sorted(map(len, answers)) == [0, 1, 1]
    assert Auditor.objects.filter(registration_number="JA-9001").count() == 1
    assert verify_organisations(scheme.body) == (1, [])


@pytest.mark.parametrize(
    "other",
    [
        {"email": "NEW@example.org", "registration_number": "JA-9002"},
        {"email": "other@example.org", "registration_number": "ja-9001"},
    ],
    ids=["same person", "same number"],
)
def test_two_bodies_register_the_same_at_once(other: dict[str, str]) -> None:
    scheme = Scheme()
    body = make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat)
    before = User.objects.count()
    register = partial(register_auditor, actor=scheme.coordinator)

    answers = at_once(
        partial(register, body=scheme.body, **GIVEN),
        partial(register, body=body, **{**GIVEN, **other}),
    )

    assert sorted(map(len, answers)) == [0, 1]
    assert User.objects.count() == before + 1
