"""Papers that are made again from what was frozen: because a file was damaged, or a year at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from reports.models.jobs import Job, JobQuerySet
from reports.terms import JobState, RemakingCause

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from reports.models.papers import Paper


class ReprintQuerySet(models.QuerySet["Reprint"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for the scheme owner, none for anybody else."""
        return self if accounts.is_scheme_owner(user) else self.none()


class Reprint(models.Model):
    """The scheme owner has all reports of a year printed again; one such batch at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.PositiveSmallIntegerField(_("year of issue"))
    template_version = models.CharField(_("template version"), max_length=10)
    started_by = models.ForeignKey(
        User, verbose_name=_("started by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True, editable=False)
    # Until the next batch finds that nothing of it waits: keeps two from running at once.
    open = models.BooleanField(_("open"), default=True, editable=False)

    objects = ReprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("printing of a year again")
        verbose_name_plural = _("printings of a year again")
        constraints = [
            models.UniqueConstraint(
                fields=["open"], condition=Q(open=True), name="one_reprint_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} ({self.template_version})"


class RemakingQuerySet(JobQuerySet["Remaking"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for the scheme owner, none for anybody else."""
        return self if accounts.is_scheme_owner(user) else self.none()

    def repairs(self) -> Self:
        """Those that a damaged file asked for."""
        return self.filter(batch=None)

    def open(self) -> Self:
        """Those that are not done, failed ones among them."""
        return self.exclude(state=JobState.READY)

    def different(self) -> Self:
        """Those that came to other bytes than before."""
        return self.filter(identical=False)

    def counts(self) -> dict[str, int]:
        """Return how many stand in each state, and how many are `different`, by one query."""
        rows = (
            self.order_by()
            .values("state")
            .annotate(n=Count("pk"), different=Count("pk", filter=Q(identical=False)))
        )
        found = dict.fromkeys(JobState.values, 0)
        found["different"] = 0
        for row in rows:
            found[row["state"]] = row["n"]
            found["different"] += row["different"]
        return found

    def ask(self, paper: Paper, cause: str, found: str) -> Remaking:
        """Return the open repair of a damaged paper, asked for now if there is none.

        `found` is the hash of what lies in the file's place, empty when nothing does.
        """
        row, _created = self.get_or_create(
            kind=paper.label(),
            paper=paper.pk,
            batch=None,
            state__in=UNDONE,
            defaults={
                "state": JobState.QUEUED,
                "cause": cause,
                "found_sha256": found,
                "name": paper.file_name,
                "before_sha256": paper.sha256,
                "before_version": paper.template_version,
            },
        )
        return row


UNDONE = [state for state in JobState.values if state != JobState.READY]


class Remaking(Job):
    """One paper of any kind made again, with what it was before and what it is now."""

    task: ClassVar[str] = "reports.tasks.remake_paper"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Not a foreign key, because it is of any kind: the model, such as reports.report, and the key.
    kind = models.CharField(_("kind"), max_length=40)
    paper = models.UUIDField(_("paper"))
    name = models.CharField(_("file"), max_length=120)
    cause = models.CharField(_("cause"), max_length=10, choices=RemakingCause.choices)
    batch = models.ForeignKey(
        Reprint,
        verbose_name=_("printing of a year again"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
    )
    found_sha256 = models.CharField(_("SHA-256 of what was found"), max_length=64, blank=True)
    before_sha256 = models.CharField(_("SHA-256 before"), max_length=64)
    before_version = models.CharField(_("template version before"), max_length=10)
    after_sha256 = models.CharField(_("SHA-256 after"), max_length=64, blank=True)
    after_version = models.CharField(_("template version after"), max_length=10, blank=True)
    identical = models.BooleanField(_("same bytes as before"), null=True, editable=False)

    objects = RemakingQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("paper made again")
        verbose_name_plural = _("papers made again")
        constraints = [
            *Job.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "paper"],
                condition=Q(batch=None) & ~Q(state=JobState.READY),
                name="one_repair_per_paper",
            ),
            models.UniqueConstraint(
                fields=["batch", "kind", "paper"], name="one_item_per_paper_of_a_reprint"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=RemakingCause.values), name="remaking_cause_known"
            ),
        ]
        indexes = [
            *Job.Meta.indexes,
            # The counts of a batch, and its list of differences.
            models.Index(fields=["batch", "state", "identical"], name="remaking_by_state"),
            # What an earlier hash was the file of.
            models.Index(fields=["kind", "paper"], name="remaking_of_paper"),
            models.Index(fields=["before_sha256"], name="remaking_by_hash"),
        ]

    def __str__(self) -> str:
        return self.name

    def row(self) -> Paper:
        """Return the paper as it stands now."""
        model: type[Paper] = apps.get_model(self.kind)
        paper: Paper = model.jobs().get(pk=self.paper)
        return paper
