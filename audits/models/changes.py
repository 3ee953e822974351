"""Change notices: what a supplier tells the scheme of a change at a site with a standing result."""

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
from audits.change_terms import FINAL, ChangeDecision, ChangeKind
from audits.models.audits import Audit
from suppliers.models import Site

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ChangeNoticeQuerySet(models.QuerySet["ChangeNotice"]):
    def visible_to(self, user: User | AnonymousUser) -> ChangeNoticeQuerySet:
        """Notices on visible audits; a brand none: it learns what becomes of the result."""
        if accounts.organisation_ids(user, Kind.BRAND):
            return self.none()
        return self.filter(audit__in=Audit.objects.visible_to(user))

    def undecided(self) -> ChangeNoticeQuerySet:
        """Notices on which nothing at all was decided."""
        return self.filter(decided_at=None)

    def unsettled(self) -> ChangeNoticeQuerySet:
        """Notices that still wait for the secretariat: undecided, or under a desk check."""
        return self.exclude(decision__in=FINAL)


class ChangeNotice(models.Model):
    """A change at a site, told by its supplier while a result stands, and what was decided on it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="change_notices"
    )
    # The audit whose result stood when the change was told; its secretariat decides.
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="change_notices"
    )
    kind = models.CharField(_("what changes"), max_length=10, choices=ChangeKind.choices)
    starts_on = models.DateField(_("from which day"))
    text = models.TextField(_("description of the change"))
    declared_by = models.ForeignKey(
        User, verbose_name=_("reported by"), on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField(_("reported at"), default=timezone.now, editable=False)
    due_on = models.DateField(_("to be decided by"))
    # The latest decision: a desk check is followed by a final one. All of them are in the record.
    decision = models.CharField(
        _("decision"), max_length=10, choices=ChangeDecision.choices, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ChangeNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change notice")
        verbose_name_plural = _("change notices")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "starts_on"],
                condition=Q(decided_at=None),
                name="one_undecided_notice_per_change",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | Q(decided_at__isnull=False, decision__in=ChangeDecision.values),
                name="change_decided_with_a_decision",
            ),
        ]
        indexes = [
            # The secretariat's list, what waits for it first.
            models.Index(fields=["decided_at", "due_on"], name="change_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.get_kind_display()}"

    @property
    def is_settled(self) -> bool:
        """Say whether nothing more is to be decided."""
        return self.decision in FINAL

    @property
    def is_late(self) -> bool:
        """Say whether the time to decide has passed and nobody has."""
        return self.decided_at is None and self.due_on < timezone.localdate()
