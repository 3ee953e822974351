"""The form of a submission target, with a line for each further requirement and some empty ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import SubmissionTarget
from reports.services.targets import (
    MOST_MONTHS,
    MOST_REQUIREMENTS,
    add_target,
    change_target,
)
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.models import User

# Empty lines for further requirements.
SPARE = 2
TEXTS = (
    ("text_ja", _("Requirement (Japanese)")),
    ("text_en", _("Requirement (English)")),
    ("proof_ja", _("What proves it (Japanese)")),
    ("proof_en", _("What proves it (English)")),
)
ASKS = (("asks_day", _("ask for a day")), ("asks_address", _("ask for an address (URL)")))


class TargetFields(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """The plain fields, as the model describes them."""

    class Meta:
        model = SubmissionTarget
        fields = (
            "name_ja",
            "name_en",
            "recipient_ja",
            "recipient_en",
            "minimum_months",
            "cover_language",
            "statement_language",
            "report_language",
            "active",
        )


class TargetForm(ServiceForm):
    """Add a target, or change one, with a reason."""

    made: SubmissionTarget

    def __init__(
        self, *args: Any, actor: User, target: SubmissionTarget | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.target = actor, target
        shown = TargetFields(instance=target)
        self.plain = list(shown.fields)
        self.fields.update(shown.fields)
        self.fields["minimum_months"].max_value = MOST_MONTHS  # type: ignore[attr-defined]  # a number
        self.initial = {**shown.initial, **(kwargs.get("initial") or {})}
        rows = target.requirements if target else []
        self.codes = [row["code"] for row in rows]
        self.codes += [""] * min(SPARE, MOST_REQUIREMENTS - len(rows))
        for place, code in enumerate(self.codes):
            row = rows[place] if code else None
            for name, label in TEXTS:
                part, language = name.split("_")
                self.fields[f"{name}_{place}"] = forms.CharField(
                    label=label, required=False, max_length=200
                )
                self.initial[f"{name}_{place}"] = row[part][language] if row else ""
            for name, label in ASKS:
                self.fields[f"{name}_{place}"] = forms.BooleanField(label=label, required=False)
                self.initial[f"{name}_{place}"] = bool(row and row[name])
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
        self.initial["seen"] = target.version if target else 0

    @property
    def plain_fields(self) -> list[BoundField]:
        """Return the fields beside the requirements."""
        return [self[name] for name in self.plain]

    @property
    def lines(self) -> list[list[BoundField]]:
        """Return the fields of each requirement."""
        names = [name for name, _label in (*TEXTS, *ASKS)]
        return [[self[f"{name}_{place}"] for name in names] for place in range(len(self.codes))]

    def act(self) -> SubmissionTarget:
        """Add or change the target."""
        data = self.cleaned_data
        values = {name: data[name] for name in self.plain}
        values["requirements"] = [
            {
                "code": code,
                "text": {"ja": data[f"text_ja_{place}"], "en": data[f"text_en_{place}"]},
                "proof": {"ja": data[f"proof_ja_{place}"], "en": data[f"proof_en_{place}"]},
                "asks_day": data[f"asks_day_{place}"],
                "asks_address": data[f"asks_address_{place}"],
            }
            for place, code in enumerate(self.codes)
            # A line without any text is taken out.
            if any(data[f"{name}_{place}"] for name, _label in TEXTS)
        ]
        if self.target is None:
            return add_target(actor=self.actor, values=values, reason=data["reason"])
        return change_target(
            actor=self.actor,
            target=self.target,
            values=values,
            reason=data["reason"],
            seen=data["seen"],
        )
