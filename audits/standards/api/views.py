"""The requirements of a version of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from accounts.api.queries import ListQuery
from accounts.api.schema import documented_list
from accounts.api.views import ListView
from audits.standards.api.serializers import RequirementRow
from audits.standards.models import Requirement, Standard
from audits.standards.terms import Severity, StandardStatus

if TYPE_CHECKING:
    from django.db.models import QuerySet

EXAMPLE = {
    "id": "01890a5d-ac96-7f00-8000-0123456789ab",
    "standard": "2025",
    "code": "5-7",
    "order": 33,
    "category": {"number": 5, "name_ja": "安全と健康", "name_en": "Safety and health"},
    "title_ja": "通路と避難経路",
    "title_en": "Aisles and escape routes",
    "text_ja": "通路と避難経路に物を置かず、いつでも通れる状態に保つ。",
    "text_en": "Aisles and escape routes are kept free of objects and passable at all times.",
    "guidance_ja": "現場を歩いて確認する。",
    "guidance_en": "Walk the shop floor.",
    "legal_basis": "労働安全衛生規則",
    "severity": "minor",
    "condition": "",
    "provenance": "restated",
    "clauses": [
        {
            "code": "5-7-1",
            "text_ja": "通路に物を置いていない。",
            "text_en": "No objects stand in the aisles.",
            "condition": "",
            "provenance": "restated",
        }
    ],
}


class RequirementListQuery(ListQuery):
    """Which requirements."""

    row = RequirementRow
    standard = serializers.CharField(
        required=False, help_text="Version, such as 2025; the one in force when left out."
    )
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    category = serializers.IntegerField(required=False, min_value=1, max_value=9)


@documented_list(
    RequirementListQuery,
    operation="requirements_list",
    tag="standard",
    summary="The requirements of a version of the audit standard",
    example=EXAMPLE,
)
class RequirementListView(ListView):
    """The catalogue in the order of the standard."""

    query_class = RequirementListQuery
    scope = "requirements"
    key = ("order", "id")

    def rows(self) -> QuerySet[Requirement]:
        """Return the requirements of one version; 404 for a version that is not there."""
        versions = Standard.objects.visible_to(self.reader)
        if "standard" in self.query:
            standard = versions.filter(version=self.query["standard"]).first()
        else:
            standard = (
                versions.filter(status=StandardStatus.ACTIVE).order_by("-effective_on").first()
            )
        if standard is None:
            raise NotFound(_("There is no such version of the standard."))
        rows = (
            Requirement.objects.visible_to(self.reader)
            .filter(standard=standard)
            .select_related("standard", "category")
            .prefetch_related("clauses")
        )
        if "severity" in self.query:
            rows = rows.filter(severity=self.query["severity"])
        if "category" in self.query:
            rows = rows.filter(category__number=self.query["category"])
        return rows
