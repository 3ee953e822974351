"""Comments that are being written: kept so that leaving a page loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audits.models.audits import Audit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CommentDraftQuerySet(models.QuerySet["CommentDraft"]):
    def visible_to(self, user: User | AnonymousUser) -> CommentDraftQuerySet:
        """Nobody but the author: what is not sent has not been said."""
        return self.filter(author=user.pk)


class CommentDraft(models.Model):
    """What somebody writes on the findings of an audit and has not sent yet, on one sheet."""

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.CASCADE, related_name="comment_drafts"
    )
    author = models.ForeignKey(
        User, verbose_name=_("author"), on_delete=models.CASCADE, related_name="+"
    )
    # By code of the requirement; under "" what is said on the whole report.
    texts = models.JSONField(_("texts"), default=dict)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, editable=False)

    objects = CommentDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of comments")
        verbose_name_plural = _("drafts of comments")
        constraints = [
            models.UniqueConstraint(fields=["audit", "author"], name="one_comment_draft_per_author")
        ]

    def __str__(self) -> str:
        return f"{self.audit}: {self.author}"
