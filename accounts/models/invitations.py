"""Invitations: somebody is asked to act for an organisation, and says yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.ids import uuid7
from accounts.models.organisations import Organisation
from accounts.models.users import User
from accounts.terms import Kind, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User | AnonymousUser) -> InvitationQuerySet:
        """One's own, and those into organisations that one belongs to; all for the scheme owner.

        A secretariat's desk invites the first people of suppliers, so it sees what a colleague sent.
        """
        if policies.administers_scheme(user):
            return self
        rule = (
            Q(user=user.pk)
            | Q(organisation__in=policies.organisation_ids(user))
            | Q(organisation__parent__in=policies.organisation_ids(user))
            | Q(invited_by=user.pk)
        )
        if policies.organisation_ids(user, Kind.SECRETARIAT, policies.DESK):
            rule |= Q(organisation__kind=Kind.SUPPLIER)
        return self.filter(rule)

    def open(self) -> InvitationQuerySet:
        """Invitations that can still be answered."""
        return self.filter(answered_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An offer of a role in an organisation; the role is held when the person has accepted.

    Nobody comes to belong to an organisation by somebody else's word: it would tie an auditor to a
    company, or show a company's audits to a stranger.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    invited_by = models.ForeignKey(
        User, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("can be answered until"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # None with an answer: taken back by who invited.
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(answered_at=None),
                name="invitation_once_until_answered",
            ),
        ]
        indexes = [
            # The invitations of one organisation, beside its people.
            models.Index(fields=["organisation", "-created_at"], name="invitation_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.organisation} ({self.get_role_display()})"

    @property
    def is_open(self) -> bool:
        """Say whether it can still be answered."""
        return self.answered_at is None and self.expires_at > timezone.now()
