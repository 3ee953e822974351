"""Who gets in: the live token of a brand's service account, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import Membership, User
from accounts.services.service_accounts import end_tokens, issue_token
from accounts.terms import Kind, Role
from tests.api.conftest import Api
from tests.factories import Scheme, make_organisation, make_user

if TYPE_CHECKING:
    from typing import Any

pytestmark = pytest.mark.django_db
PATHS = ("sites/", "results/", "corrective-actions/", "requirements/")


def refusal(api: Api, path: str = "sites/") -> tuple[int, str]:
    answer: Any = api.get(path)
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("path", PATHS)
def test_nobody(path: str, nobody: Api) -> None:
    answer = nobody.get(path)

    assert refusal(nobody, path) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("token", ["", "x", "a b", "orime_" + "0" * 64, "織", "Token"])
def test_unknown_token(token: str, db: None) -> None:
    answer = Api("").get("sites/", authorization=f"Token {token}".encode().decode("latin-1"))

    assert answer.status_code == 401


def test_expired_token(brand: Api) -> None:
    assert brand.get("sites/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert refusal(brand) == (401, "token_expired")


def test_rotated_token(brand: Api, ours: Scheme) -> None:
    newer = Api(issue_token(actor=None, brand=ours.brand, rotate=True))

    assert refusal(brand) == (401, "token_expired")
    assert newer.get("sites/").status_code == 200


def test_rotated_token_with_overlap(brand: Api, ours: Scheme) -> None:
    issue_token(actor=None, brand=ours.brand, rotate=True, overlap=timedelta(days=7))

    assert brand.get("sites/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert refusal(brand) == (401, "token_expired")


def test_ended_tokens(brand: Api, stranger: Api, ours: Scheme) -> None:
    issue_token(actor=None, brand=ours.brand)

    assert end_tokens(actor=ours.owner, brand=ours.brand) == 2
    assert refusal(brand) == (401, "token_expired")
    assert stranger.get("sites/").status_code == 200
    assert end_tokens(actor=ours.owner, brand=ours.brand) == 0


def test_token_of_a_person(ours: Scheme) -> None:
    for person in (ours.brand_user, ours.owner, ours.manager):
        _row, token = AuthToken.objects.create(user=person)
        assert refusal(Api(token)) == (401, "token_invalid"), person


def test_session_of_a_person(ours: Scheme, client: Any) -> None:
    client.force_login(ours.brand_user)

    assert client.get("/api/v1/sites/").status_code == 401


def test_account_that_was_switched_off(brand: Api, ours: Scheme) -> None:
    User.objects.filter(is_service=True).update(is_active=False)

    assert refusal(brand) == (401, "token_invalid")


def test_account_without_brand(brand: Api, ours: Scheme) -> None:
    Membership.objects.filter(user__is_service=True).delete()

    assert refusal(brand) == (403, "no_brand")


def test_account_with_a_second_place_reads_nothing(brand: Api, ours: Scheme) -> None:
    """A membership of the scheme owner would show the account everything."""
    account = User.objects.get(is_service=True)
    owner = ours.owner.memberships.get().organisation
    Membership.objects.create(user=account, organisation=owner, role=Role.READER)

    assert refusal(brand) == (403, "no_brand")


def test_last_use_is_kept(ours: Scheme) -> None:
    api = Api(issue_token(actor=None, brand=ours.brand))
    account = User.objects.get(is_service=True)
    assert account.last_login is None

    api.get("sites/")
    account.refresh_from_db()
    first = account.last_login
    assert first is not None

    api.get("sites/")
    account.refresh_from_db()
    assert account.last_login == first


def test_who_may_make_tokens(ours: Scheme, theirs: Scheme) -> None:
    administrator = make_user(ours.brand, Role.ADMINISTRATOR)

    assert issue_token(actor=ours.owner, brand=ours.brand)
    assert issue_token(actor=administrator, brand=ours.brand)
    for person in (ours.brand_user, ours.observer, ours.coordinator, theirs.brand_user):
        with pytest.raises(PermissionDenied):
            issue_token(actor=person, brand=ours.brand)
        with pytest.raises(PermissionDenied):
            end_tokens(actor=person, brand=ours.brand)
    with pytest.raises(ValidationError):
        issue_token(actor=None, brand=make_organisation(Kind.SUPPLIER))


def test_token_is_kept_as_a_hash(ours: Scheme) -> None:
    token = issue_token(actor=None, brand=ours.brand)

    row = AuthToken.objects.get()
    assert token.startswith("orime_")
    assert token not in (row.digest, row.token_key)
    assert row.expiry is not None
