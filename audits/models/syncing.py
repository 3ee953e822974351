"""What tablets sent: remembered by the key they gave it, so that sending twice changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.models import User
from audits.models.audits import Audit
from audits.models.evidence import Evidence
from audits.models.findings import Finding

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SyncKind(models.TextChoices):
    """What a tablet sends."""

    FINDING = "finding", _("finding")
    PHOTO = "photo", _("photo")


class SyncOutcome(models.TextChoices):
    """What became of one thing that a tablet sent."""

    SAVED = "saved", pgettext_lazy("sync", "saved")
    SAME = "same", pgettext_lazy("sync", "was there already")
    CONFLICT = "conflict", pgettext_lazy("sync", "somebody else saved it in the meantime")
    REFUSED = "refused", pgettext_lazy("sync", "refused")


class SyncItemQuerySet(models.QuerySet["SyncItem"]):
    def visible_to(self, user: User | AnonymousUser) -> SyncItemQuerySet:
        """What was sent to visible audits; it says that something was sent, not what."""
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def with_what(self) -> SyncItemQuerySet:
        """What each of them was about, in the same query."""
        return self.select_related("finding__requirement", "evidence", "sent_by").defer(
            "finding__report_text", "finding__working_note", "finding__reason"
        )


class SyncItem(models.Model):
    """One thing that a tablet sent and that was kept; conflicts and refusals are not remembered."""

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.CASCADE, related_name="+"
    )
    key = models.UUIDField(_("key given by the tablet"))
    kind = models.CharField(_("kind"), max_length=10, choices=SyncKind.choices)
    # Blank for what was sent before it was noted.
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    sha256 = models.CharField(_("SHA-256 as sent"), max_length=64)
    outcome = models.CharField(_("outcome"), max_length=10, choices=SyncOutcome.choices)
    # The version of the finding after it; a photo has evidence instead.
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("evidence"),
        # Removed evidence must not come back when a tablet sends the same key again.
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    sent_by = models.ForeignKey(
        User, verbose_name=_("sent by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = SyncItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing sent by a tablet")
        verbose_name_plural = _("things sent by tablets")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], name="sync_key_once_per_audit"),
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.kind} {self.key}"
