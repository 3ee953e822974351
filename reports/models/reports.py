"""Issued reports: the frozen snapshot and the files printed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.terms import Kind
from audits.models import Audit
from audits.terms import Status
from reports.models.frozen import Frozen, FrozenQuerySet
from reports.models.papers import Paper, PaperQuerySet
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from audits.models.audits import AuditQuerySet

# A supplier reads the report once it is out, and keeps it when the result was withdrawn.
OUT = (Status.ISSUED, Status.CLOSED, Status.VOID)


def reportable_to(user: User | AnonymousUser) -> AuditQuerySet:
    """Audits whose findings, and so whose reports, the user may read.

    A brand those shared with it in full, a supplier its own once issued, the others what they see.
    """
    if accounts.is_scheme_owner(user) or accounts.is_observer(user):
        return Audit.objects.all()
    if accounts.organisation_ids(user, Kind.BRAND):
        return Audit.objects.shared_at(user, Level.FULL)
    audits = Audit.objects.visible_to(user)
    if suppliers := accounts.organisation_ids(user, Kind.SUPPLIER):
        audits = audits.exclude(~Q(status__in=OUT), site__supplier__organisation__in=suppliers)
    return audits


class SnapshotQuerySet(FrozenQuerySet["Snapshot"]):
    def visible_to(self, user: User | AnonymousUser) -> SnapshotQuerySet:
        """Snapshots of the audits whose reports one may read."""
        return self.filter(audit__in=reportable_to(user))


class Snapshot(Frozen):
    """Everything a report says, frozen at the moment of issue as canonical JSON."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="snapshots"
    )
    revision = models.PositiveSmallIntegerField(_("revision"))

    objects = SnapshotQuerySet.as_manager()

    class Meta(Frozen.Meta):
        abstract = False
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            models.UniqueConstraint(fields=["audit", "revision"], name="one_snapshot_per_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.audit} r{self.revision}"


class ReportQuerySet(PaperQuerySet["Report"]):
    def visible_to(self, user: User | AnonymousUser) -> ReportQuerySet:
        """Reports of the audits whose findings one may read."""
        return self.filter(audit__in=reportable_to(user))

    def current(self) -> ReportQuerySet:
        """Reports that no later revision has replaced and whose result was not withdrawn."""
        return self.filter(superseded_by=None, withdrawn_at=None)


def report_path(report: Report, name: str) -> str:
    """Return where a file is kept: by audit and report, `name` being its hash."""
    return f"reports/{report.audit_id}/{report.pk}/{name}"


class Report(Paper):
    """The PDF of one revision of an audit in one language, and the job that prints it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="reports"
    )
    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("snapshot"), on_delete=models.PROTECT, related_name="reports"
    )
    revision = models.PositiveSmallIntegerField(_("revision"))
    file = models.FileField(
        _("file"), upload_to=report_path, max_length=200, blank=True, editable=False
    )
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        editable=False,
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta(Paper.Meta):
        abstract = False
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["audit", "-revision", "-language"]
        indexes = [
            *Paper.Meta.indexes,
            # The brands' list of reports, page by page in order of change.
            models.Index(fields=["updated_at", "id"], name="report_by_change"),
        ]
        constraints = [
            *Paper.Meta.constraints,
            models.UniqueConstraint(
                fields=["audit", "revision", "language"], name="one_report_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def concerned(self) -> Audit:
        """Return the audit that it is about."""
        return self.audit

    @property
    def file_name(self) -> str:
        """Return the name under which the file is handed out, such as JASTI-2026-0412_r1_ja.pdf."""
        return f"{self.audit.number}_r{self.revision}_{self.language}.pdf"

    @property
    def stands(self) -> bool:
        """Say whether no later revision replaced it and the result was not withdrawn."""
        return self.superseded_by_id is None and self.withdrawn_at is None
