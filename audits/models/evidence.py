"""Evidence: the photos and documents that findings rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.models.findings import SEEN_BY_SUPPLIER, Finding
from audits.terms import EvidenceClass
from suppliers.terms import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# So often a worker tries to make the small picture; then the original is offered instead.
THUMBNAIL_TRIES = 3


def evidence_path(evidence: Evidence, name: str) -> str:
    """Return where the file is kept: by audit and id, never under the name it came with."""
    return f"evidence/{evidence.audit_id}/{evidence.pk}"


def thumbnail_path(evidence: Evidence, name: str) -> str:
    """Return where the small picture is kept."""
    return f"evidence/{evidence.audit_id}/{evidence.pk}.thumb"


class Preview(models.TextChoices):
    """What a list shows of a piece of evidence."""

    THUMBNAIL = "thumbnail", _("small picture")
    WAITING = "waiting", _("Being prepared")
    FAILED = "failed", _("Open the original")
    DOCUMENT = "document", _("document")
    SEALED = "sealed", _("Sealed")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def without_thumbnail(self) -> EvidenceQuerySet:
        """Pictures whose small one is still to be made."""
        return self.filter(
            media_type__startswith="image/", thumbnail="", thumbnail_tries__lt=THUMBNAIL_TRIES
        )

    def visible_to(self, user: User | AnonymousUser) -> EvidenceQuerySet:
        """Sealed: team and reviewers; restricted: the scheme; public: also supplier and brand."""
        rows = self.filter(audit__in=Audit.objects.visible_to(user))
        if accounts.organisation_ids(user, Kind.BRAND):
            return rows.filter(
                evidence_class=EvidenceClass.PUBLIC,
                audit__in=Audit.objects.shared_at(user, Level.FULL),
            )
        reviewing = accounts.organisation_ids(user, roles={"reviewer"})
        own = accounts.organisation_ids(user, Kind.SUPPLIER)
        mine = Q(audit__site__supplier__organisation__in=own)
        # Whoever belongs to a company and audits another one sees of each what he or she is to it.
        return rows.filter(
            mine & Q(evidence_class=EvidenceClass.PUBLIC, audit__status__in=SEEN_BY_SUPPLIER)
            | ~mine
            & (
                ~Q(evidence_class=EvidenceClass.SEALED)
                | Q(audit__in=Audit.team_audit_ids(user))
                | Q(audit__secretariat__in=reviewing)
                | Q(audit__body__in=reviewing)
            )
        )


class Evidence(models.Model):
    """A photo or document that a finding rests on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="evidence"
    )
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("finding"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    number = models.PositiveIntegerField(_("number"))
    file = models.FileField(_("file"), upload_to=evidence_path)
    thumbnail = models.FileField(_("small picture"), upload_to=thumbnail_path, blank=True)
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    # A picture is encoded anew: the same photo is known again by what was sent.
    sent_sha256 = models.CharField(_("SHA-256 as sent"), max_length=64, blank=True)
    thumbnail_tries = models.PositiveSmallIntegerField(
        _("attempts at the small picture"), default=0, editable=False
    )
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    evidence_class = models.CharField(
        _("class"),
        max_length=10,
        choices=EvidenceClass.choices,
        default=EvidenceClass.RESTRICTED,
    )
    added_by = models.ForeignKey(
        User, verbose_name=_("added by"), on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="evidence_number_unique"),
            models.UniqueConstraint(fields=["audit", "sha256"], name="evidence_once_per_audit"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the reference used in reports, such as E-031."""
        return f"E-{self.number:03d}"

    @property
    def is_picture(self) -> bool:
        """Say whether the evidence can be shown as a picture."""
        return self.media_type in ("image/jpeg", "image/png", "image/webp")

    @property
    def preview(self) -> Preview:
        """Say what lists show; sealed evidence is not shown before somebody opens it."""
        if self.evidence_class == EvidenceClass.SEALED:
            return Preview.SEALED
        if not self.is_picture:
            return Preview.DOCUMENT
        if self.thumbnail:
            return Preview.THUMBNAIL
        return Preview.WAITING if self.thumbnail_tries < THUMBNAIL_TRIES else Preview.FAILED

    @property
    def kind(self) -> str:
        """Return the kind of file in a few letters, such as PDF."""
        return self.name.rpartition(".")[2].upper()[:4]
