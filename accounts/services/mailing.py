"""Sending the e-mails of notices: each once, several for one person in one mail, with patience."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from accounts.services.composing import Entry, address_of, as_mail, write
from accounts.services.opening import link_of

if TYPE_CHECKING:
    from collections.abc import Sequence

log = structlog.get_logger(__name__)

# A mail server that is down is tried again after 1, 2, 4 … minutes, about two days in all.
MOST_ATTEMPTS = 12
# Who dies between taking notices and noting what became of them keeps others off for so long.
LEASE = timedelta(minutes=10)
# People in one round, and notices in one mail: what is more waits for the next.
MOST_PEOPLE, MOST_NOTICES = 200, 500


def send_notices() -> int:
    """Send the e-mails that are due; return how many went out.

    A person whose last mail is younger than MAIL_PAUSE_MINUTES waits, unless something is urgent;
    then everything that is due comes with it.
    """
    now = timezone.now()
    rested = Q(recipient__mailed_at=None) | Q(recipient__mailed_at__lte=now - _pause())
    due = (
        Notice.objects.to_send(now)
        .filter(rested | Q(urgent=True))
        .values("recipient")
        .annotate(first=Min("not_before"))
        .order_by("first")
        .values_list("recipient", flat=True)[:MOST_PEOPLE]
    )
    people = User.objects.in_bulk(list(due))
    return sum(_mail(person) for person in people.values())


def _pause() -> timedelta:
    return timedelta(minutes=settings.MAIL_PAUSE_MINUTES)


def _mail(person: User) -> int:
    now = timezone.now()
    notices = _claim(person, now)
    if not notices:
        return 0
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    entries = [
        Entry(
            notice.subject,
            notice.body,
            address_of(_page(person, notice)),
            notice.urgent,
        )
        for notice in notices
    ]
    mail = as_mail(write(person.name, person.locale, entries), person.email, person.locale)
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        _keep(error, notices, now)
        # A mail that did not go out makes nobody wait for the next.
        User.objects.filter(pk=person.pk, mailed_at=now).update(mailed_at=person.mailed_at)
        return 0
    rows.update(sent_at=timezone.now(), last_error="")
    return 1


def _page(person: User, notice: Notice) -> str:
    """Return the path that a mail leads to; who has no password yet is led to open the account."""
    if not person.has_usable_password():
        return link_of(person)
    return reverse("notice", args=[notice.pk]) if notice.path else ""


def _claim(person: User, now: datetime) -> list[Notice]:
    """Take what is due for the person, or nothing when another mailer was quicker.

    The conditional UPDATE of the person is what two mailers meet at; until the lease is over nobody
    finds the notices due.
    """
    with transaction.atomic():
        seen = User.objects.filter(pk=person.pk, mailed_at=person.mailed_at)
        if not seen.update(mailed_at=now):
            return []
        # A round takes its time: address, language and password may have changed since it began.
        person.refresh_from_db(fields=["email", "name", "locale", "password"])
        due = Notice.objects.to_send(now).filter(recipient=person)
        notices = list(due.order_by("-urgent", "created_at", "pk")[:MOST_NOTICES])
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
            not_before=now + LEASE, attempts=F("attempts") + 1
        )
    return notices


def _keep(error: OSError, notices: Sequence[Notice], now: datetime) -> None:
    """Keep why a mail did not go out, and when it is tried again, or that it is given up."""
    reason, hopeless = reason_of(error), refused_for_good(error)
    for attempts in sorted({notice.attempts for notice in notices}):
        over = hopeless or attempts + 1 >= MOST_ATTEMPTS
        Notice.objects.filter(
            pk__in=[notice.pk for notice in notices if notice.attempts == attempts]
        ).update(
            last_error=reason,
            not_before=now + timedelta(minutes=2 ** min(attempts, 9)),
            given_up_at=now if over else None,
        )
    log.warning("mail_not_sent", notices=len(notices), error=reason, given_up=hopeless)


def refused_for_good(error: OSError) -> bool:
    """Say whether the server refuses the address itself (5xx): trying again would not help."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _said in error.recipients.values()
    )


def reason_of(error: OSError) -> str:
    """Return what the mail server said, as it is kept."""
    if isinstance(error, SMTPRecipientsRefused):
        said = (
            f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values()
        )
        return "; ".join(said)[:300]
    return str(error)[:300]
