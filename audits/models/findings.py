"""Findings: what the team found about each of the 84 requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.standards.models import Requirement
from audits.terms import CommentKind, Judgement, Severity, Status
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# A supplier reads findings once the review is over, a brand once the result is out.
SEEN_BY_SUPPLIER = (
    Status.FACT_CHECK,
    Status.DECISION,
    Status.ISSUED,
    Status.CLOSED,
    Status.VOID,
)


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User | AnonymousUser) -> FindingQuerySet:
        """Findings of visible audits; for suppliers after review, for brands at level full."""
        if accounts.is_scheme_owner(user) or accounts.is_observer(user):
            return self
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.filter(audit__in=Audit.objects.shared_at(user, Level.FULL))
        rows = self.filter(audit__in=Audit.objects.visible_to(user))
        if suppliers := accounts.organisation_ids(user, Kind.SUPPLIER):
            rows = rows.exclude(
                ~Q(audit__status__in=SEEN_BY_SUPPLIER),
                audit__site__supplier__organisation__in=suppliers,
            )
        return rows

    def counted_by(self, user: User | AnonymousUser) -> FindingQuerySet:
        """Findings of which the user may read the numbers: a brand from level summary on."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.filter(audit__in=Audit.objects.shared_at(user, Level.SUMMARY))
        return self.visible_to(user)

    def in_order(self) -> FindingQuerySet:
        """Findings in the order of the standard, with their requirement and category."""
        return self.select_related("requirement__category").order_by("requirement__order")

    def with_origin(self) -> FindingQuerySet:
        """Findings with what says from which audit they were taken over."""
        return self.select_related("carried_from__audit", "carried_from__corrective_action")

    def applicable(self) -> FindingQuerySet:
        """Findings about requirements that apply to the site."""
        return self.exclude(judgement=Judgement.NOT_APPLICABLE)


class Finding(models.Model):
    """The finding of one audit about one requirement."""

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.CASCADE, related_name="findings"
    )
    requirement = models.ForeignKey(
        Requirement, verbose_name=_("requirement"), on_delete=models.PROTECT, related_name="+"
    )
    judgement = models.CharField(
        _("judgement"),
        max_length=15,
        choices=Judgement.choices,
        default=Judgement.UNASSESSED,
    )
    severity = models.CharField(_("severity"), max_length=15, choices=Severity.choices, blank=True)
    methods = models.JSONField(_("methods"), default=list, blank=True)
    clauses_not_met = models.JSONField(_("clauses not met"), default=list, blank=True)
    report_text = models.TextField(_("finding (printed in the report)"), blank=True)
    working_note = models.TextField(_("working note (team and reviewer only)"), blank=True)
    reason = models.TextField(
        _("reason"), blank=True, help_text=_("Why it does not apply or could not be verified.")
    )
    # Whose it is in a divided team: a help to find one's own, no lock. Not part of what is written.
    assigned_to = models.ForeignKey(
        "TeamMember",
        verbose_name=_("assigned to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Set when the site profile, not a person, made the requirement not applicable.
    preset = models.BooleanField(_("set from the site profile"), default=False)
    # Set in a follow-up audit on what it does not look at again; taken back by who judges it anew.
    carried_from = models.ForeignKey(
        "self",
        verbose_name=_("carried over from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_by = models.ForeignKey(
        User,
        verbose_name=_("changed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "requirement"], name="one_finding_per_requirement"
            ),
            models.CheckConstraint(
                condition=Q(judgement__in=Judgement.values), name="finding_judgement_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.requirement.code}"

    @property
    def effective_severity(self) -> str:
        """Return the severity that counts: blank unless nonconforming."""
        if self.judgement != Judgement.NONCONFORMING:
            return ""
        return self.severity or self.requirement.severity

    @property
    def severity_at_stake(self) -> str:
        """Return the severity that counts or, unless nonconforming, the requirement's own."""
        return self.effective_severity or self.requirement.severity


class FindingCommentQuerySet(models.QuerySet["FindingComment"]):
    def visible_to(self, user: User | AnonymousUser) -> FindingCommentQuerySet:
        """Comments on visible findings; suppliers see disputes and their answers, not the review's."""
        rows = self.filter(finding__in=Finding.objects.visible_to(user))
        if accounts.organisation_ids(user, Kind.SUPPLIER):
            rows = rows.exclude(kind=CommentKind.REVIEW).exclude(reply_to__kind=CommentKind.REVIEW)
        return rows

    def unanswered(self) -> FindingCommentQuerySet:
        """Comments of the review and disputes that wait for an answer of the team."""
        return self.filter(answered_at=None).exclude(kind=CommentKind.ANSWER)


class FindingComment(models.Model):
    """A remark on a finding: of the reviewer, of the supplier who disputes it, or an answer."""

    finding = models.ForeignKey(
        Finding, verbose_name=_("finding"), on_delete=models.CASCADE, related_name="comments"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CommentKind.choices)
    text = models.TextField(_("comment"))
    author = models.ForeignKey(
        User, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    reply_to = models.ForeignKey(
        "self",
        verbose_name=_("answers"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)

    objects = FindingCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a finding")
        verbose_name_plural = _("comments on findings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.finding}: {self.text[:40]}"
