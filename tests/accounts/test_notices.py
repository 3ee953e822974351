"""Notices: told once, in the person's language, and read on their page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.letters import Message
from accounts.models import Notice
from accounts.services.notices import notify
from accounts.services.rhythm import choose_rhythm
from accounts.terms import Rhythm
from tests.factories import make_user

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


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


def test_mail_that_never_arrives_is_said_on_the_page() -> None:
    person = make_user(locale="en")
    notify([person], "key", greet)
    Notice.objects.update(given_up_at=timezone.now())
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


def test_opening_a_notice_marks_that_one_as_read_and_leads_to_its_page() -> None:
    person, other = make_user(locale="en"), make_user()
    notify([person, other], "one", greet)
    notify([person], "two", greet)
    opened = Notice.objects.get(recipient=person, key="one")
    client = Client()
    client.force_login(person)

    answer = client.get(reverse("notice", args=[opened.pk]))

    assert answer.headers["Location"] == "/console/"
    assert list(Notice.objects.exclude(read_at=None)) == [opened]
    theirs = Notice.objects.get(recipient=other)
    assert client.get(reverse("notice", args=[theirs.pk])).status_code == 404


def test_bell_counts_what_is_unread_without_a_query_of_its_own(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_user(locale="en")
    client = Client()
    client.force_login(person)

    for number in (0, 3):
        for each in range(number):
            notify([person], f"key {each}", greet)
        # The session, the person with the number of notices, and the positions for the bar.
        with django_assert_num_queries(3):
            page = client.get(reverse("mail_rhythm")).content.decode()
        assert (f"({number} unread)" in page) == bool(number)


def test_list_is_narrowed_to_words_or_what_is_unread() -> None:
    person = make_user(locale="en")
    notify([person], "one", lambda: Message("test", "JA-2026-0001 plan"))
    notify([person], "two", lambda: Message("test", "JA-2026-0002 visit", urgent=True))
    Notice.objects.filter(key="one").update(read_at=timezone.now())
    client = Client()
    client.force_login(person)

    def shown(**chosen: str) -> set[str]:
        page = client.get(reverse("notices"), chosen).content.decode()
        return {number for number in ("0001", "0002") if f"JA-2026-{number}" in page}

    assert shown() == {"0001", "0002"}
    assert shown(q="plan") == {"0001"}
    assert shown(state="unread") == shown(state="urgent") == {"0002"}
    assert shown(q="nothing") == set()


def test_how_often_mail_comes_is_chosen_on_a_page() -> None:
    person = make_user(locale="en")
    client = Client()
    client.force_login(person)
    address = reverse("mail_rhythm")

    assert client.post(address, {"rhythm": "never"}).status_code == 422
    assert client.post(address, {"rhythm": "daily"}).status_code == 302
    person.refresh_from_db()
    assert person.mail_rhythm == Rhythm.DAILY
    with pytest.raises(ValidationError):
        choose_rhythm(actor=person, rhythm="never")
