"""The closing meeting: what was handed to the site before the team left, and what it said to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import User
from accounts.terms import Kind
from audits.models.audits import Audit
from audits.terms import Judgement, Severity
from ui.language import localized

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Told:
    """One finding as the site was told it, and whether its representative contests it."""

    code: str
    title_ja: str
    title_en: str
    judgement: str
    severity: str
    text: str
    contested: bool = False
    words: str = ""

    @property
    def title(self) -> str:
        """Return the requirement's title in the active language."""
        return localized(self, "title")

    @property
    def judgement_label(self) -> str:
        """Return the judgement in words."""
        return str(Judgement(self.judgement).label)

    @property
    def severity_label(self) -> str:
        """Return the severity in words; blank where there is none."""
        return str(Severity(self.severity).label) if self.severity else ""


class ClosingMeetingQuerySet(models.QuerySet["ClosingMeeting"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of visible audits; a brand reads results, not what was said on the way to them."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def current(self) -> ClosingMeeting | None:
        """Return the last one held; every earlier one was replaced by it."""
        return self.order_by("-number").first()

    def update(self, **kwargs: Any) -> int:
        """Refused: it was signed (the database refuses it too)."""
        raise PermissionDenied("a closing meeting is signed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused: it was signed (the database refuses it too)."""
        raise PermissionDenied("a closing meeting is signed")


class ClosingMeeting(models.Model):
    """One closing meeting as the site's representative signed it; a further one replaces it.

    `findings` are the rows of `Told`. `signature` is the drawing as the path of an SVG of 600 by
    200; blank when the representative signed by typing the name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="closing_meetings"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    held_at = models.DateTimeField(_("held at"))
    findings = models.JSONField(_("findings"), default=list)
    # Of the site's side one person only; workers are never named.
    representative = models.CharField(_("site's representative"), max_length=100)
    function = models.CharField(_("function"), max_length=100)
    remarks = models.TextField(_("what was said"), blank=True)
    signature = models.TextField(_("signature"), blank=True)
    reason = models.TextField(_("why it was held again"), blank=True)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now, editable=False)

    objects = ClosingMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing meeting")
        verbose_name_plural = _("closing meetings")
        ordering = ["audit", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "number"], name="closing_meeting_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} #{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a new one; PermissionDenied for one that is signed."""
        if not self._state.adding:
            raise PermissionDenied("a closing meeting is signed")
        super().save(*args, **kwargs)

    @property
    def told(self) -> list[Told]:
        """Return the findings in the order of the standard."""
        return [Told(**row) for row in self.findings]

    @property
    def contested(self) -> list[Told]:
        """Return those that the representative contests."""
        return [row for row in self.told if row.contested]
