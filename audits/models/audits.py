"""Audits: one visit to one site under one version of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import Organisation, User
from accounts.terms import Kind, Role
from audits.standards.models import Standard
from audits.terms import AuditKind, GradeLetter, Payer, ReviewPool, Status
from audits.workflow import OPEN
from suppliers.models import SharingGrant, Site, SiteProfile
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# States in which there is a result that a supplier may have shared with a brand.
SHAREABLE = (Status.ISSUED, Status.CLOSED)


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditQuerySet:
        """Rows by belonging; the one rule of who sees which audit.

        Owner and observers see all; a secretariat its own; the desk of a body the body's; an
        auditor those of whose team he or she is or was offered to be; a supplier its own; a brand
        issued ones of sites shared with it.
        """
        if accounts.is_scheme_owner(user) or accounts.is_observer(user):
            return self
        desk = {Role.ADMINISTRATOR, Role.COORDINATOR, Role.REVIEWER, Role.READER}
        rule = (
            Q(secretariat__in=accounts.organisation_ids(user, Kind.SECRETARIAT))
            | Q(body__in=accounts.organisation_ids(user, Kind.AUDIT_BODY, desk))
            | Q(site__supplier__organisation__in=accounts.organisation_ids(user, Kind.SUPPLIER))
        )
        if accounts.organisation_ids(user, Kind.AUDIT_BODY, {Role.AUDITOR}):
            rule |= Q(pk__in=self.model.team_audit_ids(user))
        if accounts.organisation_ids(user, Kind.BRAND):
            rule |= Q(pk__in=self.model.objects.shared_at(user, Level.STATUS).values("pk"))
        return self.filter(rule)

    def shared_at(self, user: User | AnonymousUser, level: Level) -> AuditQuerySet:
        """Issued audits that a brand's user may read at the level or more.

        One that ended without a grade only where the supplier shares those too.
        """
        grants = SharingGrant.objects.received_by(user).reaching("issued_at")
        grants = grants.filter(site=OuterRef("site"), level__in=Level.at_least(level))
        results = apps.get_model("audits", "Result").objects.filter(audit=OuterRef("pk"))
        newest = results.order_by("-revision").values("grade")[:1]
        return self.alias(newest_grade=Subquery(newest)).filter(
            Exists(grants.filter(ungraded=True))
            | (Exists(grants) & ~Q(newest_grade=GradeLetter.NONE)),
            status__in=SHAREABLE,
        )

    def open(self) -> AuditQuerySet:
        """Audits that have neither a result nor an end."""
        return self.filter(status__in=OPEN)

    def with_people(self) -> AuditQuerySet:
        """Rows with everything a list or a policy asks for, in a constant number of queries."""
        return self.select_related(
            "site__supplier", "standard", "body", "secretariat"
        ).prefetch_related("team__auditor__user")


class Audit(models.Model):
    """An audit of a site, from the draft application to the closed result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="audits"
    )
    profile = models.ForeignKey(
        SiteProfile,
        verbose_name=_("site profile"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
    )
    standard = models.ForeignKey(
        Standard,
        verbose_name=_("standard"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=AuditKind.choices, default=AuditKind.INITIAL
    )
    # What a follow-up audit continues; set when it is accepted.
    follows = models.ForeignKey(
        "self",
        verbose_name=_("follows"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    payer = models.CharField(
        _("paid by"), max_length=10, choices=Payer.choices, default=Payer.SUPPLIER
    )
    secretariat = models.ForeignKey(
        Organisation, verbose_name=_("secretariat"), on_delete=models.PROTECT, related_name="+"
    )
    body = models.ForeignKey(
        Organisation,
        verbose_name=_("audit body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    status = models.CharField(
        _("status"), max_length=15, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    due_on = models.DateField(_("due"), null=True, blank=True, editable=False)
    # the application
    documents = models.JSONField(_("documents checklist"), default=dict, blank=True)
    terms_accepted_at = models.DateTimeField(_("terms accepted at"), null=True, blank=True)
    preferred_from = models.DateField(_("preferred from"), null=True, blank=True)
    preferred_until = models.DateField(_("preferred until"), null=True, blank=True)
    # the visit
    planned_from = models.DateField(_("visit from"), null=True, blank=True)
    planned_until = models.DateField(_("visit until"), null=True, blank=True)
    person_days = models.DecimalField(
        _("person-days"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    person_days_reason = models.CharField(_("reason for fewer days"), max_length=300, blank=True)
    team_agreed_at = models.DateTimeField(_("team agreed at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("visit finished at"), null=True, blank=True)
    # When the last of the audit's ClosingMeeting was held; written where that is recorded.
    closing_meeting_at = models.DateTimeField(_("closing meeting"), null=True, blank=True)
    interviews_reason = models.CharField(
        _("reason for fewer interviews"), max_length=1000, blank=True
    )
    signed_at = models.DateTimeField(_("report signed at"), null=True, blank=True)
    # Set when the report is signed: whose reviewers it goes to, and who took it.
    reviewed_by = models.CharField(
        _("reviewed by"), max_length=11, choices=ReviewPool.choices, blank=True, editable=False
    )
    reviewer = models.ForeignKey(
        User,
        verbose_name=_("reviewer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # An engagement of somebody in the team was entered after the team had been proposed.
    conflict_found_at = models.DateTimeField(
        _("conflict found at"), null=True, blank=True, editable=False
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("created by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind"],
                condition=Q(status__in=OPEN),
                name="one_open_audit_per_site_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="audit_status_known"
            ),
            models.CheckConstraint(
                condition=Q(planned_until=None) | Q(planned_until__gte=F("planned_from")),
                name="visit_ends_after_start",
            ),
        ]
        indexes = [
            # The board and lists by state, oldest due first.
            models.Index(fields=["status", "due_on"], name="audit_by_status"),
            # The console's list of all, earliest due first: 10,000 took 73 ms to sort, now 1 ms.
            models.Index(fields=["due_on", "-number"], name="audit_by_due"),
            # Lists of one secretariat or one body, newest first.
            models.Index(fields=["secretariat", "-created_at"], name="audit_of_secretariat"),
            models.Index(fields=["body", "-created_at"], name="audit_of_body"),
            # The brands' lists, page by page in order of change.
            models.Index(fields=["updated_at", "id"], name="audit_by_change"),
        ]

    def __str__(self) -> str:
        return self.number

    @staticmethod
    def team_audit_ids(user: User | AnonymousUser) -> models.QuerySet[Audit, object]:
        """Return the ids of audits where the user is, or is offered to be, in the team."""
        return Audit.objects.filter(
            team__auditor__user=user.pk, team__answer__in=["offered", "accepted"]
        ).values("pk")

    @property
    def pinned_standard(self) -> Standard:
        """Return the version pinned at acceptance; ValueError before that."""
        if self.standard is None:
            raise ValueError(f"{self.number} has no standard before it is accepted")
        return self.standard

    @property
    def is_overdue(self) -> bool:
        """Say whether the step that is awaited is late."""
        return self.due_on is not None and self.due_on < timezone.localdate()


class AuditCounter(models.Model):
    """The last number given in a year, locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
