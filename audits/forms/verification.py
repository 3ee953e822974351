"""Checking corrective actions: accept, return, close, carry over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits import policies
from audits.services.correcting import STEPS, take_step
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import CorrectiveAction

CHECKS = {
    "accept_plan": _("Accept the plan"),
    "return_plan": _("Return the plan"),
    "close": _("Close as corrected"),
    "return_evidence": _("Ask for more"),
    "carry_over": _("Carry over to the next audit"),
}


def checks_for(action: CorrectiveAction, actor: User) -> list[str]:
    """Return the steps of checking that the actor may take now, in order."""
    held = policies.capacities(actor, action.finding.audit)
    return [
        name
        for name in CHECKS
        if action.status in STEPS[name].sources and not held.isdisjoint(STEPS[name].actors)
    ]


class CheckForm(ServiceForm):
    """Take one step of checking, as the corrective action was seen in its state."""

    seen = forms.CharField(widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=list(CHECKS.items()))
    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Needed to return, to carry over, and to close what is verified on site; "
            "the supplier reads it."
        ),
    )

    def __init__(self, *args: Any, action: CorrectiveAction, actor: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": action.status})
        super().__init__(*args, **kwargs)
        self.action, self.actor = action, actor

    def clean(self) -> dict[str, Any]:
        """Refuse when somebody else took a step since the page was opened."""
        data = super().clean() or self.cleaned_data
        if data.get("seen") != self.action.status:
            raise ValidationError(
                _("This corrective action has moved on in the meantime. Look at it again."),
                code="moved_on",
            )
        return data

    def act(self) -> CorrectiveAction:
        """Take the step."""
        data = self.cleaned_data
        return take_step(
            actor=self.actor, action=self.action, step=data["step"], comment=data["comment"]
        )
