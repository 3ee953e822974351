"""Engagements: ties to a supplier that keep a person, or a whole office, from auditing it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import Organisation, User
from accounts.terms import Kind
from audits.auditors.terms import Declarer, EngagementKind
from suppliers.models import Supplier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User | AnonymousUser) -> EngagementQuerySet:
        """All for the scheme; one's office's own; a supplier sees the ties to itself."""
        if accounts.is_scheme_owner(user) or accounts.organisation_ids(user, Kind.SECRETARIAT):
            return self
        mine = accounts.organisation_ids(user)
        return self.filter(
            Q(body__in=mine) | Q(supplier__organisation__in=mine) | Q(person=user.pk)
        )

    def touching(self, supplier: Supplier, since: date) -> EngagementQuerySet:
        """Engagements with the supplier that were still running on or after `since`."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=since), supplier=supplier, withdrawn_at=None
        )


class Engagement(models.Model):
    """An advisory, employment, family or ownership tie between a person or office and a supplier.

    A person's tie binds the colleagues of the person's office too (`body` is the office at the
    time); a tie of the office alone has no person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        User,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
    )
    body = models.ForeignKey(
        Organisation,
        verbose_name=_("office"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
    )
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="engagements"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EngagementKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("what it is about"), max_length=300, blank=True)
    declared_as = models.CharField(
        _("declared as"), max_length=10, choices=Declarer.choices, default=Declarer.OFFICE
    )
    declared_by = models.ForeignKey(
        User, verbose_name=_("declared by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # Declared by mistake: it no longer counts, and stays readable.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("advisory engagement")
        verbose_name_plural = _("advisory engagements")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(body__isnull=False),
                name="engagement_of_person_or_office",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="engagement_ends_after_start",
            ),
        ]
        indexes = [
            # All ties to one supplier, for eligibility.
            models.Index(fields=["supplier", "ends_on"], name="engagement_with_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.body} – {self.supplier} ({self.get_kind_display()})"
