"""The forms of an offer: accept with the conflict declaration, or decline with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.models import TeamMember
from audits.services.teams import accept_offer, decline_offer
from audits.terms import Threat

if TYPE_CHECKING:
    from accounts.models import User

# What each threat means, in the words in which an auditor can answer it.
QUESTIONS = {
    Threat.SELF_INTEREST: _(
        "Would you, your family or your office gain or lose by the result: shares, loans, fees "
        "that depend on it, a job in prospect?"
    ),
    Threat.SELF_REVIEW: _(
        "In the last 24 months, have you or anybody of your office advised, trained or pre-audited "
        "this company, kept its payroll or drawn up its work rules?"
    ),
    Threat.FAMILIARITY: _(
        "Are you related to, a friend of, or for long close to somebody who manages this company?"
    ),
    Threat.INTIMIDATION: _(
        "Has anybody pressed you, or do you have to fear a disadvantage if the result displeases?"
    ),
}
YES_NO = [("no", pgettext_lazy("declaration", "No")), ("yes", pgettext_lazy("declaration", "Yes"))]


class AcceptForm(forms.Form):
    """Accept a place in a team and sign the declaration on the four threats to impartiality."""

    threats = tuple(Threat.values)

    def __init__(self, *args: Any, member: TeamMember, **kwargs: Any) -> None:
        self.member = member
        super().__init__(*args, **kwargs)
        for threat, question in QUESTIONS.items():
            self.fields[threat.value] = forms.ChoiceField(
                label=threat.label,
                help_text=question,
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer with yes or no.")},
            )
        self.fields["note"] = forms.CharField(
            label=_("Note"),
            help_text=_("After a yes: what it is about. The coordinator decides what follows."),
            widget=forms.Textarea(attrs={"rows": 3}),
            max_length=1000,
            required=False,
        )
        self.fields["signed"] = forms.BooleanField(
            label=_("I have answered truthfully and will report at once if anything changes."),
            error_messages={"required": _("Sign the declaration by ticking this box.")},
        )

    def clean(self) -> dict[str, Any]:
        """A yes without a note would leave the coordinator guessing."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        yes = any(data.get(threat) == "yes" for threat in Threat.values)
        if yes and not data.get("note", "").strip():
            self.add_error("note", _("Say in a sentence what the yes is about."))
        return data

    def save(self, *, actor: User) -> TeamMember | None:
        """Accept; a refusal becomes an error of the form and None is returned."""
        try:
            return accept_offer(
                actor=actor,
                member=self.member,
                declaration={name: self.cleaned_data[name] == "yes" for name in Threat.values},
                note=self.cleaned_data["note"].strip(),
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None


class DeclineForm(forms.Form):
    """Decline a place in a team."""

    reason = forms.CharField(
        label=_("Reason for declining"),
        help_text=_("The coordinator reads it and looks for somebody else."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
    )

    def __init__(self, *args: Any, member: TeamMember, **kwargs: Any) -> None:
        self.member = member
        super().__init__(*args, **kwargs)

    def save(self, *, actor: User) -> TeamMember | None:
        """Decline; a refusal becomes an error of the form and None is returned."""
        try:
            return decline_offer(
                actor=actor, member=self.member, reason=self.cleaned_data["reason"]
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None
