"""The record: an append-only, hash-chained list of everything that was done to an audit."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.terms import TOLD_TO_SUPPLIER, Act, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

GENESIS = "0" * 64


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditEventQuerySet:
        """Records of visible audits; a brand sees results, not the way to them.

        A supplier sees of its own audits what is done towards it (`TOLD_TO_SUPPLIER`): not the
        remarks of review and decision, nor the auditors' answers, alerts or readings of evidence.
        """
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        rows = self.filter(audit__in=Audit.objects.visible_to(user))
        if own := accounts.organisation_ids(user, Kind.SUPPLIER):
            rows = rows.filter(
                models.Q(act__in=TOLD_TO_SUPPLIER)
                | ~models.Q(audit__site__supplier__organisation__in=own)
            )
        return rows

    def update(self, **kwargs: Any) -> int:
        """Refused: the record is append-only (the database refuses it too)."""
        raise PermissionDenied("the record is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: the record is append-only (the database refuses it too)."""
        raise PermissionDenied("the record is append-only")


class AuditEvent(models.Model):
    """One entry of an audit's record.

    `hash` is SHA-256 over the canonical JSON of all other fields and the hash before it, so that
    changing, dropping or reordering an entry breaks every later one.
    """

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="events"
    )
    sequence = models.PositiveIntegerField(_("sequence"))
    actor = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    act = models.CharField(_("act"), max_length=40)
    from_status = models.CharField(_("from"), max_length=15, blank=True)
    to_status = models.CharField(_("to"), max_length=15, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    payload = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["audit", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "sequence"], name="record_sequence_unique"),
        ]
        indexes = [
            # The record across audits, newest first.
            models.Index(fields=["-at"], name="record_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} #{self.sequence} {self.act}"

    def compute_hash(self) -> str:
        """Return the SHA-256 (64 hex digits) that this entry must carry."""
        content = {
            "audit": str(self.audit_id),
            "sequence": self.sequence,
            "actor": str(self.actor_id) if self.actor_id else None,
            "act": self.act,
            "from": self.from_status,
            "to": self.to_status,
            "comment": self.comment,
            "payload": self.payload,
            "at": self.at.isoformat(),
            "previous": self.previous_hash,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def act_label(self) -> str:
        """Return the act as words of the active language."""
        return str(Act(self.act).label) if self.act in Act.values else self.act

    @property
    def to_label(self) -> str:
        """Return the state reached as words of the active language."""
        return str(Status(self.to_status).label) if self.to_status else ""
