"""Signing in: forgotten passwords; counters that do not answer, are used up or stand behind a proxy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.adapters import AccountAdapter
from accounts.models import Notice
from accounts.services.mailing import send_notices
from accounts.terms import Kind, Role
from config.settings import CACHES
from tests.factories import make_organisation, make_user

if TYPE_CHECKING:
    from django.test import Client, RequestFactory
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
    from pytest_django.fixtures import Settings

    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)


@pytest.fixture
def cache_is_down(settings: Settings) -> None:
    # Nothing listens on port 1 of any machine that runs tests.
    settings.CACHES = {"default": CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/1"}}


def sign_in(client: Client, user: User, *, guess: str = "", address: str = "") -> Answer:
    headers = {"x-forwarded-for": address} if address else {}
    data = {"login": user.email, "password": guess or "password"}
    return client.post(reverse("account_login"), data, headers=headers)


@pytest.mark.usefixtures("cache_is_down")
def test_without_its_counters_sign_in_is_refused_with_a_sentence(
    client: Client, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    client.cookies["django_language"] = "en"

    response = sign_in(client, user)

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Signing in is not possible at the moment." in response.content.decode()
    assert not get_user(client).is_authenticated
    assert "/account/login/ was refused: the cache does not answer" in caplog.text


@pytest.mark.usefixtures("cache_is_down")
def test_without_its_counters_who_is_signed_in_works_on(client: Client, user: User) -> None:
    client.force_login(user)

    assert client.get(reverse("console:board")).status_code == 200


def test_a_guesser_is_told_to_wait_in_the_language_of_the_page(client: Client, user: User) -> None:
    client.cookies["django_language"] = "en"
    answers = [sign_in(client, user, guess=f"guess {turn}") for turn in range(31)]

    assert answers[-1].status_code == 429
    assert "There were too many attempts" in answers[-1].content.decode()


def test_behind_a_proxy_a_guesser_closes_sign_in_for_nobody_else(
    client: Client, user: User, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    other = make_user(make_organisation(Kind.SUPPLIER), Role.MANAGER)
    answers = [
        sign_in(client, user, guess=f"guess {turn}", address="192.0.2.1") for turn in range(31)
    ]

    assert answers[-1].status_code == 429
    assert sign_in(client, other, address="192.0.2.2").status_code == 302


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(client: Client, user: User) -> None:
    reset = reverse("account_reset_password")
    assert f'href="{reset}"' in client.get(reverse("account_login")).content.decode()

    client.post(reset, {"email": user.email})

    link = re.search(r"http\S+", str(mail.outbox[0].body))
    assert link is not None
    chosen = client.get(link[0]).headers["Location"]
    client.post(chosen, {"password1": "neko-no-hitai-8321", "password2": "neko-no-hitai-8321"})
    assert sign_in(client, user).status_code == 200
    assert sign_in(client, user, guess="neko-no-hitai-8321").status_code == 302


def test_the_mail_with_the_link_is_a_letter_in_the_persons_language(
    client: Client, user: User
) -> None:
    client.cookies["django_language"] = "en"
    client.post(reverse("account_reset_password"), {"email": user.email})

    [sent] = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    [(html, _kind)] = sent.alternatives
    assert sent.subject == "織り目(Orime)の新しいパスワードを設定してください。"
    assert reverse("mail_rhythm") not in str(html)  # it always comes at once
    assert not Notice.objects.exists()


def test_a_mail_server_that_is_down_tells_nobody_who_has_an_account(
    client: Client, user: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_mailing.Down"
    answer = client.post(reverse("account_reset_password"), {"email": user.email})

    assert answer.headers["Location"] == reverse("account_reset_password_done")
    notice = Notice.objects.get(recipient=user)
    assert (notice.kind, notice.last_error) == ("sign-in-password-reset-key", "hung up")
    assert notice.given_up_at is not None
    assert "/account/" not in notice.body + notice.path  # the link is not kept


def test_who_changes_a_password_is_told_at_once(client: Client, user: User) -> None:
    client.force_login(user)
    new = {"oldpassword": "password", "password1": "neko-no-hitai-8321"}
    client.post(reverse("account_change_password"), new | {"password2": new["password1"]})

    notice = Notice.objects.get(recipient=user)
    assert (notice.kind, notice.urgent) == ("sign-in-password-changed", True)
    assert "お心当たりがない場合" in notice.body
    assert mail.outbox == []  # with the next round of the mailer
    assert send_notices() == 1


def test_the_address_that_was_replaced_is_told_too(
    client: Client, user: User, rf: RequestFactory
) -> None:
    AccountAdapter(rf.get("/")).send_notification_mail(
        "account/email/email_changed", user, {}, email="before@example.org"
    )

    [sent] = mail.outbox
    assert sent.to == ["before@example.org"]
    assert Notice.objects.get().recipient == user


def test_an_address_that_nobody_has_gets_no_mail(client: Client) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert answer.headers["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_the_pages_of_ones_account_keep_the_bar(client: Client, user: User) -> None:
    client.force_login(user)

    for name in ("mfa_index", "account_change_password"):
        assert f'href="{reverse("console:board")}"' in client.get(reverse(name)).content.decode()
