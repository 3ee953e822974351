"""People: sign-in whatever the case of the address, memberships that end, language kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import policies
from accounts.models import Membership, User
from accounts.services.designating import designate
from accounts.services.people import add_member
from accounts.services.service_accounts import issue_token
from accounts.terms import Effect, Kind, Role
from tests.factories import make_organisation, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_address_is_unique_whatever_its_case() -> None:
    User.objects.create_user("Tanaka@example.org", "password", name="担当者")

    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        User.objects.create_user("TANAKA@example.org", "password", name="別人")


def test_sign_in_whatever_the_case(client: Client) -> None:
    user = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)

    response = client.post(
        reverse("account_login"), {"login": user.email.upper(), "password": "password"}
    )

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_password_says_so_without_telling_who_exists(client: Client) -> None:
    user = make_user()

    answers = [
        client.post(reverse("account_login"), {"login": address, "password": "wrong-password"})
        for address in (user.email, "nobody@example.org")
    ]

    errors = [answer.context["form"].non_field_errors() for answer in answers]
    assert errors[0]
    assert errors[0] == errors[1]


def test_sign_up_is_closed(client: Client) -> None:
    client.post(
        "/account/signup/",
        {
            "email": "new@example.org",
            "password1": "long-password-1",
            "password2": "long-password-1",
        },
    )

    assert not User.objects.filter(email="new@example.org").exists()


def test_pages_need_a_sign_in_by_default(client: Client) -> None:
    response = client.get(reverse("home"))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


def test_language_is_kept_on_the_user(client: Client) -> None:
    user = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)
    client.force_login(user)

    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    user.refresh_from_db()
    assert user.locale == "en"
    assert 'lang="en"' in client.get(reverse("console:board")).content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_language_switch_does_not_lead_elsewhere(target: str, client: Client) -> None:
    response = client.post(reverse("set_language"), {"language": "en", "next": target})

    assert response.headers["Location"] == "/"


def test_membership_that_ended_counts_no_more() -> None:
    organisation = make_organisation(Kind.SCHEME_OWNER)
    user = make_user(organisation, Role.ADMINISTRATOR)
    assert policies.administers_scheme(user)

    user.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert not policies.administers_scheme(User.objects.get(pk=user.pk))


def test_administrator_adds_a_colleague_once() -> None:
    body = make_organisation(Kind.AUDIT_BODY)
    administrator = make_user(body, Role.ADMINISTRATOR)

    def add(actor: User, role: Role = Role.AUDITOR) -> Membership:
        return add_member(
            actor=actor, organisation=body, email="new@example.org", name="新人", role=role
        )

    membership = add(administrator)

    assert not membership.user.has_usable_password()
    with pytest.raises(ValidationError):
        add(administrator)
    with pytest.raises(PermissionDenied):
        add(membership.user, Role.READER)


def test_secretariat_approves_its_own_bodies_only() -> None:
    body, other = make_organisation(Kind.AUDIT_BODY), make_organisation(Kind.AUDIT_BODY)
    assert body.parent is not None
    body.designations.all().delete()
    coordinator = make_user(body.parent, Role.COORDINATOR)
    today = timezone.localdate()

    assert designate(actor=coordinator, organisation=body, starts_on=today).permits(
        Effect.ACCEPT, today
    )
    with pytest.raises(PermissionDenied):
        designate(actor=coordinator, organisation=other, starts_on=today)
    with pytest.raises(PermissionDenied):
        designate(actor=coordinator, organisation=body.parent, starts_on=today)


def test_token_is_for_brands_and_for_those_in_charge() -> None:
    brand = make_organisation(Kind.BRAND)

    assert issue_token(actor=make_user(brand, Role.ADMINISTRATOR), brand=brand)
    with pytest.raises(PermissionDenied):
        issue_token(actor=make_user(brand, Role.READER), brand=brand)
    with pytest.raises(ValidationError):
        issue_token(actor=None, brand=make_organisation(Kind.SECRETARIAT))


def test_service_account_cannot_sign_in_with_a_password() -> None:
    brand = make_organisation(Kind.BRAND)
    issue_token(actor=None, brand=brand)

    assert not User.objects.get(is_service=True).has_usable_password()
