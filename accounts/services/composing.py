"""One mail as it goes out: in the reader's language, as plain text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

# A mail names so many notices; the rest is on the page, which it leads to.
NAMED = 50


class Entry(NamedTuple):
    """One notice in a mail; `address` is the whole address that its button leads to."""

    subject: str
    body: str = ""
    address: str = ""
    urgent: bool = False


class Written(NamedTuple):
    """A mail before it is sent."""

    subject: str
    text: str
    html: str


def write(name: str, locale: str, entries: Sequence[Entry], *, chosen: bool = True) -> Written:
    """Write one mail about all of the entries; the first gives it its subject.

    `chosen` says whether the reader can choose how often such a mail comes.
    """
    with translation.override(locale):
        first = " ".join(entries[0].subject.split())
        more = {"subject": first, "count": len(entries) - 1}
        subject = _("%(subject)s (and %(count)d more)") % more if more["count"] else first
        context = {
            "name": name,
            "language": locale,
            "subject": subject,
            "entries": entries[:NAMED],
            "left": len(entries[NAMED:]),
            "notices_address": address_of(reverse("notices")),
            "rhythm_address": address_of(reverse("mail_rhythm")) if chosen else "",
        }
        return Written(
            subject,
            render_to_string("accounts/mail/notice.txt", context),
            render_to_string("accounts/mail/notice.html", context),
        )


def as_mail(written: Written, to: str, locale: str) -> EmailMultiAlternatives:
    """Return the mail; programs that answer absences by themselves are asked not to."""
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": locale}
    mail = EmailMultiAlternatives(written.subject, written.text, to=[to], headers=headers)
    mail.attach_alternative(written.html, "text/html")
    return mail


def address_of(path: str) -> str:
    """Return the whole address of a page of this system; "" for none."""
    return f"{settings.SITE_URL}{path}" if path else ""
