"""The clauses of a requirement."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from audits.standards.contents import ClauseRow
from audits.standards.models.part import StandardPart, StandardPartQuerySet
from audits.standards.models.requirement import Requirement
from audits.standards.terms import Condition, Provenance
from ui.language import Localized


class ClauseQuerySet(StandardPartQuerySet["Clause"]):
    """Clauses of requirements."""

    to_standard = "requirement__standard"

    def by_requirement(self, standard: UUID | None) -> dict[UUID, list[Clause]]:
        """Return the clauses of a version in their order, by the key of their requirement."""
        found: dict[UUID, list[Clause]] = {}
        for clause in self.filter(requirement__standard=standard).order_by("order"):
            found.setdefault(clause.requirement_id, []).append(clause)
        return found

    def codes(self) -> dict[UUID, set[str]]:
        """Return the codes of these clauses by the key of their requirement."""
        found: dict[UUID, set[str]] = {}
        for requirement, code in self.values_list("requirement_id", "code"):
            found.setdefault(requirement, set()).add(code)
        return found


class Clause(StandardPart):
    """One check point of a requirement (細目)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="clauses")
    code = models.CharField(_("code"), max_length=12)
    order = models.PositiveSmallIntegerField(_("order"))
    text_ja = models.TextField(_("text (Japanese)"))
    text_en = models.TextField(_("text (English)"))
    condition = models.CharField(_("condition"), max_length=24, choices=Condition, blank=True)
    provenance = models.CharField(_("provenance"), max_length=12, choices=Provenance)

    text = Localized()

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ("requirement", "order")
        constraints = (
            models.UniqueConstraint(fields=("requirement", "code"), name="clause_code_once"),
            models.UniqueConstraint(fields=("requirement", "order"), name="clause_order_once"),
            models.CheckConstraint(
                name="clause_condition_known", condition=Q(condition__in=["", *Condition.values])
            ),
            models.CheckConstraint(
                name="clause_provenance_known", condition=Q(provenance__in=Provenance.values)
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def owner_id(self) -> UUID:
        """The key of the standard that the row belongs to."""
        return self.requirement.standard_id

    def as_row(self, requirement: str) -> ClauseRow:
        """The row as plain data; `requirement` is the code of the requirement it belongs to."""
        return ClauseRow(
            code=self.code,
            requirement=requirement,
            order=self.order,
            text_ja=self.text_ja,
            text_en=self.text_en,
            condition=self.condition,
            provenance=self.provenance,
        )
