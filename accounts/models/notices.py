"""Notices: what a person is told, on the page and by e-mail, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.ids import uuid7
from accounts.models.organisations import Membership
from accounts.models.users import User
from accounts.terms import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise


# What can become of the e-mail of a notice.
MAIL_STATES: dict[str, _StrPromise] = {
    "waiting": _("waiting"),
    "again": _("is tried again"),
    "sent": _("sent"),
    "given_up": _("given up"),
    "left": _("not sent: the account is closed"),
}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> NoticeQuerySet:
        """Everybody reads the notices addressed to him or her, and no others."""
        return self.filter(recipient=user.pk)

    def overseen_by(self, user: User | AnonymousUser) -> NoticeQuerySet:
        """All for the scheme owner; to a secretariat's desk those to its own people and its bodies'."""
        if policies.is_scheme_owner(user):
            return self
        mine = policies.organisation_ids(user, Kind.SECRETARIAT, policies.DESK)
        people = Membership.objects.in_force().filter(
            Q(organisation__in=mine) | Q(organisation__parent__in=mine)
        )
        return self.filter(recipient__in=people.values("user"))

    def unread(self) -> NoticeQuerySet:
        """Notices that the person has not opened."""
        return self.filter(read_at=None)

    def waiting(self) -> NoticeQuerySet:
        """Notices whose e-mail has not gone out and is not given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def to_send(self, now: datetime) -> NoticeQuerySet:
        """Waiting notices that may go out now and that nobody is sending; not to who left."""
        return self.waiting().filter(not_before__lte=now, recipient__is_active=True)

    def in_mail_state(self, state: str) -> NoticeQuerySet:
        """Notices whose e-mail is in a state of `MAIL_STATES`."""
        waiting = self.waiting().filter(recipient__is_active=True)
        match state:
            case "sent":
                return self.filter(sent_at__isnull=False)
            case "given_up":
                return self.given_up()
            case "left":
                return self.waiting().filter(recipient__is_active=False)
            case "again":
                return waiting.filter(attempts__gt=0)
            case _:
                return waiting.filter(attempts=0)

    def given_up(self) -> NoticeQuerySet:
        """Notices whose e-mail is not tried any more."""
        return self.filter(sent_at=None, given_up_at__isnull=False)


class Notice(models.Model):
    """One message to one person, in the person's language, kept and sent by e-mail.

    `key` says what it is about; the same person is told the same thing once, however often a clock
    comes by. `kind` is the code of its letter (`accounts.letters`), `about` the number of the audit
    that it is about, if any, and `path` the page that it leads to.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(
        User, verbose_name=_("recipient"), on_delete=models.CASCADE, related_name="notices"
    )
    key = models.CharField(_("key"), max_length=150)
    kind = models.CharField(_("letter"), max_length=50, blank=True)
    about = models.CharField(_("audit"), max_length=20, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("message"), blank=True)
    path = models.CharField(_("page"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    # The e-mail: when it may go out (again), and what became of it.
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_once"),
        ]
        indexes = [
            # A person's notices, newest first.
            models.Index(fields=["recipient", "-created_at"], name="notice_of_person"),
            # How many a person has not opened yet, on every page.
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="notice_unread_of_person"
            ),
            # What is not tried any more, for the desk.
            models.Index(
                fields=["-given_up_at"],
                condition=Q(sent_at=None, given_up_at__isnull=False),
                name="notice_given_up",
            ),
            # The desk's list, newest first.
            models.Index(fields=["-created_at", "-id"], name="notice_by_time"),
            # Which of many things have been told already, for the clocks.
            models.Index(fields=["key"], name="notice_by_key"),
            # What the mailer still has to send.
            models.Index(
                fields=["not_before"],
                condition=Q(sent_at=None, given_up_at=None),
                name="notice_to_send",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def mail_state(self) -> str:
        """Return what became of the e-mail: a key of `MAIL_STATES`."""
        if self.sent_at is not None:
            return "sent"
        if self.given_up_at is not None:
            return "given_up"
        if not self.recipient.is_active:
            return "left"
        return "again" if self.attempts else "waiting"
