"""Files that are on their way: what arrived so far, so that an interrupted one goes on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from accounts.models import User
from audits.models.audits import Audit
from audits.models.findings import Finding
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User | AnonymousUser) -> UploadQuerySet:
        """One's own, of audits that one still sees."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            started_by=user.pk, finding__audit__in=Audit.objects.visible_to(user)
        ).select_related("finding__audit", "finding__requirement")

    def untouched_since(self, moment: datetime) -> UploadQuerySet:
        """Those of which nothing has arrived since."""
        return self.filter(touched_at__lt=moment)


class Upload(models.Model):
    """A file for a finding that arrives in parts; it becomes evidence when all of it is there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(
        Finding, verbose_name=_("finding"), on_delete=models.CASCADE, related_name="+"
    )
    # What the browser knows the file by: choosing it again continues this upload.
    fingerprint = models.CharField(_("fingerprint of the file"), max_length=64)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    received = models.PositiveIntegerField(_("bytes received"), default=0)
    parts = models.JSONField(_("names of the stored parts"), default=list, blank=True)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    evidence_class = models.CharField(
        _("class"),
        max_length=10,
        choices=EvidenceClass.choices,
        default=EvidenceClass.RESTRICTED,
    )
    started_by = models.ForeignKey(
        User, verbose_name=_("started by"), on_delete=models.CASCADE, related_name="+"
    )
    # The hourly sweep asks for those that nobody has touched for a day.
    touched_at = models.DateTimeField(_("touched at"), default=timezone.now, db_index=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("file on its way")
        verbose_name_plural = _("files on their way")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["started_by", "finding", "fingerprint"], name="upload_once_per_file"
            ),
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="upload_within_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"

    @property
    def percent(self) -> int:
        """Return how much has arrived."""
        return self.received * 100 // self.size

    def part_name(self) -> str:
        """Return where the next part is kept."""
        return f"uploads/{self.pk}/{self.received:012d}"
