"""What can stop or reopen a result: critical alerts and appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.models.findings import Finding
from audits.models.results import Result

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User | AnonymousUser) -> AlertQuerySet:
        """Alerts of visible audits; the supplier's own once it was told, a brand none.

        Before the secretariat says that it is safe an alert could warn those who put people in
        danger.
        """
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        rows = self.filter(audit__in=Audit.objects.visible_to(user))
        if own := accounts.organisation_ids(user, Kind.SUPPLIER):
            rows = rows.exclude(told_at=None, audit__site__supplier__organisation__in=own)
        return rows

    def open(self) -> AlertQuerySet:
        """Alerts that the secretariat has not settled."""
        return self.filter(settled_at=None)


class Alert(models.Model):
    """A critical alert: the lead suspects something unacceptable with a person in danger."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="alerts"
    )
    reason = models.TextField(_("reason"))
    raised_by = models.ForeignKey(
        User, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField(_("raised at"), default=timezone.now, editable=False)
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(_("to be settled by"))
    confirmed = models.BooleanField(_("confirmed"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settlement = models.TextField(_("what was decided"), blank=True)
    # From this moment on the supplier sees the alert: the secretariat says that it is safe.
    told_at = models.DateTimeField(_("supplier told at"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("critical alert")
        verbose_name_plural = _("critical alerts")

    def __str__(self) -> str:
        return f"{self.audit} {self.raised_at:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        """Say whether the time to settle has passed and nobody has."""
        return self.settled_at is None and self.due_at < timezone.now()

    @property
    def hours_left(self) -> int:
        """Return the whole hours until it must be settled; negative once that is over."""
        return int((self.due_at - timezone.now()).total_seconds() // 3600)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User | AnonymousUser) -> AppealQuerySet:
        """Appeals against visible results; brands learn only that a result is under appeal."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        return self.filter(result__in=Result.objects.visible_to(user))

    def open(self) -> AppealQuerySet:
        """Appeals that have not been decided."""
        return self.filter(decided_at=None)


class Appeal(models.Model):
    """A supplier's appeal against a result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    result = models.ForeignKey(
        Result, verbose_name=_("result"), on_delete=models.PROTECT, related_name="appeals"
    )
    grounds = models.TextField(_("grounds"))
    raised_by = models.ForeignKey(
        User, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField(_("raised at"), default=timezone.now, editable=False)
    due_on = models.DateField(_("to be decided by"))
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    # When upheld: {"5-7": {"judgement": "conforming", "severity": "", …}}, what changed by code.
    changes = models.JSONField(_("what was changed"), default=dict, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def __str__(self) -> str:
        return f"{self.result} {self.raised_at:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        """Say whether the time to decide has passed and nobody has."""
        return self.decided_at is None and self.due_on < timezone.localdate()
