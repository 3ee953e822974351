"""The conditions of the statistics explorer, all of them optional and kept in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from audits.filters.lists import visible_bodies, visible_secretariats
from audits.standards.terms import Severity
from audits.terms import AuditKind, GradeLetter
from reports.figures import CATEGORIES, SizeBand
from reports.services.overview import standards_with_figures
from reports.services.statistics import Selection
from suppliers.prefectures import CHOICES as PREFECTURES
from suppliers.terms import Process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from accounts.http import UserRequest
    from audits.standards.models import Standard

ALL = ("", _("All"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader may choose from; read once for both groups of a comparison."""

    standards: Sequence[Standard]
    bodies: Sequence[tuple[str, str]]
    secretariats: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, request: UserRequest) -> Choices:
        """Return the choices of whoever asks."""
        return cls(
            standards_with_figures(request.user),
            [(str(row.pk), row.name) for row in visible_bodies(request)],
            [(str(row.pk), row.name) for row in visible_secretariats(request)],
        )


class MonthField(forms.CharField):
    """A month of a year. In a control of the browser's own a wrong value could not be seen."""

    widget = forms.TextInput(attrs={"placeholder": "2026-04", "size": 7})
    default_validators = [
        RegexValidator(
            r"^[0-9]{4}-(0[1-9]|1[0-2])\Z", _("Write the month as year and month, like 2026-04.")
        )
    ]


class SelectionForm(forms.Form):
    """One set of conditions. What is wrong is said beside its field and left out, nothing else."""

    standard = forms.ChoiceField(label=_("Version of the standard"), required=False)
    since = MonthField(label=_("Issued from"), required=False)
    until = MonthField(label=_("Issued until"), required=False)
    prefecture = forms.TypedChoiceField(
        label=_("Prefecture"),
        choices=[ALL, *PREFECTURES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    process = forms.ChoiceField(label=_("Process"), choices=[ALL, *Process.choices], required=False)
    size = forms.ChoiceField(
        label=_("Size of the site"), choices=[ALL, *SizeBand.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[ALL, *AuditKind.choices], required=False)
    body = forms.TypedChoiceField(
        label=_("Audit body"), coerce=UUID, empty_value=None, required=False
    )
    secretariat = forms.TypedChoiceField(
        label=_("Secretariat"), coerce=UUID, empty_value=None, required=False
    )
    grade = forms.ChoiceField(label=_("Grade"), choices=[ALL, *GradeLetter.choices], required=False)

    def __init__(self, data: QueryDict, *, choices: Choices, prefix: str | None = None) -> None:
        super().__init__(data, prefix=prefix)
        self.standards = {row.version: row for row in choices.standards}
        options: dict[str, Sequence[Any]] = {
            "standard": [
                (row.version, _("Version %(version)s") % {"version": row.version})
                for row in choices.standards
            ],
            "body": [ALL, *choices.bodies],
            "secretariat": [ALL, *choices.secretariats],
        }
        for name, listed in options.items():
            cast("forms.ChoiceField", self.fields[name]).choices = listed

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given = self.cleaned_data
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", _("The period ends before it begins: choose a later month."))
        return given

    @property
    def selection(self) -> Selection:
        """Return the conditions that are right; without a version, the newest."""
        self.is_valid()
        given = dict(self.cleaned_data)
        version = given.pop("standard", "")
        standard = self.standards.get(version) or next(iter(self.standards.values()))
        names = Selection.__dataclass_fields__
        return Selection(standard, **{n: value for n, value in given.items() if n in names})

    @property
    def active(self) -> bool:
        """Say whether anything is asked for, so that an empty list can say what to do."""
        return any(self.data.get(self.add_prefix(name)) for name in self.fields)


class BehindForm(SelectionForm):
    """The conditions of the list behind a figure: also a category, or a severity, not met."""

    category = forms.TypedChoiceField(
        label=_("Not everything met in"),
        choices=[ALL, *((number, str(number)) for number in CATEGORIES)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    severity = forms.ChoiceField(
        label=_("Nonconformity that is"), choices=[ALL, *Severity.choices], required=False
    )


class ViewForm(forms.Form):
    """How the figures are looked at."""

    SHADES = [("rate", _("Conformity")), ("results", _("Number of results"))]

    shade = forms.ChoiceField(label=_("Map shows"), choices=SHADES, required=False)
    compare = forms.BooleanField(label=_("Compare with the second group"), required=False)
