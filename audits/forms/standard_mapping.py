"""Mapping the requirements of a draft to those of the version before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.standards.models import Requirement, RequirementMapping
from audits.standards.services.mapping import Follows, set_mappings
from audits.standards.terms import Relation

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.models import User
    from audits.standards.models import Standard


@dataclass(frozen=True)
class MappingRow:
    """One requirement on the page, with its two fields (none when it cannot be changed)."""

    mapping: RequirementMapping
    relation: BoundField
    previous: BoundField


class MappingForm(forms.Form):
    """A relation and a code of the previous version for every requirement."""

    def __init__(self, *args: Any, standard: Standard, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard, self.actor = standard, actor
        self.mappings = list(
            RequirementMapping.objects.filter(requirement__standard=standard)
            .select_related("requirement__category", "previous")
            .order_by("requirement__order")
        )
        for mapping in self.mappings:
            code = mapping.requirement.code
            self.fields[f"relation-{code}"] = forms.ChoiceField(
                label=_("Relation of %(code)s") % {"code": code},
                choices=Relation.choices,
                initial=mapping.relation,
            )
            self.fields[f"previous-{code}"] = forms.CharField(
                label=_("Previous code of %(code)s") % {"code": code},
                max_length=10,
                required=False,
                initial=mapping.previous.code if mapping.previous else "",
                widget=forms.TextInput({"list": "previous-codes", "size": 6}),
            )

    @property
    def rows(self) -> list[MappingRow]:
        """The requirements in the order of the standard."""
        return [
            MappingRow(
                mapping,
                self[f"relation-{mapping.requirement.code}"],
                self[f"previous-{mapping.requirement.code}"],
            )
            for mapping in self.mappings
        ]

    @property
    def codes(self) -> list[tuple[str, str]]:
        """The requirements of the previous version to choose from: code and title."""
        rows = Requirement.objects.filter(standard=self.standard.previous_id).order_by("order")
        return [(row.code, row.title) for row in rows]

    def save(self) -> int | None:
        """Change the mapping; a refusal becomes errors of the rows and None is returned."""
        rows = {
            mapping.requirement.code: Follows(
                self.cleaned_data[f"relation-{mapping.requirement.code}"],
                self.cleaned_data[f"previous-{mapping.requirement.code}"].strip(),
            )
            for mapping in self.mappings
        }
        try:
            return set_mappings(actor=self.actor, standard=self.standard, rows=rows)
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                for code, found in error.error_dict.items():
                    self.add_error(f"previous-{code}", found)
            else:
                self.add_error(None, error)
            return None
