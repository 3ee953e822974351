"""Records: append-only, hash-chained entries of what was done, and to whom they belong."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.ids import uuid7
from accounts.models.organisations import Organisation
from accounts.models.users import User
from accounts.terms import Kind, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

GENESIS = "0" * 64


class ChainEntry(models.Model):
    """One entry of a chain; `SUBJECT` names the field of what the chain is about.

    `hash` is SHA-256 over the canonical JSON of all other fields and the hash before it, so that
    changing, dropping or reordering an entry breaks every later one.
    """

    SUBJECT: ClassVar[str]

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
    comment = models.TextField(_("comment"), blank=True)
    payload = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True

    def content(self) -> dict[str, Any]:
        """Return what the hash covers, as values of JSON."""
        return {
            self.SUBJECT: str(getattr(self, f"{self.SUBJECT}_id")),
            "sequence": self.sequence,
            "actor": str(self.actor_id) if self.actor_id else None,
            "act": self.act,
            "comment": self.comment,
            "payload": self.payload,
            "at": self.at.isoformat(),
            "previous": self.previous_hash,
        }

    def compute_hash(self) -> str:
        """Return the SHA-256 (64 hex digits) that this entry must carry."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class OrganisationEventQuerySet(models.QuerySet["OrganisationEvent"]):
    def visible_to(self, user: User | AnonymousUser) -> OrganisationEventQuerySet:
        """All for owner and observer; to others their own desk's.

        To a secretariat those of its bodies too, and of suppliers, which no secretariat owns.
        """
        if policies.is_scheme_owner(user) or policies.is_observer(user):
            return self
        secretariats = policies.organisation_ids(user, Kind.SECRETARIAT)
        desk = {Role.ADMINISTRATOR, Role.COORDINATOR, Role.REVIEWER, Role.READER, Role.MANAGER}
        return self.filter(
            models.Q(organisation__in=policies.organisation_ids(user, roles=desk))
            | models.Q(organisation__parent__in=secretariats)
            | (models.Q(organisation__kind=Kind.SUPPLIER) if secretariats else models.Q(pk__in=[]))
        )

    def update(self, **kwargs: Any) -> int:
        """Refused: the record is append-only (the database refuses it too)."""
        raise PermissionDenied("the record is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: the record is append-only (the database refuses it too)."""
        raise PermissionDenied("the record is append-only")


class OrganisationEvent(ChainEntry):
    """One entry of an organisation's record: designation, auditors, engagements, settings, standards."""

    SUBJECT = "organisation"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="events",
    )

    objects = OrganisationEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of an organisation")
        verbose_name_plural = _("records of organisations")
        ordering = ["organisation", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sequence"], name="organisation_record_sequence_unique"
            ),
        ]
        indexes = [
            # The record across organisations, newest first.
            models.Index(fields=["-at"], name="organisation_record_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} #{self.sequence} {self.act}"
