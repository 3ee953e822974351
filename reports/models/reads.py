"""Reads: which brand took which findings or report, shown to the supplier who shares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import Organisation, User
from audits.models import Audit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class What(models.TextChoices):
    """What was read."""

    FINDINGS = "findings", _("all findings")
    REPORT_PDF = "report_pdf", _("report (PDF)")
    REPORT_DATA = "report_data", _("report (data)")


class ReadRecordQuerySet(models.QuerySet["ReadRecord"]):
    def visible_to(self, user: User | AnonymousUser) -> ReadRecordQuerySet:
        """Reads of one's own sites, or by one's own brand; all for owner and observers."""
        if accounts.is_scheme_owner(user) or accounts.is_observer(user):
            return self
        mine = accounts.organisation_ids(user)
        return self.filter(Q(audit__site__supplier__organisation__in=mine) | Q(brand__in=mine))

    def newest_first(self) -> ReadRecordQuerySet:
        """Rows for a list, with what it says about each."""
        return self.select_related("brand", "audit__site").order_by("-at", "-pk")


class ReadRecord(models.Model):
    """A brand was sent a report or all findings of an audit, by the export or as a page."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reader = models.ForeignKey(
        User, verbose_name=_("reader"), on_delete=models.PROTECT, related_name="+"
    )
    brand = models.ForeignKey(
        Organisation, verbose_name=_("brand"), on_delete=models.PROTECT, related_name="+"
    )
    audit = models.ForeignKey(
        Audit, verbose_name=_("audit"), on_delete=models.PROTECT, related_name="reads"
    )
    what = models.CharField(_("what was read"), max_length=15, choices=What.choices)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = ReadRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("read")
        verbose_name_plural = _("reads")
        indexes = [
            # A supplier's list of who read an audit, newest first.
            models.Index(fields=["audit", "-at"], name="read_of_audit"),
        ]

    def __str__(self) -> str:
        return f"{self.brand} – {self.audit}: {self.get_what_display()}"
