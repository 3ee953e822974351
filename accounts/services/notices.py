"""Telling people: a notice on the page and an e-mail, in the person's language, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING, NamedTuple

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Notice, User

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.letters import Message

log = structlog.get_logger(__name__)

# A mail server that is down is tried again after 1, 2, 4 … minutes, about two days in all.
MOST_ATTEMPTS = 12


def notify(
    people: Iterable[User], key: str, message: Callable[[], Message], *, same: Iterable[str] = ()
) -> int:
    """Tell each active person once; return how many were told now and not before.

    `same` are keys under which others are told of the same thing: who belongs to both and was told
    under one of them is not told again.

    `message` is called with the person's language active, so its texts come out in that language.
    The rows are written in the caller's transaction: what is rolled back was never told. The
    e-mails go out with the next round of the mailer.
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
    )


def told(keys: Iterable[str]) -> set[str]:
    """Return those of the keys about which somebody has been told already."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):  # SQLite takes a limited number of parameters
        rows = Notice.objects.filter(key__in=wanted[start : start + 500])
        found.update(rows.values_list("key", flat=True))
    return found


def send_notices(now: datetime | None = None, most: int = 200) -> int:
    """Send the e-mails that are due; return how many went out.

    Each notice is claimed by a conditional UPDATE before it is sent, so that two mailers never
    send the same one. An error of the mail server is kept on the notice and tried again later.
    """
    now = now or timezone.now()
    sent = 0
    for notice in (
        Notice.objects.to_send(now).select_related("recipient").order_by("not_before")[:most]
    ):
        wait = timedelta(minutes=2 ** min(notice.attempts, 9))
        claimed = Notice.objects.filter(
            pk=notice.pk, sent_at=None, not_before=notice.not_before
        ).update(not_before=now + wait, attempts=F("attempts") + 1)
        if claimed:
            sent += _send(notice)
    return sent


def _send(notice: Notice) -> int:
    with translation.override(notice.recipient.locale):
        text = render_to_string(
            "accounts/mail/notice.txt",
            {
                "notice": notice,
                "address": f"{settings.SITE_URL}{notice.path}" if notice.path else "",
            },
        )
    mail = EmailMessage(
        subject=" ".join(notice.subject.split()), body=text, to=[notice.recipient.email]
    )
    row = Notice.objects.filter(pk=notice.pk)
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        last = notice.attempts + 1 >= MOST_ATTEMPTS
        row.update(last_error=str(error)[:300], given_up_at=timezone.now() if last else None)
        log.warning("notice_not_sent", notice=str(notice.pk), error=str(error), given_up=last)
        return 0
    row.update(sent_at=timezone.now(), last_error="")
    return 1


def read_notices(*, actor: User) -> int:
    """Mark everything that the person has been told as read; return how many were unread."""
    unread = Notice.objects.visible_to(actor).unread()
    return unread.update(read_at=timezone.now())
