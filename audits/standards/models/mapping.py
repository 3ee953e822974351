"""How the requirements of a version follow those of the version before."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.standards.models.part import StandardPart, StandardPartQuerySet
from audits.standards.models.requirement import Requirement
from audits.standards.terms import Relation


class RequirementMappingQuerySet(StandardPartQuerySet["RequirementMapping"]):
    """Mappings of the requirements of a version."""

    to_standard = "requirement__standard"


class RequirementMapping(StandardPart):
    """Which requirement of the version before one requirement follows, and how it differs from it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    requirement = models.OneToOneField(
        Requirement,
        models.CASCADE,
        verbose_name=_("requirement"),
        related_name="mapping",
    )
    previous = models.ForeignKey(
        Requirement,
        models.PROTECT,
        verbose_name=_("previous requirement"),
        null=True,
        blank=True,
        related_name="+",
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)

    objects = RequirementMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping of a requirement")
        verbose_name_plural = _("mappings of requirements")
        ordering = ("requirement__standard", "requirement__order")
        constraints = (
            models.CheckConstraint(
                name="mapping_relation_known", condition=Q(relation__in=Relation.values)
            ),
            models.CheckConstraint(
                name="mapping_new_has_no_previous",
                condition=Q(relation=Relation.NEW, previous__isnull=True)
                | (~Q(relation=Relation.NEW) & Q(previous__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.relation}"

    @property
    def owner_id(self) -> UUID:
        """The key of the standard that the row belongs to."""
        return self.requirement.standard_id
