"""The words of this room: states of a job, languages of a report, acts of consent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class JobState(models.TextChoices):
    """Where a piece of work for the workers stands."""

    QUEUED = "queued", pgettext_lazy("job", "Waiting")
    RUNNING = "running", pgettext_lazy("job", "Being made")
    READY = "ready", pgettext_lazy("job", "Ready")
    FAILED = "failed", pgettext_lazy("job", "Failed")
    HELD = "held", pgettext_lazy("job", "Held back")


class RemakingCause(models.TextChoices):
    """Why a paper is made again."""

    DAMAGED = "damaged", pgettext_lazy("file", "damaged")
    MISSING = "missing", pgettext_lazy("file", "missing")
    BATCH = "batch", pgettext_lazy("paper made again", "printing of a year again")


class ConsentAct(models.TextChoices):
    """What a supplier did about a brand's permission to see a site's results."""

    GIVEN = "given", pgettext_lazy("consent", "Given")
    CHANGED = "changed", pgettext_lazy("consent", "Changed")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Taken back")


class SubmissionPaper(models.TextChoices):
    """The papers of a submission set, in their order."""

    COVER = "cover", _("Cover sheet")
    STATEMENT = "statement", _("Statement of result")
    REPORT = "report", _("Audit report")


class ReportLanguage(models.TextChoices):
    """Languages in which a report is printed."""

    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"
    BOTH = "both", _("Japanese and English")


class WorkingFormat(models.TextChoices):
    """Files in which those who go on working with findings take them along; the value ends the name."""

    EXCEL = "xlsx", "Excel"
    WORD = "docx", "Word"
