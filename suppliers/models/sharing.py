"""Sharing: which brand may see how much of which site, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import Organisation, User
from suppliers import policies
from suppliers.models.sites import Site
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SharingGrantQuerySet(models.QuerySet["SharingGrant"]):
    def visible_to(self, user: User | AnonymousUser) -> SharingGrantQuerySet:
        """Grants that one's company gave or one's brand received; all for the scheme."""
        if policies.reads_every_supplier(user):
            return self
        mine = accounts.organisation_ids(user)
        return self.filter(Q(site__supplier__organisation__in=mine) | Q(brand__in=mine))

    def live(self) -> SharingGrantQuerySet:
        """Grants that have begun, have not ended and were not taken back."""
        today = timezone.localdate()
        return self.filter(starts_on__lte=today, ends_on__gte=today, revoked_at=None)

    def reaching(self, issued_at: str) -> SharingGrantQuerySet:
        """Grants that reach a result issued at the outer query's column: before the grant, or after.

        For a subquery; the caller narrows it to the site.
        """
        return self.filter(Q(future=True) | Q(created_at__gte=OuterRef(issued_at)))

    def received_by(self, user: User | AnonymousUser) -> SharingGrantQuerySet:
        """Live grants to the brands the user works for."""
        return self.live().filter(brand__in=accounts.organisation_ids(user))


class SharingGrant(models.Model):
    """A supplier's permission for one brand to see one site's result, at a level, until a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="grants"
    )
    brand = models.ForeignKey(
        Organisation,
        verbose_name=_("brand"),
        on_delete=models.PROTECT,
        related_name="grants_received",
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    # What the supplier did not say yes to is not shown.
    future = models.BooleanField(_("results still to be issued as well"), default=False)
    ungraded = models.BooleanField(_("results without a grade as well"), default=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        User,
        verbose_name=_("taken back by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    granted_by = models.ForeignKey(
        User, verbose_name=_("granted by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = SharingGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing")
        verbose_name_plural = _("sharing")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "brand"],
                condition=Q(revoked_at=None),
                name="sharing_once_per_brand",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="sharing_ends_after_start"
            ),
        ]
        indexes = [
            # What a brand sees: its live grants.
            models.Index(fields=["brand", "revoked_at", "ends_on"], name="sharing_of_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.site} → {self.brand} ({self.get_level_display()})"
