"""Proposing a team, and fixing the visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audits.auditors.eligibility import Merits, merits
from audits.auditors.terms import Level
from audits.forms.moving import MoveForm
from audits.models import Audit
from audits.services.candidates import rank
from audits.services.teams import Place, propose_team, schedule
from audits.terms import Answer

if TYPE_CHECKING:
    from django.forms import BoundField

    from audits.services.candidates import Ranked


@dataclass(frozen=True)
class Offer:
    """One eligible auditor on the assignment page: the parts of the score, and the choice."""

    row: Ranked
    merits: Merits
    field: BoundField


class AssignmentForm(MoveForm):
    """Choose a function for each person, or none, and propose the team in one go."""

    interpreters = forms.BooleanField(
        label=_("Interpreters are arranged for the languages that nobody in the team speaks"),
        required=False,
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, audit=audit, **kwargs)
        self.ranked = rank(audit)
        now = {
            place.auditor_id: place.function
            for place in audit.team.all()
            if place.answer != Answer.DECLINED
        }
        for row in self.ranked:
            if row.eligible:
                self.fields[self.name_of(row)] = forms.ChoiceField(
                    label=_("Function of %(name)s") % {"name": row.auditor.user.name},
                    choices=[
                        ("", _("not in the team")),
                        *((level, Level(level).label) for level in row.functions),
                    ],
                    initial=now.get(row.auditor.pk, ""),
                    required=False,
                )

    @staticmethod
    def name_of(row: Ranked) -> str:
        """Return the name of the field of one auditor."""
        return f"place-{row.auditor.pk}"

    @cached_property
    def offers(self) -> list[Offer]:
        """The eligible auditors, best first."""
        return [
            Offer(row, merits(row.candidate, row.need), self[self.name_of(row)])
            for row in self.ranked
            if row.eligible
        ]

    @cached_property
    def excluded(self) -> list[Ranked]:
        """Return the auditors who may take no function, with the obstacles."""
        return [row for row in self.ranked if not row.eligible]

    def move(self) -> Audit:
        """Propose everybody for whom a function was chosen."""
        team: list[Place] = [
            {"auditor": row.auditor, "function": function}
            for row in self.ranked
            if row.eligible and (function := self.cleaned_data[self.name_of(row)])
        ]
        return propose_team(
            actor=self.actor,
            audit=self.audit,
            team=team,
            interpreters=self.cleaned_data["interpreters"],
            expected_version=self.cleaned_data["version"],
        )


class ScheduleForm(MoveForm):
    """Fix first and last day of the visit and the person-days."""

    planned_from = forms.DateField(
        label=_("First day of the visit"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    planned_until = forms.DateField(
        label=_("Last day of the visit"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    person_days = forms.DecimalField(
        label=_("Person-days"),
        min_value=0,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput({"step": "0.5", "inputmode": "decimal"}),
    )
    person_days_reason = forms.CharField(
        label=_("Reason for fewer days"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Only when fewer person-days are planned than the rule asks for."),
    )

    def __init__(self, *args: Any, audit: Audit, rule: float, **kwargs: Any) -> None:
        initial = {
            "planned_from": audit.planned_from or audit.preferred_from,
            "planned_until": audit.planned_until or audit.preferred_until or audit.preferred_from,
            "person_days": audit.person_days if audit.person_days is not None else f"{rule:g}",
            "person_days_reason": audit.person_days_reason,
        }
        super().__init__(*args, audit=audit, initial=initial, **kwargs)

    def move(self) -> Audit:
        """Fix the visit."""
        data = self.cleaned_data
        return schedule(
            actor=self.actor,
            audit=self.audit,
            planned_from=data["planned_from"],
            planned_until=data["planned_until"],
            person_days=data["person_days"],
            person_days_reason=data["person_days_reason"],
            expected_version=data["version"],
        )
