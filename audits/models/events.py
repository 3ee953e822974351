"""The record: an append-only, hash-chained list of everything that was done to an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.models import ChainEntry
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.terms import TOLD_TO_SUPPLIER, Act, CommentKind, Status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

# Answers to disputes are for the supplier who disputed; those to the reviewer are not.
ANSWER_IN_REVIEW = models.Q(act="answer_comment", payload__kind=CommentKind.REVIEW)


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditEventQuerySet:
        """Records of visible audits; a brand sees results, not the way to them.

        A supplier sees of its own audits what is done towards it (`TOLD_TO_SUPPLIER`): not the
        remarks of review and decision and what the team answers to them, nor the auditors' answers
        to offers, alerts or readings of evidence.
        """
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        rows = self.filter(audit__in=Audit.objects.visible_to(user))
        if own := accounts.organisation_ids(user, Kind.SUPPLIER):
            rows = rows.filter(
                models.Q(act__in=TOLD_TO_SUPPLIER) & ~ANSWER_IN_REVIEW
                | ~models.Q(audit__site__supplier__organisation__in=own)
            )
        return rows

    def update(self, **kwargs: Any) -> int:
        """Refused: the record is append-only (the database refuses it too)."""
        raise PermissionDenied("the record is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: the record is append-only (the database refuses it too)."""
        raise PermissionDenied("the record is append-only")


class AuditEvent(ChainEntry):
    """One entry of an audit's record, with the state it left and the one it reached."""

    SUBJECT = "audit"

    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="events"
    )
    from_status = models.CharField(_("from"), max_length=15, blank=True)
    to_status = models.CharField(_("to"), max_length=15, blank=True)

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

    def content(self) -> dict[str, Any]:
        """Return what the hash covers: the states too."""
        return {**super().content(), "from": self.from_status, "to": self.to_status}

    @property
    def act_label(self) -> str:
        """Return the act as words of the active language."""
        return str(Act(self.act).label) if self.act in Act.values else self.act

    @property
    def to_label(self) -> str:
        """Return the state reached as words of the active language."""
        return str(Status(self.to_status).label) if self.to_status else ""
