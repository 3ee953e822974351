"""Corrective action plans as papers: what was planned, done and verified at one moment, frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models import Audit
from reports.models.frozen import Frozen, FrozenQuerySet
from reports.models.papers import Paper, PaperQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ActionPlanQuerySet(FrozenQuerySet["ActionPlan"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Plans of visible audits; none for brands.

        A brand reads the corrective actions as far as they are shared with it. The plan also says
        how far they were checked, with remarks that are between supplier and body.
        """
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        return self.filter(audit__in=Audit.objects.visible_to(user))


class ActionPlan(Frozen):
    """All corrective actions of an audit as they stood at the moment when somebody asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="action_plans"
    )
    number = models.CharField(_("number"), max_length=24, unique=True)
    made_by = models.ForeignKey(
        User, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = ActionPlanQuerySet.as_manager()

    class Meta(Frozen.Meta):
        abstract = False
        verbose_name = _("corrective action plan")
        verbose_name_plural = _("corrective action plans")
        indexes = [
            *Frozen.Meta.indexes,
            # The plans of an audit, newest first.
            models.Index(fields=["audit", "-created_at"], name="plan_of_audit"),
        ]

    def __str__(self) -> str:
        return self.number


class ActionPlanPaperQuerySet(PaperQuerySet["ActionPlanPaper"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Papers of the plans that one may read."""
        return self.filter(plan__in=ActionPlan.objects.visible_to(user))


def plan_path(row: ActionPlanPaper, name: str) -> str:
    """Return where a file is kept: by plan and paper, `name` being its hash."""
    return f"plans/{row.plan_id}/{row.pk}/{name}"


class ActionPlanPaper(Paper):
    """The PDF of one plan in one language, and the job that prints it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(
        ActionPlan,
        verbose_name=_("corrective action plan"),
        on_delete=models.PROTECT,
        related_name="papers",
    )
    file = models.FileField(
        _("file"), upload_to=plan_path, max_length=200, blank=True, editable=False
    )

    objects = ActionPlanPaperQuerySet.as_manager()

    class Meta(Paper.Meta):
        abstract = False
        verbose_name = _("corrective action plan (PDF)")
        verbose_name_plural = _("corrective action plans (PDF)")
        ordering = ["plan", "-language"]
        constraints = [
            *Paper.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "language"], name="one_plan_per_language"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def concerned(self) -> Audit:
        """Return the audit that it is about."""
        return self.plan.audit

    @property
    def file_name(self) -> str:
        """Return the name under which it is handed out, such as AP-20261129-1A2B3C4D_ja.pdf."""
        return f"{self.plan.number}_{self.language}.pdf"
