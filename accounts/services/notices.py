"""Telling people: a notice on the page and an e-mail, in the person's language, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone, translation

from accounts.models import Notice, User
from accounts.services.rhythm import mail_at

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.letters import Message


def notify(
    people: Iterable[User], key: str, message: Callable[[], Message], *, same: Iterable[str] = ()
) -> int:
    """Tell each active person once; return how many were told now and not before.

    `same` are keys under which others are told of the same thing: who belongs to both and was told
    under one of them is not told again.

    `message` is called with the person's language active, so its texts come out in that language.
    The rows are written in the caller's transaction: what is rolled back was never told. The
    e-mails go out with the next round of the mailer, or with the person's digest.
    """
    active = {person.pk: person for person in people if person.is_active and not person.is_service}
    known = set(
        Notice.objects.filter(recipient__in=active, key__in={key, *same}).values_list(
            "recipient", flat=True
        )
    )
    written: dict[str, Message] = {}
    rows = []
    for person in active.values():
        if person.pk in known:
            continue
        if person.locale not in written:
            with translation.override(person.locale):
                written[person.locale] = message()
        rows.append(_notice(person, key, written[person.locale]))
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


class Telling(NamedTuple):
    """One thing that one person is to be told; `message` as in `notify`."""

    person: User
    key: str
    message: Callable[[], Message]


def notify_each(tellings: Iterable[Telling]) -> int:
    """Tell each person his or her own thing, as `notify` does, with few queries for many of them."""
    due = [each for each in tellings if each.person.is_active and not each.person.is_service]
    known: set[tuple[UUID, str]] = set()
    for start in range(0, len(due), 500):  # SQLite takes a limited number of parameters
        rows = Notice.objects.filter(key__in={each.key for each in due[start : start + 500]})
        known.update(rows.values_list("recipient", "key"))
    new = []
    for person, key, message in due:
        if (person.pk, key) not in known:
            with translation.override(person.locale):
                new.append(_notice(person, key, message()))
    Notice.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    return len(new)


def _notice(person: User, key: str, text: Message) -> Notice:
    return Notice(
        recipient=person,
        key=key,
        kind=text.kind,
        about=text.about,
        subject=text.subject[:200],
        body=text.body,
        path=text.path,
        urgent=text.urgent,
        not_before=mail_at(person, urgent=text.urgent, now=timezone.now()),
    )


def told(keys: Iterable[str]) -> set[str]:
    """Return those of the keys about which somebody has been told already."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):  # SQLite takes a limited number of parameters
        rows = Notice.objects.filter(key__in=wanted[start : start + 500])
        found.update(rows.values_list("key", flat=True))
    return found


def note_failure(person: User, text: Message, reason: str) -> Notice:
    """Keep that a letter which is sent at once did not go out; its link is not kept."""
    now = timezone.now()
    notice = _notice(person, f"{text.kind}:{now.isoformat()}", text)
    notice.attempts, notice.given_up_at, notice.last_error = 1, now, reason
    notice.save()
    return notice


def read_notice(*, actor: User, notice: Notice) -> None:
    """Mark one notice as read by whom it is addressed to."""
    mine = Notice.objects.visible_to(actor).unread()
    mine.filter(pk=notice.pk).update(read_at=timezone.now())


def read_notices(*, actor: User) -> int:
    """Mark everything that the person has been told as read; return how many were unread."""
    unread = Notice.objects.visible_to(actor).unread()
    return unread.update(read_at=timezone.now())
