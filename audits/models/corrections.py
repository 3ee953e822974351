"""Corrective actions: how a nonconformity is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.models.findings import Finding
from audits.terms import CorrectionStatus, Verification
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

CORRECTION_ENDED = (
    CorrectionStatus.CLOSED,
    CorrectionStatus.CARRIED_OVER,
    CorrectionStatus.WITHDRAWN,
)


class CorrectiveActionQuerySet(models.QuerySet["CorrectiveAction"]):
    def visible_to(self, user: User | AnonymousUser) -> CorrectiveActionQuerySet:
        """Corrective actions of visible audits; for brands from level summary on."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.filter(finding__audit__in=Audit.objects.shared_at(user, Level.SUMMARY))
        return self.filter(finding__audit__in=Audit.objects.visible_to(user))

    def awaited(self) -> CorrectiveActionQuerySet:
        """Corrective actions that have not ended."""
        return self.exclude(status__in=CORRECTION_ENDED)

    def overdue(self) -> CorrectiveActionQuerySet:
        """Corrective actions whose date for closing has passed."""
        return self.awaited().filter(close_due_on__lt=timezone.localdate())


class CorrectiveAction(models.Model):
    """The corrective action for one nonconforming finding."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.OneToOneField(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.PROTECT,
        related_name="corrective_action",
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=CorrectionStatus.choices,
        default=CorrectionStatus.OPEN,
    )
    root_cause = models.TextField(_("root cause"), blank=True)
    correction = models.TextField(_("correction"), blank=True)
    prevention = models.TextField(_("prevention"), blank=True)
    responsible = models.CharField(
        _("responsible (function, not a name)"), max_length=100, blank=True
    )
    # By when the supplier wants to have it done; the date for closing leaves time to verify it.
    planned_on = models.DateField(_("to be carried out by"), null=True, blank=True)
    evidence_note = models.TextField(_("what was done"), blank=True)
    plan_due_on = models.DateField(_("plan due"))
    close_due_on = models.DateField(_("to be closed by"))
    verification = models.CharField(_("verification"), max_length=10, choices=Verification.choices)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = CorrectiveActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        indexes = [
            # Overviews by state, most urgent first.
            models.Index(fields=["status", "close_due_on"], name="correction_by_due"),
            # The console's list of all, the open ones first, by the day on which they are due.
            models.Index(fields=["-closed_at", "close_due_on"], name="correction_open_first"),
            # The brands' list of corrective actions, page by page in order of change.
            models.Index(fields=["updated_at", "id"], name="correction_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.finding} ({self.get_status_display()})"

    @property
    def plan_is_late(self) -> bool:
        """Say whether the plan is awaited and its day has passed."""
        return self.status == CorrectionStatus.OPEN and self.plan_due_on < timezone.localdate()

    @property
    def close_is_late(self) -> bool:
        """Say whether the action has not ended and its day has passed."""
        return self.status not in CORRECTION_ENDED and self.close_due_on < timezone.localdate()

    @property
    def is_overdue(self) -> bool:
        """Say whether the awaited step is late."""
        return self.plan_is_late or self.close_is_late
