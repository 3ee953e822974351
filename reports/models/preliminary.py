"""The preliminary summary that is handed to the site on the last day of the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.models import Audit, ClosingMeeting
from reports.models.papers import Paper, PaperQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class PreliminaryQuerySet(PaperQuerySet["Preliminary"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Summaries of the closing meetings that one may read about."""
        return self.filter(closing__in=ClosingMeeting.objects.visible_to(user))


def preliminary_path(row: Preliminary, name: str) -> str:
    """Return where a file is kept: by audit and summary, `name` being its hash."""
    return f"reports/{row.closing.audit_id}/{row.pk}/{name}"


class Preliminary(Paper):
    """The PDF of one closing meeting in one language, and the job that prints it.

    It says what was signed and nothing else, so that no snapshot is needed beside that record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    closing = models.ForeignKey(
        ClosingMeeting,
        verbose_name=_("closing meeting"),
        on_delete=models.PROTECT,
        related_name="summaries",
    )
    file = models.FileField(
        _("file"), upload_to=preliminary_path, max_length=200, blank=True, editable=False
    )

    objects = PreliminaryQuerySet.as_manager()

    class Meta(Paper.Meta):
        abstract = False
        verbose_name = _("preliminary summary")
        verbose_name_plural = _("preliminary summaries")
        ordering = ["closing", "-language"]
        constraints = [
            *Paper.Meta.constraints,
            models.UniqueConstraint(
                fields=["closing", "language"], name="one_preliminary_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def concerned(self) -> Audit:
        """Return the audit that it is about."""
        return self.closing.audit

    @property
    def file_name(self) -> str:
        """Return the name under which it is handed out, such as JASTI-2026-0412_closing1_ja.pdf."""
        return f"{self.closing.audit.number}_closing{self.closing.number}_{self.language}.pdf"
