"""Work for the workers: the row is the truth, a message only says that there is something to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from reports.terms import JobState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LEASE: timedelta = settings.JOB_LEASE
# A message that nobody has picked up after this long counts as lost; doubled each time, so that a
# long queue is not filled with copies of itself.
LOST_AFTER = timedelta(seconds=60)
LONGEST_SILENCE = timedelta(minutes=30)
FIRST_PAUSE = timedelta(seconds=30)

JobT = TypeVar("JobT", bound="Job")


@dataclass(frozen=True, slots=True)
class Claim:
    """Proof that a worker has a job: valid until the lease runs out and somebody else claims it."""

    pk: Any
    attempt: int
    failures: int


class JobQuerySet(models.QuerySet[JobT]):
    """Jobs are moved only by conditional updates: any number of deliveries has one effect."""

    def due(self, now: datetime | None = None) -> Self:
        """Jobs that nobody works on though it is time: never published, lost, or left behind."""
        now = now or timezone.now()
        return self.filter(
            Q(state=JobState.QUEUED, due_at__lte=now)
            & (Q(published_at=None) | Q(republish_at__lte=now))
            | Q(state=JobState.RUNNING, lease_until__lte=now)
        )

    def claim(self, pk: UUID | str | int, lease: timedelta = LEASE) -> Claim | None:
        """Take the job for this worker; None when it is done, not due, or somebody else has it."""
        now = timezone.now()
        taken = self.filter(
            Q(state=JobState.QUEUED, due_at__lte=now)
            | Q(state=JobState.RUNNING, lease_until__lte=now),
            pk=pk,
            attempts__lt=self.model.MAX_ATTEMPTS,
        ).update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            progress=0,
            lease_until=now + lease,
            started_at=now,
            finished_at=None,
        )
        if not taken:
            return None
        row = self.only("pk", "attempts", "failures").get(pk=pk)
        return Claim(row.pk, row.attempts, row.failures)

    def renew(self, claim: Claim, lease: timedelta = LEASE, **shown: int) -> bool:
        """Keep the job for longer, with its `progress`; False when it was taken away meanwhile."""
        return bool(self._held(claim).update(lease_until=timezone.now() + lease, **shown))

    def finish(self, claim: Claim, **results: Any) -> bool:
        """Mark the job ready with its results; False when it was taken away meanwhile."""
        return bool(
            self._held(claim).update(
                state=JobState.READY,
                lease_until=None,
                finished_at=timezone.now(),
                progress=100,
                error="",
                **results,
            )
        )

    def fail(self, claim: Claim, error: str | _StrPromise, *, final: bool = False) -> bool:
        """Keep the reason and try again later, or give up when it was `final` or the last time."""
        now, failures = timezone.now(), claim.failures + 1
        last = failures >= self.model.MAX_FAILURES or claim.attempt >= self.model.MAX_ATTEMPTS
        if final or last:
            changes: dict[str, Any] = {"state": JobState.FAILED, "finished_at": now}
        else:
            changes = {
                "state": JobState.QUEUED,
                "due_at": now + FIRST_PAUSE * 2**claim.failures,
            }
        return bool(
            self._held(claim).update(error=str(error), failures=failures, **_UNPUBLISHED, **changes)
        )

    def give_up(self, error: str | _StrPromise) -> int:
        """End jobs whose worker died at every attempt; return how many."""
        now = timezone.now()
        return self.filter(
            state=JobState.RUNNING, lease_until__lte=now, attempts__gte=self.model.MAX_ATTEMPTS
        ).update(state=JobState.FAILED, finished_at=now, error=str(error), **_UNPUBLISHED)

    def requeue(self, pk: UUID | str | int) -> bool:
        """Start a failed job again from the first attempt; False when it had not failed."""
        return bool(
            self.filter(pk=pk, state=JobState.FAILED).update(
                state=JobState.QUEUED,
                attempts=0,
                failures=0,
                due_at=timezone.now(),
                finished_at=None,
                **_UNPUBLISHED,
            )
        )

    def hold(self) -> int:
        """Keep waiting jobs back; a message that is under way then finds nothing to claim."""
        return self.filter(state=JobState.QUEUED).update(state=JobState.HELD, **_UNPUBLISHED)

    def release(self) -> int:
        """Let jobs that were kept back wait their turn again."""
        return self.filter(state=JobState.HELD).update(
            state=JobState.QUEUED, due_at=timezone.now(), **_UNPUBLISHED
        )

    def hurry(self, pk: UUID | str | int) -> None:
        """Make a waiting job due now, whatever pause its last failure asked for."""
        self.filter(pk=pk, state=JobState.QUEUED).update(due_at=timezone.now())

    def postpone(self, pk: UUID | str | int, until: datetime) -> None:
        """Make a waiting job due later; a message that is under way already finds nothing to do."""
        self.filter(pk=pk, state=JobState.QUEUED).update(due_at=until, **_UNPUBLISHED)

    def mark_published(self, job: JobT) -> None:
        """Note that a message is under way, and from when on it counts as lost."""
        now = timezone.now()
        patience = min(LOST_AFTER * 2 ** min(job.publications, 10), LONGEST_SILENCE)
        self.filter(pk=job.pk).exclude(state__in=ENDED).update(
            published_at=now, republish_at=now + patience, publications=F("publications") + 1
        )

    def _held(self, claim: Claim) -> Self:
        return self.filter(pk=claim.pk, state=JobState.RUNNING, attempts=claim.attempt)


ENDED = (JobState.READY, JobState.FAILED)
_UNPUBLISHED: dict[str, Any] = {
    "lease_until": None,
    "published_at": None,
    "republish_at": None,
    "publications": 0,
}


class Job(models.Model):
    """One piece of work for a worker, and how far it has come.

    A concrete job names in `task` the Celery task that takes its `message`; the sweep finds every
    concrete job by itself.
    """

    task: ClassVar[str]
    # A job that was done and went wrong is not tried more often than this.
    MAX_FAILURES: ClassVar[int] = 4
    # A worker that dies says nothing about the job it held; but a job that takes its worker with it
    # every time has to end as well.
    MAX_ATTEMPTS: ClassVar[int] = 12

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=JobState.choices,
        default=JobState.QUEUED,
        editable=False,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0, editable=False)
    progress = models.PositiveSmallIntegerField(_("how far, in percent"), default=0, editable=False)
    error = models.TextField(_("reason of the failure"), blank=True, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    republish_at = models.DateTimeField(
        _("counts as lost from"), null=True, blank=True, editable=False
    )
    publications = models.PositiveSmallIntegerField(_("publications"), default=0, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(lease_until__isnull=False),
                name="%(class)s_running_has_lease",
            ),
        ]
        indexes = [
            # The sweep: what waits or runs, by when it is due.
            models.Index(
                fields=["state", "due_at"],
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
                name="%(class)s_unfinished",
            ),
        ]

    @classmethod
    def jobs(cls) -> JobQuerySet[Any]:
        """Return the rows of this kind of job, for what handles every kind."""
        return JobQuerySet(cls)

    @property
    def message(self) -> tuple[str, ...]:
        """Return what the task is called with: the key."""
        return (str(self.pk),)

    @property
    def reason(self) -> str:
        """Return why it failed: the first line is a sentence of ours, what follows is as it came."""
        sentence, _line, detail = self.error.partition("\n")
        said = gettext(sentence) if sentence else ""
        return f"{said} ({detail})" if detail else said

    @property
    def is_unfinished(self) -> bool:
        """Say whether the job still waits or runs."""
        return self.state not in ENDED
