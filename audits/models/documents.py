"""What a supplier sends: documents of an audit, with what the team said of them, and corrections shown."""

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
from audits.models.corrections import CorrectiveAction
from audits.terms import Document, DocumentState, SupplierAnswer, Verdict
from ui.language import Localized

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def supplied_path(file: SuppliedFile, name: str) -> str:
    """Return where the file is kept: by audit and id, never under the name it came with."""
    return f"documents/{file.audit_id}/{file.pk}"


class RequestedDocumentQuerySet(models.QuerySet["RequestedDocument"]):
    def visible_to(self, user: User | AnonymousUser) -> RequestedDocumentQuerySet:
        """Of visible audits; a brand sees nothing of how an audit came to its result."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        return self.filter(audit__in=Audit.objects.visible_to(user))


class RequestedDocument(models.Model):
    """What is known of one document of an audit; there is no row before somebody said something."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit,
        verbose_name=_("audit"),
        on_delete=models.PROTECT,
        related_name="requested_documents",
    )
    key = models.CharField(_("key"), max_length=10)
    # Set for what came with the application, before there was a list of the standard.
    checklist = models.CharField(
        _("item of the checklist"), max_length=20, choices=Document.choices, blank=True
    )
    # As the standard named it then: the list of another version may no longer have it.
    name_ja = models.CharField(_("name (Japanese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    codes = models.JSONField(_("requirements"), default=list, blank=True)
    asked_by = models.ForeignKey(
        User,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answer = models.CharField(
        _("answer"), max_length=10, choices=SupplierAnswer.choices, blank=True
    )
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    judged_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    objects = RequestedDocumentQuerySet.as_manager()
    name = Localized()

    class Meta:
        verbose_name = _("requested document")
        verbose_name_plural = _("requested documents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], name="document_once_per_audit"),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *Verdict.values]), name="document_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> DocumentState:
        """Return where the document stands; reads the files, which lists fetch beforehand."""
        if self.verdict:
            return DocumentState(self.verdict)
        if self.answer:
            return DocumentState(self.answer)
        return DocumentState.SENT if self.files.all() else DocumentState.ASKED


class SuppliedFileQuerySet(models.QuerySet["SuppliedFile"]):
    def visible_to(self, user: User | AnonymousUser) -> SuppliedFileQuerySet:
        """The supplier's own people, the audit's team and its reviewers; nobody else.

        Wage ledgers and rosters name people: desks and observers see that they are there, and no
        more than that. What shows a correction, the desks that check it see as well.
        """
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        reviewing = accounts.organisation_ids(user, roles={"reviewer"})
        desk = accounts.organisation_ids(user, roles={"administrator", "coordinator"})
        own = accounts.organisation_ids(user, Kind.SUPPLIER)
        return self.filter(audit__in=Audit.objects.visible_to(user)).filter(
            Q(audit__site__supplier__organisation__in=own)
            | Q(audit__in=Audit.team_audit_ids(user))
            | Q(audit__secretariat__in=reviewing)
            | Q(audit__body__in=reviewing)
            | Q(action__isnull=False, audit__secretariat__in=desk)
            | Q(action__isnull=False, audit__body__in=desk)
        )


class SuppliedFile(models.Model):
    """A file that the supplier sent: for one document, or to show one correction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="supplied_files"
    )
    document = models.ForeignKey(
        RequestedDocument,
        verbose_name=_("requested document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
    )
    action = models.ForeignKey(
        CorrectiveAction,
        verbose_name=_("corrective action"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
    )
    number = models.PositiveIntegerField(_("number"))
    file = models.FileField(_("file"), upload_to=supplied_path)
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    # A picture is encoded anew: the same photo is known again by what was sent.
    sent_sha256 = models.CharField(_("SHA-256 as sent"), max_length=64)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sent_by = models.ForeignKey(
        User, verbose_name=_("sent by"), on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)

    objects = SuppliedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplied file")
        verbose_name_plural = _("supplied files")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="supplied_number_unique"),
            models.UniqueConstraint(
                fields=["document", "sent_sha256"], name="supplied_once_per_document"
            ),
            models.UniqueConstraint(
                fields=["action", "sent_sha256"], name="supplied_once_per_action"
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False, action=None)
                | Q(document=None, action__isnull=False),
                name="supplied_for_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the reference of the file within its audit, such as D-012."""
        return f"D-{self.number:03d}"

    @property
    def kind(self) -> str:
        """Return the kind of file in a few letters, such as PDF."""
        return self.name.rpartition(".")[2].upper()[:4]

    @property
    def is_picture(self) -> bool:
        """Say whether the file can be shown as a picture."""
        return self.media_type in ("image/jpeg", "image/png", "image/webp")
