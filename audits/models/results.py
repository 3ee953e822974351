"""Results: the grade of one site, and whether it still stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.terms import GradeLetter, ResultStatus, Status
from suppliers.models import SharingGrant

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User | AnonymousUser) -> ResultQuerySet:
        """Results of visible audits; a brand also sees that a shared one was withdrawn.

        A brand sees one without a grade only where the supplier shares those too.
        """
        if accounts.organisation_ids(user, Kind.BRAND):
            grants = SharingGrant.objects.received_by(user).reaching("audit__issued_at")
            grants = grants.filter(site=OuterRef("audit__site"))
            return self.filter(
                Exists(grants.filter(ungraded=True)) | (Exists(grants) & ~Q(grade=GradeLetter.NONE))
            )
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def reached_by(self, grant: SharingGrant) -> ResultQuerySet:
        """Results of the grant's site that this one permission reaches."""
        rows = self.filter(audit__site=grant.site_id)
        if not grant.future:
            rows = rows.filter(audit__issued_at__lte=grant.created_at)
        return rows if grant.ungraded else rows.exclude(grade=GradeLetter.NONE)

    def current(self) -> ResultQuerySet:
        """Results that stand."""
        return self.filter(status=ResultStatus.VALID)


class Result(models.Model):
    """The decided grade of an audit with everything needed to compute it again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="results"
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    number = models.CharField(_("number"), max_length=24, unique=True)
    computed_grade = models.CharField(
        _("computed grade"), max_length=4, choices=GradeLetter.choices
    )
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    grade = models.CharField(_("grade"), max_length=4, choices=GradeLetter.choices)
    reason = models.TextField(_("reason for a different grade"), blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    seconded_by = models.ForeignKey(
        User,
        verbose_name=_("second person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # The grading parameters, and code, judgement and severity of every finding.
    inputs = models.JSONField(_("inputs of the computation"), default=dict)
    official = models.BooleanField(_("official criteria"), default=False)
    issued_on = models.DateField(_("issued on"))
    renewal_due_on = models.DateField(_("renewal due on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ResultStatus.choices, default=ResultStatus.VALID
    )
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    status_reason = models.TextField(_("reason of the status"), blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
    )
    verification_code = models.CharField(_("verification code"), max_length=16, unique=True)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.UniqueConstraint(fields=["audit", "revision"], name="one_result_per_revision"),
            models.UniqueConstraint(
                fields=["audit"],
                condition=Q(status=ResultStatus.VALID),
                name="one_valid_result_per_audit",
            ),
            models.CheckConstraint(
                condition=Q(grade__in=GradeLetter.values, computed_grade__in=GradeLetter.values),
                name="result_grade_known",
            ),
        ]
        indexes = [
            # The brands' list of results, page by page in order of change.
            models.Index(fields=["updated_at", "id"], name="result_by_change"),
            # What is due for renewal.
            models.Index(fields=["status", "renewal_due_on"], name="result_by_renewal"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_grade_display()}"

    @property
    def stands(self) -> bool:
        """Say whether the result is valid and its audit was not declared void."""
        return self.status == ResultStatus.VALID and self.audit.status != Status.VOID


class GradeProposalQuerySet(models.QuerySet["GradeProposal"]):
    def visible_to(self, user: User | AnonymousUser) -> GradeProposalQuerySet:
        """Proposals of visible audits, for those who work on them: never the supplier or a brand."""
        if accounts.organisation_ids(user, Kind.SUPPLIER) or accounts.organisation_ids(
            user, Kind.BRAND
        ):
            return self.none()
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def open(self) -> GradeProposalQuerySet:
        """Proposals that no second person has answered."""
        return self.filter(settled_at=None)


class GradeProposal(models.Model):
    """A grade that differs from the computed one, waiting for a second person to agree."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="grade_proposals"
    )
    computed_grade = models.CharField(
        _("computed grade"), max_length=4, choices=GradeLetter.choices
    )
    grade = models.CharField(_("grade"), max_length=4, choices=GradeLetter.choices)
    reason = models.TextField(_("reason for a different grade"))
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User,
        verbose_name=_("second person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = GradeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed grade")
        verbose_name_plural = _("proposed grades")
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit"],
                condition=Q(settled_at=None),
                name="one_open_grade_proposal_per_audit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.get_grade_display()}"
