"""Former names: what a supplier was called, or registered as, before; search and imports find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from suppliers import policies
from suppliers.models.suppliers import Supplier
from suppliers.prefectures import CHOICES as PREFECTURES

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class FormerNameQuerySet(models.QuerySet["FormerName"]):
    def visible_to(self, user: User | AnonymousUser) -> FormerNameQuerySet:
        """Those of visible suppliers."""
        if policies.reads_every_supplier(user):
            return self
        return self.filter(supplier__organisation__in=accounts.organisation_ids(user))

    def suppliers_called(self, word: str) -> models.QuerySet[FormerName, UUID]:
        """Return the suppliers in whose former names or numbers the word stands."""
        return self.filter(
            Q(name_ja__icontains=word)
            | Q(name_kana__icontains=word)
            | Q(name_en__icontains=word)
            | Q(corporate_number=word)
        ).values_list("supplier", flat=True)


class FormerName(models.Model):
    """What stood for a supplier before a merge: the other row's names and number, or its own."""

    supplier = models.ForeignKey(
        Supplier,
        verbose_name=_("supplier"),
        on_delete=models.PROTECT,
        related_name="former_names",
    )
    name_ja = models.CharField(_("name (Japanese)"), max_length=200)
    name_kana = models.CharField(_("name (kana)"), max_length=200, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    prefecture = models.PositiveSmallIntegerField(_("prefecture"), choices=PREFECTURES)
    corporate_number = models.CharField(_("corporate number"), max_length=13, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        indexes = [
            # Whose number this was, when somebody types it in.
            models.Index(
                fields=["corporate_number"],
                condition=~Q(corporate_number=""),
                name="former_name_by_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name_ja
