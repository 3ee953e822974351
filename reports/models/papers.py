"""What everything printed has: the job that prints it, its language, and facts of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.jobs import Job
from reports.terms import JobState, ReportLanguage

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile


class Paper(Job):
    """A file in one language, and the job that prints it; subclasses say where `file` is kept."""

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

    class Meta(Job.Meta):
        abstract = True
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state=JobState.READY) | (~Q(file="") & ~Q(sha256="")),
                name="ready_%(class)s_has_file",
            ),
        ]
