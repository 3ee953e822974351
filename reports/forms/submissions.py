"""The form with which a supplier answers what a target asks for, and has the papers made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.snapshot.submissions import Answer
from reports.tasks import queue_submission
from suppliers.forms.fields import DayField
from ui.forms import ServiceForm
from ui.language import active_language

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.models import User
    from audits.models import Result
    from reports.models import SubmissionFile, SubmissionTarget


@dataclass(frozen=True)
class Group:
    """The fields of one requirement, as the page shows them."""

    text: str
    proof: str
    met: BoundField
    details: list[BoundField]


class SubmissionForm(ServiceForm):
    """Answer each requirement of the target or leave it open."""

    made: SubmissionFile
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, result: Result, target: SubmissionTarget, actor: User, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"seen": target.version})
        super().__init__(*args, **kwargs)
        self.result, self.target, self.actor = result, target, actor
        for row in target.requirements:
            code = row["code"]
            self.fields[f"{code}_met"] = forms.BooleanField(
                label=_("We meet this and can prove it"), required=False
            )
            self.fields[f"{code}_paper"] = forms.CharField(
                label=_("Which paper proves it"), required=False, max_length=200
            )
            if row["asks_day"]:
                self.fields[f"{code}_day"] = DayField(label=_("Day"), required=False)
            if row["asks_address"]:
                self.fields[f"{code}_address"] = forms.URLField(
                    label=_("Address (URL)"),
                    required=False,
                    max_length=300,
                    assume_scheme="https",
                )

    @property
    def groups(self) -> list[Group]:
        """Return the fields by requirement."""
        language = active_language()
        names = ("paper", "day", "address")
        return [
            Group(
                row["text"][language] or row["text"]["ja"],
                row["proof"][language] or row["proof"]["ja"],
                self[f"{row['code']}_met"],
                [
                    self[f"{row['code']}_{name}"]
                    for name in names
                    if f"{row['code']}_{name}" in self.fields
                ],
            )
            for row in self.target.requirements
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the paper that proves what is met, and refuse a day ahead."""
        data = super().clean() or self.cleaned_data
        for row in self.target.requirements:
            code = row["code"]
            if data.get(f"{code}_met") and not data.get(f"{code}_paper"):
                self.add_error(
                    f"{code}_paper",
                    _(
                        "Say which paper proves it, or take the tick away: it is then not confirmed."
                    ),
                )
            day = data.get(f"{code}_day")
            if day and day > timezone.localdate():
                self.add_error(f"{code}_day", _("This day has not come yet."))
        return data

    def act(self) -> SubmissionFile:
        """Have the papers made."""
        data = self.cleaned_data
        return queue_submission(
            actor=self.actor,
            result=self.result,
            target=self.target,
            seen=data["seen"],
            answers={
                row["code"]: Answer(
                    met=data[f"{row['code']}_met"],
                    paper=data[f"{row['code']}_paper"],
                    day=data.get(f"{row['code']}_day"),
                    address=data.get(f"{row['code']}_address", ""),
                )
                for row in self.target.requirements
            },
        )
