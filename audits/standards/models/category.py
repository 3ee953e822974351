"""The nine fields of a standard."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.standards.contents import CategoryRow
from audits.standards.models.part import StandardPart, StandardPartQuerySet
from audits.standards.models.standard import Standard
from ui.language import Localized


class CategoryQuerySet(StandardPartQuerySet["Category"]):
    """Categories of a standard."""


class Category(StandardPart):
    """One of the nine fields of the standard (区分)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="categories")
    number = models.PositiveSmallIntegerField(_("category number"))
    name_ja = models.CharField(_("name (Japanese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"))

    name = Localized()

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("standard", "order")
        constraints = (
            models.UniqueConstraint(fields=("standard", "number"), name="category_number_once"),
            models.UniqueConstraint(fields=("standard", "order"), name="category_order_once"),
            models.CheckConstraint(
                name="category_number_1_to_9", condition=Q(number__gte=1) & Q(number__lte=9)
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def owner_id(self) -> UUID:
        """The key of the standard that the row belongs to."""
        return self.standard_id

    def as_row(self) -> CategoryRow:
        """The row as plain data."""
        return CategoryRow(
            number=self.number, name_ja=self.name_ja, name_en=self.name_en, order=self.order
        )
