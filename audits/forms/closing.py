"""The form of the closing meeting: an answer to each finding, who answered, and the signature."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.services.meetings import LONGEST, findings_to_tell, hold_closing, seal_of
from audits.signatures import path_of
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.models import User
    from audits.models import Audit, ClosingMeeting, Told

CONTESTED = "contested"
ANSWERS = (
    ("acknowledged", pgettext_lazy("finding", "Acknowledged")),
    (CONTESTED, pgettext_lazy("finding", "Contested")),
)


class ClosingForm(ServiceForm):
    """Go through the list with the site's representative, and have it signed.

    `before` is the meeting that this one replaces, if there is one.
    """

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)
    held_at = forms.DateTimeField(
        label=_("Closing meeting held at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    representative = forms.CharField(
        label=_("Name of the site's representative"),
        help_text=_("The one person of the management who answers for the site; never a worker."),
        max_length=100,
    )
    function = forms.CharField(
        label=pgettext_lazy("representative", "Function"),
        help_text=_("Such as plant manager."),
        max_length=100,
    )
    remarks = forms.CharField(
        label=_("What else was said"),
        help_text=_("Functions instead of names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        required=False,
    )
    reason = forms.CharField(
        label=_("Why the closing meeting is held again"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST,
    )
    typed = forms.CharField(
        label=_("Sign by typing the name"),
        help_text=_("The representative types the name as above."),
        max_length=100,
        required=False,
    )
    strokes = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        actor: User,
        audit: Audit,
        told: list[Told] | None = None,
        before: ClosingMeeting | None = None,
        **kwargs: Any,
    ) -> None:
        self.actor, self.audit, self.before = actor, audit, before
        self.told = findings_to_tell(audit) if told is None else told
        kwargs.setdefault("initial", {"seal": seal_of(self.told), "held_at": timezone.now()})
        super().__init__(*args, **kwargs)
        if before is None:
            del self.fields["reason"]
        for row in self.told:
            self.fields[f"answer-{row.code}"] = forms.ChoiceField(
                label=row.code,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("Ask whether it is acknowledged or contested.")},
            )
            self.fields[f"words-{row.code}"] = forms.CharField(
                label=_("In the representative's words"),
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=LONGEST,
                required=False,
            )

    @property
    def rows(self) -> list[tuple[Told, BoundField, BoundField]]:
        """Return each finding of the list with its answer and the words."""
        return [(row, self[f"answer-{row.code}"], self[f"words-{row.code}"]) for row in self.told]

    def clean_strokes(self) -> str:
        """Return the strokes if a signature can be drawn from them."""
        path_of(self.cleaned_data["strokes"])
        return str(self.cleaned_data["strokes"])

    def clean(self) -> dict[str, Any]:
        """Contested needs words, and words mean contested; there is a signature."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.contested: dict[str, str] = {}
        for row in self.told:
            answer, words = data.get(f"answer-{row.code}"), data.get(f"words-{row.code}", "")
            if answer == CONTESTED:
                self.contested[row.code] = words
                if not words.strip():
                    self.add_error(
                        f"words-{row.code}",
                        _("Write down in the representative's words what is contested."),
                    )
            elif words.strip():
                self.add_error(
                    f"answer-{row.code}",
                    _("There are words but it is not contested. Contest it, or clear the words."),
                )
        if "strokes" in data and not path_of(data["strokes"]):
            typed, name = _folded(data.get("typed", "")), _folded(data.get("representative", ""))
            if not typed:
                self.add_error("typed", _("The representative signs: draw it, or type the name."))
            elif name and typed != name:
                self.add_error("typed", _("This is not the name of the representative above."))
        return data

    def act(self) -> ClosingMeeting:
        """Record it."""
        names = ("seal", "held_at", "representative", "function", "remarks", "strokes")
        return hold_closing(
            actor=self.actor,
            audit=self.audit,
            contested=self.contested,
            reason=self.cleaned_data.get("reason", ""),
            **{name: self.cleaned_data[name] for name in names},
        )

    def seal_anew(self) -> None:
        """Show the list as it stands now under what was typed, after it had changed."""
        self.data = dict(self.data.items()) | {"seal": seal_of(self.told)}


def _folded(text: str) -> str:
    """Return a name without the blanks between its parts and the widths of its letters."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
