"""The supplier's forms of a corrective action: the plan, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.services.correcting import take_step

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import CorrectiveAction


def _long(label: Any, help_text: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class StepForm(forms.Form):
    """Take one step of a corrective action with the texts that it needs."""

    step: ClassVar[str]

    def __init__(self, *args: Any, action: CorrectiveAction, actor: User, **kwargs: Any) -> None:
        # After a return the texts written before are there to be improved.
        kwargs["initial"] = {name: getattr(action, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.action, self.actor = action, actor

    def save(self) -> CorrectiveAction | None:
        """Take the step; a refusal becomes an error of the form and None is returned."""
        try:
            return take_step(
                actor=self.actor, action=self.action, step=self.step, **self.cleaned_data
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None


class PlanForm(StepForm):
    """Say why it happened, what is put right, and what keeps it from happening again."""

    step = "plan"
    root_cause = _long(_("root cause"), _("Why did it happen? Ask why until nothing is behind it."))
    correction = _long(_("correction"), _("What do you do at once to put this case right?"))
    prevention = _long(_("prevention"), _("What do you change so that it does not come back?"))
    responsible = forms.CharField(
        label=_("responsible (function, not a name)"),
        help_text=_("For example: head of production, general-affairs section."),
        max_length=100,
    )


class EvidenceForm(StepForm):
    """Say what was done and what shows it."""

    step = "submit_evidence"
    evidence_note = _long(
        _("what was done"),
        _(
            "What was done, when, and which documents, records or photos show it. "
            "Keep them at hand; do not write workers' names."
        ),
        6,
    )


class ActionsFilter(forms.Form):
    """Which corrective actions are listed."""

    CHOICES = [
        ("awaited", _("not finished")),
        ("ours", _("waiting for you")),
        ("overdue", _("overdue")),
        ("all", _("all")),
    ]
    q = forms.CharField(
        label=_("Code, title or site"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    audit = forms.CharField(label=_("Audit number"), required=False, max_length=20)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=CHOICES)
