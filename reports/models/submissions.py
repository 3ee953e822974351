"""Submission sets: what a supplier submits of a result, frozen, and the one file that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models import Audit, Result
from reports.models.frozen import Frozen, FrozenQuerySet
from reports.models.papers import Paper, PaperQuerySet
from reports.models.targets import SubmissionTarget

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SubmissionQuerySet(FrozenQuerySet["Submission"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Sets of one's own company; those of its audits for a secretariat; all for the owner."""
        if accounts.is_scheme_owner(user):
            return self
        mine = accounts.organisation_ids(user, Kind.SUPPLIER)
        ours = accounts.organisation_ids(user, Kind.SECRETARIAT)
        return self.filter(
            Q(result__audit__site__supplier__organisation__in=mine)
            | Q(result__audit__secretariat__in=ours)
        )


class Submission(Frozen):
    """What a supplier submitted of a result to a target: statement, validity and answers."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    result = models.ForeignKey(
        Result, verbose_name=_("result"), on_delete=models.PROTECT, related_name="submissions"
    )
    target = models.ForeignKey(
        SubmissionTarget,
        verbose_name=_("submission target"),
        on_delete=models.PROTECT,
        related_name="submissions",
    )
    number = models.CharField(_("number"), max_length=24, unique=True)
    made_by = models.ForeignKey(
        User, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta(Frozen.Meta):
        abstract = False
        verbose_name = _("submission set")
        verbose_name_plural = _("submission sets")

    def __str__(self) -> str:
        return self.number


class SubmissionFileQuerySet(PaperQuerySet["SubmissionFile"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Files of the sets that one may read."""
        return self.filter(submission__in=Submission.objects.visible_to(user))


def submission_path(row: SubmissionFile, name: str) -> str:
    """Return where a file is kept: by submission, `name` being its hash."""
    return f"submissions/{row.submission_id}/{name}"


class SubmissionFile(Paper):
    """The ZIP of one submission, and the job that makes it.

    `members` say what lies in it, in order: {"name", "paper", "language", "sha256", "size",
    "pages"}. Each is handed out alone as well, out of the same file.
    """

    suffix: ClassVar[str] = "zip"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.OneToOneField(
        Submission,
        verbose_name=_("submission set"),
        on_delete=models.PROTECT,
        related_name="archive",
    )
    file = models.FileField(
        _("file"), upload_to=submission_path, max_length=200, blank=True, editable=False
    )
    members = models.JSONField(_("members"), default=list, editable=False)

    objects = SubmissionFileQuerySet.as_manager()

    class Meta(Paper.Meta):
        abstract = False
        verbose_name = _("submission set (file)")
        verbose_name_plural = _("submission sets (files)")

    def __str__(self) -> str:
        return self.file_name

    @property
    def concerned(self) -> Audit:
        """Return the audit that it is about."""
        return self.submission.result.audit

    @property
    def file_name(self) -> str:
        """Return the name under which it is handed out, such as SB-20261129-1A2B3C4D.zip."""
        return f"{self.submission.number}.zip"
