"""How allauth behaves here: people are invited, and its mails are letters like all others."""

from __future__ import annotations

from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.utils import timezone, translation

from accounts.models import User
from accounts.services.composing import Entry, as_mail, write
from accounts.services.mailing import reason_of
from accounts.services.notices import note_failure, notify
from accounts.sign_in_letters import CHANGES, LINKS, NOT_ME, UNASKED
from ui.templatetags.ui import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from accounts.letters import Fact, Letter

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up is closed: an administrator of the organisation adds people."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter with a link at once; an error is kept, and the page answers as ever.

        Were the error shown, it would tell a stranger which addresses have an account.
        """
        person = User.objects.filter(email__iexact=email).first()
        link = context.get("password_reset_url") or context.get("activate_url") or ""
        _send(LINKS[template_prefix], {}, UNASKED, link, person, email)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person of a change of the own sign-in, as a notice that is mailed at once."""

        now = timezone.now()
        letter, facts = CHANGES[template_prefix], {"at": lambda: moment(now)}
        notify(
            [user],
            f"{template_prefix}:{now.isoformat()}",
            lambda: letter.message(facts, body=str(NOT_ME)),
        )
        if email and email.lower() != user.email.lower():
            # The address that was replaced: who took the account over does not read it.
            _send(letter, facts, NOT_ME, "", user, email)


def _send(
    letter: Letter,
    facts: Mapping[str, Fact],
    body: _StrPromise,
    link: str,
    person: User | None,
    email: str,
) -> None:
    locale = person.locale if person else translation.get_language()
    with translation.override(locale):
        message = letter.message(facts, body=str(body))
    entry = Entry(message.subject, message.body, link)
    name = person.name if person else ""
    try:
        as_mail(write(name, locale, [entry], chosen=False), email, locale).send()
    except (SMTPException, OSError) as error:
        log.warning("letter_not_sent", letter=message.kind, error=str(error))
        if person is not None:
            note_failure(person, message, reason_of(error))
