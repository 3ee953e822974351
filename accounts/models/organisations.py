"""Organisations of the scheme and the people who act for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.ids import uuid7
from accounts.models.users import User
from accounts.terms import Kind, Practice, Role
from ui.language import Localized

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        """The scheme's institutions for everybody signed in; suppliers and brands by belonging."""
        if policies.is_scheme_owner(user) or policies.is_observer(user):
            return self
        mine = policies.organisation_ids(user)
        if not mine:
            return self.none()
        institutions = [Kind.SCHEME_OWNER, Kind.SECRETARIAT, Kind.AUDIT_BODY]
        # Brands are visible so that a supplier can choose with whom to share.
        return self.filter(models.Q(kind__in=[*institutions, Kind.BRAND]) | models.Q(pk__in=mine))

    def bodies_of(self, secretariats: Iterable[UUID]) -> OrganisationQuerySet:
        """Audit bodies approved under the given secretariats."""
        return self.filter(kind=Kind.AUDIT_BODY, parent__in=secretariats)


class Organisation(models.Model):
    """A scheme owner, secretariat, audit body, supplier, brand or observer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name_ja = models.CharField(_("name (Japanese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("secretariat"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("For an audit body: the secretariat under which it is approved."),
    )
    practice = models.CharField(
        _("its bodies are"),
        max_length=10,
        choices=Practice.choices,
        blank=True,
        help_text=_("For a secretariat: the profession of the bodies it approves."),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = OrganisationQuerySet.as_manager()
    name = Localized()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.AUDIT_BODY) | models.Q(parent__isnull=False),
                name="audit_body_has_secretariat",
            ),
        ]
        indexes = [
            # Lists of bodies, brands or suppliers in the console, by kind and name.
            models.Index(fields=["kind", "name_ja"], name="organisation_by_kind"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """Memberships of the organisations one administers; all for the scheme owner."""
        if policies.administers_scheme(user):
            return self
        return self.filter(
            organisation__in=policies.organisation_ids(user, roles={Role.ADMINISTRATOR})
        )

    def in_force(self) -> MembershipQuerySet:
        """Memberships that have not ended."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=timezone.localdate()))


class Membership(models.Model):
    """A person's role in an organisation, in force until a date or until further notice."""

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="membership_once_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation} ({self.get_role_display()})"
