"""Suppliers: the companies whose sites are audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import policies as accounts
from accounts.ids import uuid7
from accounts.models import Organisation
from suppliers import policies
from suppliers.corporate_numbers import validate_corporate_number
from suppliers.prefectures import CHOICES as PREFECTURES, full_address
from ui.language import Localized

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: User | AnonymousUser) -> SupplierQuerySet:
        """All for owner, secretariats and observers; one's own company for supplier people."""
        if policies.reads_every_supplier(user):
            return self
        return self.filter(organisation__in=accounts.organisation_ids(user))

    def current(self) -> SupplierQuerySet:
        """Suppliers that were not merged into another one."""
        return self.filter(merged_into=None)

    def with_number(self, number: str) -> Supplier | None:
        """Return the supplier that has the corporate number, or to which it led formerly."""
        own = self.current().filter(corporate_number=number).first()
        return own or self.current().filter(former_names__corporate_number=number).first()


class Supplier(models.Model):
    """A company that has one or more sites."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="supplier",
    )
    corporate_number = models.CharField(
        _("corporate number"),
        max_length=13,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_corporate_number],
        help_text=_("The 13-digit number given by the National Tax Agency."),
    )
    name_ja = models.CharField(_("name (Japanese)"), max_length=200)
    name_kana = models.CharField(_("name (kana)"), max_length=200, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    prefecture = models.PositiveSmallIntegerField(_("prefecture"), choices=PREFECTURES)
    address = models.CharField(_("address"), max_length=300, blank=True)
    established_on = models.DateField(_("established"), null=True, blank=True)
    # Registered twice: the row stays, everything of it went over to the other. Always one step.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = SupplierQuerySet.as_manager()
    name = Localized()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(prefecture__range=(1, 47)), name="supplier_prefecture_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(corporate_number=""), name="supplier_number_null_not_empty"
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("pk")),
                name="supplier_not_merged_into_itself",
            ),
        ]
        indexes = [
            # Import and search by name when there is no corporate number.
            models.Index(fields=["name_ja"], name="supplier_by_name"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def full_address(self) -> str:
        """Return the address with its prefecture before it, once."""
        return full_address(self.prefecture, self.address)
