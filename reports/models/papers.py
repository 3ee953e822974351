"""What everything printed has: the job that prints it, its language, and facts of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.jobs import Job, JobQuerySet
from reports.models.remaking import Remaking
from reports.terms import JobState, ReportLanguage

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

    from audits.models import Audit


PaperT = TypeVar("PaperT", bound="Paper")


class PaperQuerySet(JobQuerySet[PaperT]):
    """Papers of one kind."""

    def known_as(self, sha256: str) -> Self:
        """Papers whose file has this hash, or had it before it was made again."""
        earlier = Remaking.objects.filter(
            kind=self.model.label(), before_sha256=sha256, identical=False
        )
        return self.filter(Q(sha256=sha256) | Q(pk__in=earlier.values("paper")))

    def ready(self) -> Self:
        """Papers whose file can be downloaded."""
        return self.filter(state=JobState.READY)


class Paper(Job):
    """A file in one language, and the job that prints it; subclasses say where `file` is kept.

    How each kind is printed stands in `reports.services.papers`.
    """

    task: ClassVar[str] = "reports.tasks.render_paper"
    suffix: ClassVar[str] = "pdf"

    if TYPE_CHECKING:
        file: FieldFile

        @property
        def file_name(self) -> str: ...

    language = models.CharField(_("language"), max_length=4, choices=ReportLanguage.choices)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), null=True, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True, editable=False)
    template_version = models.CharField(
        _("template version"), max_length=10, blank=True, editable=False
    )

    # Of what others read: moves when the file is there, and with whatever changes for its readers.
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    # When the file was last read and found to be what was printed.
    checked_at = models.DateTimeField(_("last checked"), default=timezone.now, editable=False)

    class Meta(Job.Meta):
        abstract = True
        indexes = [
            *Job.Meta.indexes,
            # The nightly round, which begins with what was not read for longest.
            models.Index(
                fields=["checked_at"],
                condition=Q(state=JobState.READY),
                name="%(class)s_by_check",
            ),
            # What somebody holds and has verified, by its hash.
            models.Index(fields=["sha256"], name="%(class)s_by_hash"),
        ]
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state=JobState.READY) | (~Q(file="") & ~Q(sha256="")),
                name="ready_%(class)s_has_file",
            ),
        ]

    @classmethod
    def jobs(cls) -> PaperQuerySet[Any]:
        """Return the rows of this kind of paper, for what handles every kind."""
        return PaperQuerySet(cls)

    @classmethod
    def label(cls) -> str:
        """Return which kind of paper it is, such as reports.report."""
        return cls._meta.label_lower

    @classmethod
    def noun(cls) -> str:
        """Return what it is, in words of the active language."""
        return str(cls._meta.verbose_name)

    @property
    def known_hashes(self) -> list[str]:
        """Return the hash of the file, and those that it had before it was made again, newest first."""
        earlier = Remaking.objects.different().filter(kind=self.label(), paper=self.pk)
        hashes = [
            self.sha256,
            *earlier.order_by("-finished_at").values_list("before_sha256", flat=True),
        ]
        return list(dict.fromkeys(filter(None, hashes)))

    @property
    def concerned(self) -> Audit | None:
        """Return the audit in whose record it belongs, if any."""
        return None

    @property
    def message(self) -> tuple[str, ...]:
        """Return what the task is called with: which kind of paper, and its key."""
        return (self.label(), str(self.pk))
