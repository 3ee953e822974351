"""Corrective actions: how a nonconformity is put right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.models.findings import Finding
from audits.repeats import Repeat
from audits.terms import CorrectionStatus, Escalation, Verification
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

CORRECTION_ENDED = (
    CorrectionStatus.CLOSED,
    CorrectionStatus.CARRIED_OVER,
    CorrectionStatus.WITHDRAWN,
)
CORRECTION_AWAITED = tuple(state for state in CorrectionStatus if state not in CORRECTION_ENDED)


def plan_late() -> Q:
    """Return the condition for a plan that is awaited and late."""
    return Q(status=CorrectionStatus.OPEN, plan_due_on__lt=timezone.localdate())


def close_late() -> Q:
    """Return the condition for what has not ended although its day for closing has passed."""
    # Named, not excluded: then the index by state finds them among all that have ended.
    return Q(status__in=CORRECTION_AWAITED) & Q(close_due_on__lt=timezone.localdate())


def late() -> Q:
    """Return the condition for a corrective action of which the awaited step is late."""
    return close_late() | plan_late()


def brought_before(*levels: str) -> Q:
    """Return the condition for a late step that was brought before one of these."""
    closing = close_late()
    plan = plan_late() & Q(plan_escalation__in=levels) & ~(closing & ~Q(close_escalation=""))
    return closing & Q(close_escalation__in=levels) | plan


class CorrectiveActionQuerySet(models.QuerySet["CorrectiveAction"]):
    def visible_to(self, user: User | AnonymousUser) -> CorrectiveActionQuerySet:
        """Corrective actions of visible audits; for brands from level summary on."""
        if accounts.is_scheme_owner(user) or accounts.is_observer(user):
            return self
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.filter(finding__audit__in=Audit.objects.shared_at(user, Level.SUMMARY))
        return self.filter(finding__audit__in=Audit.objects.visible_to(user))

    def awaited(self) -> CorrectiveActionQuerySet:
        """Corrective actions that have not ended."""
        return self.exclude(status__in=CORRECTION_ENDED)

    def repeats(self) -> CorrectiveActionQuerySet:
        """Corrective actions for what an earlier audit of the site found not met either."""
        return self.filter(repeat_since__isnull=False)

    def with_gravity(self) -> CorrectiveActionQuerySet:
        """Add the severity that counts as `gravity`: the finding's, or the requirement's own."""
        own = models.When(finding__severity="", then=models.F("finding__requirement__severity"))
        severity = models.Case(
            own, default=models.F("finding__severity"), output_field=models.CharField()
        )
        return self.annotate(gravity=severity)

    def overdue(self) -> CorrectiveActionQuerySet:
        """Corrective actions of which the plan is awaited and late, or the closing is."""
        return self.filter(late())

    def escalated(self, *levels: str) -> CorrectiveActionQuerySet:
        """Corrective actions whose late step was brought before one of these (see Escalation)."""
        return self.filter(brought_before(*levels))


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
    # What the supplier has written of the plan and not sent: nobody else reads it.
    plan_draft = models.JSONField(_("draft of the plan"), default=dict, blank=True, editable=False)
    evidence_note = models.TextField(_("what was done"), blank=True)
    plan_due_on = models.DateField(_("plan due"))
    close_due_on = models.DateField(_("to be closed by"))
    verification = models.CharField(_("verification"), max_length=10, choices=Verification.choices)
    plan_escalation = models.CharField(
        _("escalation of the late plan"),
        max_length=15,
        choices=Escalation.choices,
        blank=True,
        editable=False,
    )
    close_escalation = models.CharField(
        _("escalation of the late closing"),
        max_length=15,
        choices=Escalation.choices,
        blank=True,
        editable=False,
    )
    # Kept as it was known at the issue, when it decided on the days and the verification.
    repeat_since = models.DateField(
        _("not met before since"), null=True, blank=True, editable=False
    )
    repeat_audits = models.JSONField(
        _("earlier audits that found the same"), default=list, blank=True, editable=False
    )
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
    def repeat(self) -> Repeat | None:
        """Return in which earlier audits the same was not met; None for the first time."""
        if self.repeat_since is None:
            return None
        return Repeat(tuple(self.repeat_audits), self.repeat_since)

    @property
    def drafted_on(self) -> date | None:
        """Return the day that the draft of the plan names, if any."""
        day = self.plan_draft.get("planned_on")
        return date.fromisoformat(day) if day else None

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

    @property
    def escalation(self) -> str:
        """Return before whom the step that is late now was brought; blank for nobody yet."""
        if self.close_is_late and self.close_escalation:
            return self.close_escalation
        return self.plan_escalation if self.plan_is_late else ""

    @property
    def escalation_label(self) -> str:
        """Return the same in words; blank for nobody yet."""
        return str(Escalation(self.escalation).label) if self.escalation else ""
