"""Notices: told once, in the person's language, mailed even when the mail server was down."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import Message
from accounts.models import Notice
from accounts.services.notices import MOST_ATTEMPTS, notify, send_notices
from tests.factories import make_user

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage

pytestmark = pytest.mark.django_db


class BrokenServer(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPServerDisconnected("hung up")


def greet() -> Message:
    return Message(kind="test", subject=_("Record"), body="本文", path="/console/")


def test_each_person_is_told_once_in_the_own_language() -> None:
    japanese, english = make_user(), make_user(locale="en")

    assert notify([japanese, english, english], "key", greet) == 2
    assert notify([japanese, english], "key", greet) == 0
    assert notify([japanese], "another key", greet) == 1

    assert Notice.objects.get(recipient=japanese, key="key").subject == "記録"
    assert Notice.objects.get(recipient=english).subject == "Record"


def test_who_left_and_service_accounts_are_not_told() -> None:
    gone, machine = make_user(is_active=False), make_user(is_service=True)

    assert notify([gone, machine], "key", greet) == 0


def test_mail_goes_out_once_with_the_address_of_the_page(settings: Any) -> None:
    settings.SITE_URL = "https://orime.example"
    person = make_user(locale="en")
    notify([person], "key", greet)

    assert send_notices() == 1
    assert send_notices() == 0

    [sent] = mail.outbox
    assert sent.to == [person.email]
    assert sent.subject == "Record"
    assert "https://orime.example/console/" in sent.body
    assert "本文" in sent.body


def test_mail_server_that_is_down_loses_nothing(settings: Any) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"
    notify([make_user()], "key", greet)
    now = timezone.now()

    assert send_notices(now) == 0
    assert send_notices(now) == 0  # not before the pause is over

    notice = Notice.objects.get()
    assert (notice.attempts, notice.last_error) == (1, "hung up")
    settings.EMAIL_BACKEND = working
    assert send_notices(now + timedelta(minutes=2)) == 1
    assert Notice.objects.get().last_error == ""


def test_mail_that_never_arrives_is_given_up_and_said_on_the_page(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"
    person = make_user(locale="en")
    notify([person], "key", greet)
    now = timezone.now()

    for _attempt in range(MOST_ATTEMPTS + 2):
        send_notices(now)
        now += timedelta(hours=10)

    assert Notice.objects.get().attempts == MOST_ATTEMPTS
    assert Notice.objects.get().given_up_at is not None
    client = Client()
    client.force_login(person)
    assert "could not be delivered" in client.get(reverse("notices")).content.decode()


def test_page_shows_only_ones_own_and_marks_them_as_read() -> None:
    person, other = make_user(locale="en"), make_user(locale="en")
    notify([person], "mine", greet)
    notify([other], "theirs", lambda: Message("test", "for somebody else"))
    client = Client()
    client.force_login(person)

    shown = client.get(reverse("notices")).content.decode()

    assert "Record" in shown
    assert "for somebody else" not in shown
    assert "1 notice is unread" in shown
    assert client.post(reverse("notices")).status_code == 302
    assert Notice.objects.filter(read_at=None).get().recipient == other
