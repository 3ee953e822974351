"""The requirements of a standard."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.standards.contents import RequirementRow
from audits.standards.models.category import Category
from audits.standards.models.part import StandardPart, StandardPartQuerySet
from audits.standards.models.standard import Standard
from audits.standards.terms import Condition, Provenance, Severity
from ui.language import Localized


class RequirementQuerySet(StandardPartQuerySet["Requirement"]):
    """Requirements of a standard."""


class Requirement(StandardPart):
    """One requirement (要求事項), judged once per audit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="requirements")
    category = models.ForeignKey(Category, models.PROTECT, related_name="requirements")
    code = models.CharField(_("code"), max_length=10)
    order = models.PositiveSmallIntegerField(_("order"))
    subcategory = models.CharField(_("subcategory"), max_length=100, blank=True)
    title_ja = models.CharField(_("title (Japanese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    text_ja = models.TextField(_("text (Japanese)"))
    text_en = models.TextField(_("text (English)"))
    guidance_ja = models.TextField(_("guidance (Japanese)"), blank=True)
    guidance_en = models.TextField(_("guidance (English)"), blank=True)
    evidence_hint_ja = models.TextField(_("evidence hint (Japanese)"), blank=True)
    evidence_hint_en = models.TextField(_("evidence hint (English)"), blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    severity = models.CharField(_("severity"), max_length=12, choices=Severity)
    condition = models.CharField(_("condition"), max_length=24, choices=Condition, blank=True)
    provenance = models.CharField(_("provenance"), max_length=12, choices=Provenance)
    source = models.TextField(_("source"), blank=True)

    title = Localized()
    text = Localized()
    guidance = Localized()
    evidence_hint = Localized()

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ("standard", "order")
        constraints = (
            models.UniqueConstraint(fields=("standard", "code"), name="requirement_code_once"),
            models.UniqueConstraint(fields=("standard", "order"), name="requirement_order_once"),
            models.CheckConstraint(name="requirement_order_positive", condition=Q(order__gte=1)),
            models.CheckConstraint(
                name="requirement_severity_known", condition=Q(severity__in=Severity.values)
            ),
            models.CheckConstraint(
                name="requirement_condition_known",
                condition=Q(condition__in=["", *Condition.values]),
            ),
            models.CheckConstraint(
                name="requirement_provenance_known", condition=Q(provenance__in=Provenance.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def owner_id(self) -> UUID:
        """The key of the standard that the row belongs to."""
        return self.standard_id

    def as_row(self) -> RequirementRow:
        """The row as plain data; reads the category."""
        return RequirementRow(
            code=self.code,
            category=self.category.number,
            order=self.order,
            subcategory=self.subcategory,
            title_ja=self.title_ja,
            title_en=self.title_en,
            text_ja=self.text_ja,
            text_en=self.text_en,
            guidance_ja=self.guidance_ja,
            guidance_en=self.guidance_en,
            evidence_hint_ja=self.evidence_hint_ja,
            evidence_hint_en=self.evidence_hint_en,
            legal_basis=self.legal_basis,
            severity=self.severity,
            condition=self.condition,
            provenance=self.provenance,
            source=self.source,
        )
