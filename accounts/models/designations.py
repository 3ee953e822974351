"""Designations: by which authority a secretariat or an audit body acts, and what is suspended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.ids import uuid7
from accounts.models.organisations import Organisation
from accounts.terms import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models.users import User


class DesignationQuerySet(models.QuerySet["Designation"]):
    def visible_to(self, user: User | AnonymousUser) -> DesignationQuerySet:
        """Designations are public inside the scheme: everybody who is signed in may read them."""
        return self if policies.positions(user) else self.none()

    def in_force(self, on: date) -> DesignationQuerySet:
        """Designations that have begun and not ended on the day."""
        return self.touching(on, on)

    def touching(self, first: date, last: date) -> DesignationQuerySet:
        """Designations that are in force on at least one day from `first` to `last`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)


class Designation(models.Model):
    """The designation of a secretariat by the owner, or the approval of a body by a secretariat."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="designations",
    )
    scope = models.CharField(_("scope"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    suspension_reason = models.TextField(_("reason of the suspension"), blank=True)
    stops = models.JSONField(_("what the suspension stops"), default=list, blank=True)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="designation_ends_after_start",
            ),
        ]
        indexes = [
            # The designation of one body on one day, asked by every accept, schedule and issue.
            models.Index(fields=["organisation", "starts_on"], name="designation_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.starts_on}–)"

    def permits(self, effect: Effect, on: date) -> bool:
        """Say whether the designation is in force on the day and the effect is not suspended."""
        begun = self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)
        return begun and not (self.suspended_at is not None and effect in self.stops)


def permitted_throughout(
    designations: Iterable[Designation], effect: Effect, first: date, last: date
) -> bool:
    """Say whether one of the designations permits the effect on every day from `first` to `last`.

    Not necessarily the same on each: one may follow another in the middle of a visit.
    """
    day = first
    for row in sorted(designations, key=lambda row: row.starts_on):
        if row.permits(effect, day):
            if row.ends_on is None or row.ends_on >= last:
                return True
            day = row.ends_on + timedelta(days=1)
    return False
