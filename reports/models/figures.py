"""Figures: the ledger of what was counted, and one row of facts per result."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import Organisation
from audits.models import Audit, Result
from audits.standards.models import Standard
from audits.terms import AuditKind, GradeLetter
from reports.figures import MINIMUM_SITES, Dimension, SizeBand, Step, enough_sites
from reports.models.jobs import Job, JobQuerySet
from suppliers.models import Site

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class FigureEntryQuerySet(JobQuerySet["FigureEntry"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Entries of visible audits."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def pending(self) -> Self:
        """Entries that the counters do not hold yet."""
        return self.filter(applied_at=None)


class FigureEntry(Job):
    """One line of the ledger: a result is added to the figures (+1) or taken out (−1), once."""

    task: ClassVar[str] = "reports.tasks.apply_figures"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="figure_entries"
    )
    revision = models.PositiveSmallIntegerField(_("revision"))
    sign = models.SmallIntegerField(_("added or taken out"))
    # Set in the transaction that changes the counters, and by nothing else.
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True, editable=False)

    objects = FigureEntryQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("ledger entry of the figures")
        verbose_name_plural = _("ledger entries of the figures")
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "revision", "sign"], name="figures_counted_once"
            ),
            models.CheckConstraint(condition=Q(sign__in=(1, -1)), name="figure_sign_known"),
            *Job.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.revision} {self.sign:+d}"


# A place that was registered twice is one.
PLACE = Coalesce("site__merged_into", "site")


class AuditFactsQuerySet(models.QuerySet["AuditFacts"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditFactsQuerySet:
        """Facts of visible audits."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def counted(self) -> AuditFactsQuerySet:
        """Facts of the results that the counters hold."""
        return self.filter(counted=1)

    def has_enough_sites(self) -> bool:
        """Say whether figures of these rows may be shown; reads no more rows than that takes."""
        places = self.order_by().values_list(PLACE, flat=True).distinct()
        return enough_sites(len(places[:MINIMUM_SITES]))


class AuditFacts(models.Model):
    """Everything that one result is counted by, frozen when it was issued.

    Cross-tabulations that the counters do not hold are made over these rows. `processes` is
    written `|weaving|dyeing|`, so that one process is found by `contains="|weaving|"` in every
    database. Days are calendar days; the columns with a number are by number of category.
    """

    result = models.OneToOneField(
        Result, verbose_name=_("result"), on_delete=models.PROTECT, related_name="facts"
    )
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="facts"
    )
    revision = models.PositiveSmallIntegerField(_("revision"))
    # How often the counters hold the row: 1 while it stands, 0 before and after.
    counted = models.SmallIntegerField(_("times counted"), default=0, editable=False)
    standard = models.ForeignKey(
        Standard, verbose_name=_("standard"), on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    month = models.CharField(_("month of issue"), max_length=7)
    prefecture = models.PositiveSmallIntegerField(_("prefecture"))
    processes = models.CharField(_("processes"), max_length=200)
    size = models.CharField(_("size of the site"), max_length=10, choices=SizeBand.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=AuditKind.choices)
    body = models.ForeignKey(
        Organisation,
        verbose_name=_("audit body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    secretariat = models.ForeignKey(
        Organisation, verbose_name=_("secretariat"), on_delete=models.PROTECT, related_name="+"
    )
    issued_on = models.DateField(_("issued on"))
    grade = models.CharField(_("grade"), max_length=4, choices=GradeLetter.choices)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2)
    official = models.BooleanField(_("official criteria"))

    conforming = models.PositiveSmallIntegerField(default=0)
    nonconforming = models.PositiveSmallIntegerField(default=0)
    not_applicable = models.PositiveSmallIntegerField(default=0)
    unverifiable = models.PositiveSmallIntegerField(default=0)
    unassessed = models.PositiveSmallIntegerField(default=0)
    unacceptable = models.PositiveSmallIntegerField(default=0)
    major = models.PositiveSmallIntegerField(default=0)
    minor = models.PositiveSmallIntegerField(default=0)
    conforming_1 = models.PositiveSmallIntegerField(default=0)
    conforming_2 = models.PositiveSmallIntegerField(default=0)
    conforming_3 = models.PositiveSmallIntegerField(default=0)
    conforming_4 = models.PositiveSmallIntegerField(default=0)
    conforming_5 = models.PositiveSmallIntegerField(default=0)
    conforming_6 = models.PositiveSmallIntegerField(default=0)
    conforming_7 = models.PositiveSmallIntegerField(default=0)
    conforming_8 = models.PositiveSmallIntegerField(default=0)
    conforming_9 = models.PositiveSmallIntegerField(default=0)
    nonconforming_1 = models.PositiveSmallIntegerField(default=0)
    nonconforming_2 = models.PositiveSmallIntegerField(default=0)
    nonconforming_3 = models.PositiveSmallIntegerField(default=0)
    nonconforming_4 = models.PositiveSmallIntegerField(default=0)
    nonconforming_5 = models.PositiveSmallIntegerField(default=0)
    nonconforming_6 = models.PositiveSmallIntegerField(default=0)
    nonconforming_7 = models.PositiveSmallIntegerField(default=0)
    nonconforming_8 = models.PositiveSmallIntegerField(default=0)
    nonconforming_9 = models.PositiveSmallIntegerField(default=0)

    days_total = models.PositiveIntegerField(null=True, blank=True)
    days_intake = models.PositiveIntegerField(null=True, blank=True)
    days_team = models.PositiveIntegerField(null=True, blank=True)
    days_waiting = models.PositiveIntegerField(null=True, blank=True)
    days_visit = models.PositiveIntegerField(null=True, blank=True)
    days_drafting = models.PositiveIntegerField(null=True, blank=True)
    days_review = models.PositiveIntegerField(null=True, blank=True)
    days_facts = models.PositiveIntegerField(null=True, blank=True)
    days_decision = models.PositiveIntegerField(null=True, blank=True)

    objects = AuditFactsQuerySet.as_manager()

    class Meta:
        verbose_name = _("facts of an audit")
        verbose_name_plural = _("facts of audits")
        constraints = [
            models.UniqueConstraint(fields=["audit", "revision"], name="facts_once_per_revision"),
        ]
        indexes = [
            # Whether there are at least five different sites: of the scheme, a secretariat, a body.
            models.Index(fields=["site"], name="facts_site", condition=Q(counted=1)),
            models.Index(fields=["secretariat", "site"], name="facts_secretariat_site"),
            models.Index(fields=["body", "site"], name="facts_body_site"),
            # Periods, newest first.
            models.Index(fields=["-issued_on"], name="facts_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.revision}"

    @property
    def places(self) -> list[tuple[str, str]]:
        """Return every (dimension, key) in which the row is counted."""
        keys: list[tuple[str, str]] = [
            (Dimension.TOTAL, ""),
            (Dimension.MONTH, self.month),
            (Dimension.PREFECTURE, str(self.prefecture)),
            (Dimension.SIZE, self.size),
            (Dimension.KIND, self.kind),
            (Dimension.SECRETARIAT, self.secretariat_id.hex),
        ]
        if self.body_id:
            keys.append((Dimension.BODY, self.body_id.hex))
        keys += [(Dimension.PROCESS, code) for code in self.processes.split("|") if code]
        return sorted((str(dimension), key) for dimension, key in keys)

    @property
    def days(self) -> dict[Step, int]:
        """Return the days of each step that is known."""
        values: dict[Step, int | None] = {step: getattr(self, f"days_{step}") for step in Step}
        return {step: value for step, value in values.items() if value is not None}
