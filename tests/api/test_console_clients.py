"""The console's page of API clients: for those who run the scheme, tokens shown once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from accounts.services.service_accounts import issue_token
from accounts.terms import Kind, Role
from tests.api.conftest import Api
from tests.factories import Scheme, make_organisation, make_user

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    user.locale = "en"
    user.save()
    client.force_login(user)
    return client


@pytest.fixture
def owner(ours: Scheme) -> Client:
    return signed_in(ours.owner)


def page(ours: Scheme, name: str = "api_client") -> str:
    return reverse(f"console:{name}", args=[ours.brand.pk])


def shown_token(answer: Any) -> str:
    assert answer.status_code == 200
    (token,) = re.findall(r"orime_[0-9a-f]{64}", answer.content.decode())
    return str(token)


def test_token_is_shown_once_and_works_at_once(owner: Client, ours: Scheme) -> None:
    answer = owner.post(page(ours), {"earlier": "week"})

    token = shown_token(answer)
    assert "no-store" in answer["Cache-Control"]
    assert Api(token).get("sites/").status_code == 200
    for path in (page(ours), reverse("console:api_clients")):
        content = owner.get(path).content.decode()
        assert token not in content
        assert token[:10] in content


@pytest.mark.parametrize(("earlier", "status"), [("week", 200), ("keep", 200), ("now", 401)])
def test_what_becomes_of_earlier_tokens(
    earlier: str, status: int, owner: Client, ours: Scheme
) -> None:
    first = shown_token(owner.post(page(ours), {"earlier": "week"}))
    owner.post(page(ours), {"earlier": earlier})

    assert Api(first).get("sites/").status_code == status


def test_form_without_a_choice(owner: Client, ours: Scheme) -> None:
    assert owner.post(page(ours), {}).status_code == 422
    assert not AuthToken.objects.exists()


def test_access_is_taken_away(owner: Client, ours: Scheme) -> None:
    token = issue_token(actor=None, brand=ours.brand)

    answer = owner.post(page(ours, "end_api_client"), follow=True)

    assert "1 token was ended." in answer.content.decode()
    assert Api(token).get("sites/").status_code == 401


def test_last_use_is_shown(owner: Client, ours: Scheme) -> None:
    token = issue_token(actor=None, brand=ours.brand)
    assert "Not used yet" in owner.get(page(ours)).content.decode()

    Api(token).get("sites/")

    assert "Not used yet" not in owner.get(page(ours)).content.decode()


def test_pages_are_for_those_who_run_the_scheme(ours: Scheme) -> None:
    reader = make_user(ours.owner.memberships.get().organisation, Role.READER)
    for person in (ours.coordinator, ours.desk, ours.observer, ours.brand_user, reader):
        client = signed_in(person)
        assert client.get(reverse("console:api_clients")).status_code == 403, person
        assert client.get(page(ours)).status_code == 403, person
        assert client.post(page(ours), {"earlier": "week"}).status_code == 403, person
        assert client.post(page(ours, "end_api_client")).status_code == 403, person
    assert not AuthToken.objects.exists()


def test_only_brands_have_a_page(owner: Client, ours: Scheme) -> None:
    path = reverse("console:api_client", args=[ours.supplier.organisation_id])

    assert owner.get(path).status_code == 404
    assert owner.post(path, {"earlier": "week"}).status_code == 404


def test_queries_do_not_grow_with_brands(
    owner: Client, ours: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    issue_token(actor=None, brand=ours.brand)
    for more in (0, 2):
        for _number in range(more):
            issue_token(actor=None, brand=make_organisation(Kind.BRAND))
        with django_assert_num_queries(6):
            owner.get(reverse("console:api_clients"))
