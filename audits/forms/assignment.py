"""Proposing a team, and fixing the visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from audits.auditors.eligibility import Merits, merits
from audits.auditors.models import Auditor
from audits.auditors.terms import Level
from audits.forms.calendar import Calendar, PersonsMonth
from audits.forms.moving import MoveForm
from audits.forms.shortlist import PREFIX, Row, Shortlist
from audits.models import Audit
from audits.services.teams import Place, propose_team, schedule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BoundField


@dataclass(frozen=True)
class Offer:
    """One auditor on the assignment page: the parts of the score, the month, and the choice."""

    row: Row
    merits: Merits
    month: PersonsMonth
    field: BoundField

    @property
    def not_as_lead(self) -> list[str]:
        """Return what keeps somebody who may be in the team from leading it."""
        if not self.row.eligible or Level.LEAD in self.row.functions:
            return []
        return self.row.obstacles_for(Level.LEAD)


class AssignmentForm(MoveForm):
    """Choose a function for each person, or none, and propose the team in one go.

    There is a field for everybody on the page and for everybody chosen: with one for each of 2,000
    auditors the page took seconds.
    """

    interpreters = forms.BooleanField(
        label=_("Interpreters are arranged for the languages that nobody in the team speaks"),
        required=False,
    )

    def __init__(
        self, *args: Any, audit: Audit, shortlist: Shortlist, calendar: Calendar, **kwargs: Any
    ) -> None:
        super().__init__(*args, audit=audit, **kwargs)
        self.shortlist, self.calendar = shortlist, calendar
        for row in (*shortlist.picked, *shortlist.page):
            chosen = shortlist.chosen.get(str(row.auditor.pk), "")
            # A choice that is no longer possible stays: the refusal says why.
            possible = [level for level in Level if level in row.functions or level == chosen]
            self.fields[self.name_of(row)] = forms.ChoiceField(
                label=_("Function of %(name)s") % {"name": row.auditor.name},
                choices=[
                    ("", _("not in the team")),
                    *((level.value, level.label) for level in possible),
                ],
                initial=chosen,
                required=False,
            )

    @staticmethod
    def name_of(row: Row) -> str:
        """Return the name of the field of one auditor."""
        return f"{PREFIX}{row.auditor.pk}"

    def _offers(self, rows: Iterable[Row]) -> list[Offer]:
        return [
            Offer(
                row,
                merits(row.candidate, row.need),
                self.calendar.of(row.auditor.pk),
                self[self.name_of(row)],
            )
            for row in rows
        ]

    @cached_property
    def picked(self) -> list[Offer]:
        """The chosen ones who are not on the page of the eligible."""
        return self._offers(self.shortlist.picked)

    @cached_property
    def offers(self) -> list[Offer]:
        """The eligible auditors of the page, best first."""
        return self._offers(self.shortlist.page)

    def act(self) -> Audit:
        """Propose everybody for whom a function was chosen."""
        wanted = {
            row.auditor.pk: function
            for row in (*self.shortlist.picked, *self.shortlist.page)
            if (function := self.cleaned_data[self.name_of(row)])
        }
        auditors = Auditor.objects.select_related("user").in_bulk(wanted)
        team: list[Place] = [
            {"auditor": auditors[pk], "function": function} for pk, function in wanted.items()
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

    def act(self) -> Audit:
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
