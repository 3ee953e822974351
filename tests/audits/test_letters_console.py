"""Letters in the console: all kinds with a preview, and the outbox with what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.letters import LETTERS, Message
from accounts.models import Notice, OrganisationEvent, User
from accounts.services.notices import notify
from accounts.services.outbox import try_again
from accounts.sign_in_letters import LINKS
from accounts.terms import Kind, Role
from audits.terms import Status
from tests.factories import Scheme, audit_at, make_organisation, make_user

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR, locale="en")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def write(person: User, key: str = "key", *, about: str = "", body: str = "") -> Notice:
    notify([person], key, lambda: Message("alert-raised", f"about {key}", body, "/", about))
    return Notice.objects.get(recipient=person, key=key)


def give_up(*notices: Notice) -> None:
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    rows.update(given_up_at=timezone.now(), attempts=12, last_error="550 No such user")


def page(user: User, name: str = "outbox", **chosen: str) -> str:
    return browser(user).get(reverse(f"console:{name}"), chosen).content.decode()


def test_every_letter_is_in_the_list_and_can_be_narrowed(owner: User) -> None:
    everything = page(owner, "letters")

    assert [
        code for code in LETTERS if reverse("console:letter", args=[code]) not in everything
    ] == []
    narrowed = page(owner, "letters", q="critical alert", urgent="urgent")
    assert reverse("console:letter", args=["alert-raised"]) in narrowed
    assert reverse("console:letter", args=["submit-body"]) not in narrowed
    assert "Nothing fits" in page(owner, "letters", q="no such letter")
    rows = browser(owner).get(reverse("console:letters"), {"format": "csv"})
    assert len(b"".join(rows).splitlines()) == len(LETTERS) + 1


def test_preview_shows_a_letter_as_it_is_mailed_in_both_languages(owner: User) -> None:
    shown = browser(owner).get(reverse("console:letter", args=["facts-due"]))
    mail = browser(owner).get(reverse("console:letter_mail", args=["facts-due", "ja"]))

    assert "事実" in shown.content.decode()
    assert "Check the facts by 11 Dec 2026" in shown.content.decode()
    assert "frame-src 'self'" in shown["Content-Security-Policy"]
    # Styles of a mail stand in its elements; in return nothing in the frame may act.
    assert "sandbox" in mail["Content-Security-Policy"]
    assert "script-src" not in mail["Content-Security-Policy"]
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    assert '<html lang="ja">' in mail.content.decode()
    for address in (["no-such-letter"], ["facts-due", "fr"]):
        name = "console:letter_mail" if len(address) > 1 else "console:letter"
        assert browser(owner).get(reverse(name, args=address)).status_code == 404


def test_outbox_says_what_became_of_each_and_narrows(owner: User) -> None:
    gone, other = make_user(name="甲野"), make_user(name="乙川")
    lost = write(gone, "lost", about="JA-2026-0001")
    write(other, "waiting")
    Notice.objects.filter(pk=write(other, "sent").pk).update(sent_at=timezone.now())
    give_up(lost)

    def found(**chosen: str) -> set[str]:
        shown = page(owner, **chosen)
        return {key for key in ("lost", "waiting", "sent") if f"about {key}" in shown}

    assert found() == {"lost", "waiting", "sent"}
    assert "550 No such user" in page(owner)
    assert found(state="given_up") == {"lost"}
    assert found(state="waiting") == {"waiting"}
    assert found(state="again") == found(state="left") == set()
    assert found(state="sent", who="乙川") == {"sent"}
    assert found(who=gone.email) == found(audit="2026-0001") == {"lost"}
    assert found(kind="alert-raised") == {"lost", "waiting", "sent"}
    assert found(kind="facts-due") == set()
    assert "1 letter could not be delivered" in page(owner, "letters")
    rows = browser(owner).get(reverse("console:outbox"), {"format": "csv", "state": "given_up"})
    assert len(b"".join(rows).splitlines()) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_outbox_asks_the_same_of_the_database_for_one_and_for_three(
    owner: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        write(make_user(), f"key {number}")
    client = browser(owner)

    with django_assert_num_queries(6):
        assert client.get(reverse("console:outbox")).status_code == 200


def test_secretariat_oversees_its_own_people_and_its_bodies_and_no_others() -> None:
    scheme = Scheme()
    other = make_organisation(Kind.SECRETARIAT)
    stranger = make_user(make_organisation(Kind.AUDIT_BODY, parent=other), Role.COORDINATOR)
    people = {
        "own": scheme.coordinator,
        "body": scheme.desk,
        "owner": scheme.owner,
        "supplier": scheme.manager,
        "other": stranger,
    }
    rows = {key: write(person, key) for key, person in people.items()}
    desk = browser(scheme.coordinator)

    shown = desk.get(reverse("console:outbox")).content.decode()
    assert {key for key in people if f"about {key}" in shown} == {"own", "body"}
    codes = {
        key: desk.get(reverse("console:outbox_letter", args=[row.pk])).status_code
        for key, row in rows.items()
    }
    assert codes == {"own": 200, "body": 200, "owner": 404, "supplier": 404, "other": 404}
    retry = reverse("console:retry_letters")
    give_up(*rows.values())
    desk.post(retry, {"letter": rows["supplier"].pk})
    desk.post(retry)
    assert set(Notice.objects.given_up()) == {rows["owner"], rows["supplier"], rows["other"]}


def test_text_is_shown_only_to_who_may_see_the_audit() -> None:
    scheme, other = Scheme(), Scheme()
    audit = audit_at(Status.SUBMITTED, other)
    secret = write(scheme.desk, "secret", about=audit.number, body="秘密の引用")
    plain = write(scheme.desk, "plain", body="公開の本文")

    def shown(user: User, notice: Notice) -> str:
        address = reverse("console:outbox_letter", args=[notice.pk])
        return browser(user).get(address).content.decode()

    assert "秘密の引用" not in shown(scheme.coordinator, secret)
    assert "秘密の引用" not in page(scheme.coordinator)
    assert "公開の本文" in shown(scheme.coordinator, plain)
    assert "秘密の引用" in shown(scheme.owner, secret)


def test_trying_again_begins_anew_and_is_recorded(owner: User) -> None:
    first, second = write(make_user(), "first"), write(make_user(), "second")
    give_up(first, second)
    address = reverse("console:retry_letters")
    client = browser(owner)

    answer = client.post(address, {"letter": first.pk})
    assert answer.headers["Location"] == reverse("console:outbox_letter", args=[first.pk])
    first.refresh_from_db()
    assert (first.given_up_at, first.attempts) == (None, 0)
    assert list(Notice.objects.given_up()) == [second]

    client.post(f"{address}?state=given_up&who=nobody")
    assert list(Notice.objects.given_up()) == [second]
    client.post(f"{address}?state=given_up")
    assert not Notice.objects.given_up().exists()
    events = OrganisationEvent.objects.filter(act="letters_retried")
    assert [event.payload["count"] for event in events] == [1, 1]
    assert "Letters that were given up tried again" in page(owner, "organisation_records")
    with pytest.raises(ValidationError):
        try_again(actor=owner, notices=Notice.objects.all())


def test_letters_with_a_link_that_is_not_kept_cannot_be_tried_again(owner: User) -> None:
    notice = write(make_user())
    give_up(notice)
    Notice.objects.update(kind=LINKS["account/email/password_reset_key"].code)

    with pytest.raises(ValidationError):
        try_again(actor=owner, notices=Notice.objects.all())
    address = reverse("console:outbox_letter", args=[notice.pk])
    assert "Try again now" not in browser(owner).get(address).content.decode()


def test_others_try_nothing_again() -> None:
    scheme = Scheme()
    give_up(write(scheme.desk))

    for person in (scheme.desk, scheme.reviewer, scheme.manager):
        with pytest.raises(PermissionDenied):
            try_again(actor=person, notices=Notice.objects.all())
