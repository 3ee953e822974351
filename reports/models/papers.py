"""What everything printed has: the job that prints it, its language, and facts of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.jobs import Job, JobQuerySet
from reports.terms import JobState, ReportLanguage

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile


PaperT = TypeVar("PaperT", bound="Paper")


class PaperQuerySet(JobQuerySet[PaperT]):
    """Papers of one kind."""

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

    language = models.CharField(_("language"), max_length=4, choices=ReportLanguage.choices)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), null=True, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True, editable=False)
    template_version = models.CharField(
        _("template version"), max_length=10, blank=True, editable=False
    )

    # Of what others read: moves when the file is there, and with whatever changes for its readers.
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    class Meta(Job.Meta):
        abstract = True
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state=JobState.READY) | (~Q(file="") & ~Q(sha256="")),
                name="ready_%(class)s_has_file",
            ),
        ]

    @property
    def message(self) -> tuple[str, ...]:
        """Return what the task is called with: which kind of paper, and its key."""
        return (self._meta.label_lower, str(self.pk))
