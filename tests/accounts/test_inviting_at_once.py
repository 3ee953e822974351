"""People and letters when two click at the same moment: one is done, the other reads why not."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from accounts.models import Invitation, Notice, OrganisationEvent, User
from accounts.services.inviting import invite
from accounts.services.outbox import try_again
from accounts.terms import Kind, Role
from tests.audits.test_two_at_once import at_once
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_person_is_invited_twice() -> None:
    company = make_organisation(Kind.SUPPLIER)
    ask = partial(
        invite,
        actor=make_user(company, Role.MANAGER),
        organisation=company,
        email="new@example.org",
        name="新任 担当",
        role=Role.READER,
    )

    answers = at_once(*[ask] * 3)

    refused = [sentences for sentences in answers if sentences]
    assert len(refused) == 2
    assert all("招待" in sentence for sentences in refused for sentence in sentences)
    assert Invitation.objects.count() == 1


def test_two_organisations_invite_somebody_new() -> None:
    companies = [make_organisation(Kind.SUPPLIER) for _number in range(3)]
    works = [
        partial(
            invite,
            actor=make_user(company, Role.MANAGER),
            organisation=company,
            email="new@example.org",
            name="新任 担当",
            role=Role.READER,
        )
        for company in companies
    ]

    assert at_once(*works) == [[], [], []]
    new = User.objects.get(email="new@example.org")
    assert {row.organisation for row in Invitation.objects.filter(user=new)} == set(companies)


def test_letters_are_tried_again_once() -> None:
    owner = make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR)
    Notice.objects.create(
        recipient=owner, key="key", kind="test", subject="件名", given_up_at=timezone.now()
    )

    retry = partial(try_again, actor=owner, notices=Notice.objects.all())

    assert sorted(len(sentences) for sentences in at_once(retry, retry)) == [0, 1]
    assert OrganisationEvent.objects.filter(act="letters_retried").count() == 1
