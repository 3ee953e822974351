"""The mailer: each notice once, several for one person in one mail, urgent at once, with patience."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.letters import Message
from accounts.models import Notice, User
from accounts.services.composing import NAMED
from accounts.services.mailing import LEASE, MOST_ATTEMPTS, send_notices
from accounts.services.notices import notify
from accounts.services.rhythm import choose_rhythm
from accounts.terms import Rhythm
from tests.factories import make_user

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.mail import EmailMessage
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-11-20T10:00:00+09:00")  # a Friday; Monday is a holiday


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def tell(person: User, *keys: str, urgent: bool = False) -> None:
    for key in keys:
        notify([person], key, lambda key=key: Message("test", f"about {key}", urgent=urgent))  # type: ignore[misc]  # bound at once


def subjects() -> list[str]:
    return [str(each.subject) for each in mail.outbox]


class Dying(BaseEmailBackend):
    """A mailer whose process ends while it sends."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise KeyboardInterrupt


class Overtaken(EmailBackend):
    """A mailer beside which another one comes by while the mail server takes its time."""

    found: list[int]

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if not getattr(Overtaken, "inside", False):
            Overtaken.inside = True  # type: ignore[attr-defined]  # only here
            Overtaken.found = [send_notices(), send_notices()]
            Overtaken.inside = False  # type: ignore[attr-defined]  # only here
        return super().send_messages(messages)


class Refusing(BaseEmailBackend):
    """A mail server that does not know the address, or not today."""

    code = 550

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPRecipientsRefused({"gone@example.org": (self.code, b"5.1.1 No such user here")})


class Greylisting(Refusing):
    code = 450


class Down(BaseEmailBackend):
    """A mail server that hangs up."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPServerDisconnected("hung up")


def backend(settings: Any, kind: type[BaseEmailBackend]) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{kind.__name__}"


def test_a_flood_of_notices_makes_one_mail(clock: time_machine.Traveller) -> None:
    person = make_user(locale="en")
    tell(person, *(f"thing {number}" for number in range(200)))

    assert [send_notices(), send_notices()] == [1, 0]
    [sent] = mail.outbox
    assert sent.subject == "about thing 0 (and 199 more)"
    assert f"about thing {NAMED - 1}" in sent.body
    assert f"about thing {NAMED}" not in sent.body
    assert f"There are {200 - NAMED} more notices" in sent.body
    assert not Notice.objects.waiting().exists()


def test_after_a_mail_the_next_waits_and_takes_all_with_it(clock: time_machine.Traveller) -> None:
    person, other = make_user(locale="en"), make_user(locale="en")
    tell(person, "first")
    send_notices()
    tell(person, "second", "third")
    tell(other, "theirs")

    assert send_notices() == 1  # the other person's
    clock.move_to(START + timedelta(minutes=9))
    assert send_notices() == 0
    clock.move_to(START + timedelta(minutes=10))
    assert send_notices() == 1
    assert subjects() == ["about first", "about theirs", "about second (and 1 more)"]


def test_what_is_urgent_waits_for_nothing_and_comes_first(clock: time_machine.Traveller) -> None:
    person = make_user(locale="en")
    tell(person, "first")
    send_notices()
    tell(person, "second")
    tell(person, "danger", urgent=True)

    assert send_notices() == 1
    assert subjects()[-1] == "about danger (and 1 more)"
    assert mail.outbox[-1].body.index("[urgent]") < mail.outbox[-1].body.index("about second")


def test_a_digest_comes_once_in_the_morning_of_business_days(
    clock: time_machine.Traveller,
) -> None:
    person = make_user(locale="en")
    choose_rhythm(actor=person, rhythm=Rhythm.DAILY)
    tell(person, "friday")
    found: dict[str, int] = {}
    for hours in range(24 * 6):
        clock.move_to(START + timedelta(hours=hours))
        if hours == 24:
            tell(person, "saturday")
        if hours == 4 * 24:
            tell(person, "tuesday, later")
        if sent := send_notices() + send_notices():
            found[f"{timezone.localtime():%d %H}"] = sent

    # Saturday, Sunday, and Labour Thanksgiving Day on Monday are no business days.
    assert found == {"24 08": 1, "25 08": 1}
    assert subjects() == ["about friday (and 1 more)", "about tuesday, later"]


def test_what_is_urgent_comes_before_the_digest(clock: time_machine.Traveller) -> None:
    person = make_user(locale="en")
    choose_rhythm(actor=person, rhythm=Rhythm.DAILY)
    tell(person, "later")
    tell(person, "danger", urgent=True)

    assert send_notices() == 1
    assert subjects() == ["about danger"]


def test_a_changed_choice_moves_what_waits(clock: time_machine.Traveller) -> None:
    person = make_user(locale="en")
    tell(person, "first")
    choose_rhythm(actor=person, rhythm=Rhythm.DAILY)
    assert send_notices() == 0

    choose_rhythm(actor=person, rhythm=Rhythm.AT_ONCE)
    assert send_notices() == 1


def test_two_mailers_at_once_send_one_mail(settings: Any) -> None:
    backend(settings, Overtaken)
    person = make_user(locale="en")
    tell(person, "plain")
    tell(person, "danger", urgent=True)

    assert send_notices() == 1
    assert Overtaken.found == [0, 0]
    assert subjects() == ["about danger (and 1 more)"]


def test_a_mailer_that_read_the_person_before_the_other_takes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make_user(locale="en")
    tell(person, "plain")
    people = type(User.objects).in_bulk

    def late(self: Any, keys: Any) -> Any:
        found = people(self, keys)
        monkeypatch.undo()
        assert send_notices() == 1  # between reading and claiming
        return found

    monkeypatch.setattr(type(User.objects), "in_bulk", late)

    assert send_notices() == 0
    assert len(mail.outbox) == 1


def test_who_changes_address_and_language_during_a_round_is_written_to_accordingly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make_user(locale="en")
    tell(person, "plain")
    people = type(User.objects).in_bulk

    def late(self: Any, keys: Any) -> Any:
        found = people(self, keys)
        User.objects.filter(pk=person.pk).update(email="new@example.org", locale="ja")
        return found

    monkeypatch.setattr(type(User.objects), "in_bulk", late)

    assert send_notices() == 1
    assert mail.outbox[0].to == ["new@example.org"]
    assert mail.outbox[0].extra_headers["Content-Language"] == "ja"


def test_a_mailer_that_dies_leaves_its_notices_to_the_next(
    settings: Any, clock: time_machine.Traveller
) -> None:
    working = settings.EMAIL_BACKEND
    backend(settings, Dying)
    tell(make_user(locale="en"), "plain")
    with pytest.raises(KeyboardInterrupt):
        send_notices()
    settings.EMAIL_BACKEND = working

    clock.move_to(START + LEASE - timedelta(seconds=1))
    assert send_notices() == 0
    clock.move_to(START + LEASE)
    assert send_notices() == 1
    assert subjects() == ["about plain"]


def test_an_address_that_is_refused_for_good_is_given_up_with_the_reason(settings: Any) -> None:
    backend(settings, Refusing)
    tell(make_user(), "plain", "second")

    assert send_notices() == 0
    for notice in Notice.objects.all():
        assert (notice.attempts, notice.last_error) == (1, "550 5.1.1 No such user here")
        assert notice.given_up_at is not None


def test_an_address_that_is_refused_for_now_is_tried_again(
    settings: Any, clock: time_machine.Traveller
) -> None:
    working = settings.EMAIL_BACKEND
    backend(settings, Greylisting)
    tell(make_user(), "plain")
    send_notices()
    notice = Notice.objects.get()
    assert (notice.given_up_at, notice.last_error) == (None, "450 5.1.1 No such user here")

    settings.EMAIL_BACKEND = working
    # The mail that failed is none after which the next would have to wait.
    clock.move_to(START + timedelta(minutes=1))
    assert send_notices() == 1
    assert Notice.objects.get().last_error == ""


def test_a_server_that_stays_down_is_tried_for_two_days(
    settings: Any, clock: time_machine.Traveller
) -> None:
    backend(settings, Down)
    tell(make_user(), "plain")
    tries = []
    for minutes in range(0, 4 * 24 * 60, 1):
        clock.move_to(START + timedelta(minutes=minutes))
        before = Notice.objects.get().attempts
        send_notices()
        if Notice.objects.get().attempts > before:
            tries.append(minutes)

    assert len(tries) == MOST_ATTEMPTS
    assert tries[:4] == [0, 1, 3, 7]
    assert 24 * 60 < tries[-1] < 3 * 24 * 60
    assert Notice.objects.get().given_up_at is not None


def test_who_has_left_gets_no_mail() -> None:
    person = make_user()
    tell(person, "plain")
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert send_notices() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_mail_costs_the_same_however_many_notices_it_takes(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell(make_user(), *(f"thing {number}" for number in range(count)))

    with django_assert_num_queries(9):
        assert send_notices() == 1


def test_mail_has_both_forms_in_the_readers_language_and_is_escaped(settings: Any) -> None:
    settings.SITE_URL = "https://orime.example"
    person = make_user(name="見本 <b>花子</b>")
    notify([person], "key", lambda: Message("test", "件名\n改行", "<i>本文</i>", "/console/"))
    send_notices()

    [sent] = mail.outbox
    text = str(sent.body)
    address = f"https://orime.example/notices/{Notice.objects.get().pk}/"
    assert isinstance(sent, EmailMultiAlternatives)
    [(html, kind)] = sent.alternatives
    assert (sent.subject, kind) == ("件名 改行", "text/html")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "<i>本文</i>" in text
    assert "見本 <b>花子</b> 様" in text
    assert '<html lang="ja">' in str(html)
    assert "&lt;i&gt;本文&lt;/i&gt;" in str(html)
    assert "<b>花子" not in str(html)
    assert f'href="{address}"' in str(html)
    assert address in text
    assert "https://orime.example/notices/mail/" in text


def test_mail_about_no_page_leads_nowhere() -> None:
    tell(make_user(locale="en"), "plain")
    send_notices()

    assert "Open the page" not in str(mail.outbox[0].body)
