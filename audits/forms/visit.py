"""The forms of the visit: the interview sample, its end, the signature of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.models import Audit, InterviewSample
from audits.services.fieldwork import record_sample, sign
from suppliers.terms import Language

if TYPE_CHECKING:
    from accounts.models import User


class SampleForm(forms.Form):
    """How many workers of one stratum and language were to be, and were, interviewed."""

    stratum = forms.CharField(label=_("Stratum"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    planned = forms.IntegerField(label=_("Planned"), min_value=0, max_value=999, required=False)
    done = forms.IntegerField(label=_("Done"), min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("planned", "done"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        """Counts belong to a named group."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (data.get("planned") or data.get("done")) and not data.get("stratum", "").strip():
            self.add_error("stratum", _("Name the group, never a person."))
        return data

    def save(self, *, actor: User, audit: Audit) -> InterviewSample | None:
        """Record the row; one without counts that was never recorded is left out."""
        data = self.cleaned_data
        planned, done = data.get("planned") or 0, data.get("done") or 0
        if not data["stratum"] or (not planned and not done and not self.initial.get("recorded")):
            return None
        return record_sample(
            actor=actor,
            audit=audit,
            stratum=data["stratum"],
            language=data["language"],
            planned=planned,
            done=done,
        )


SampleFormSet = forms.formset_factory(SampleForm, extra=0, max_num=60, absolute_max=80)


class SignForm(forms.Form):
    """Sign the report."""

    confirmed = forms.BooleanField(
        label=_("I have read the findings and sign them as lead auditor."),
        error_messages={"required": _("Tick the box to sign.")},
    )

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        self.audit = audit
        super().__init__(*args, **kwargs)

    def save(self, *, actor: User) -> Audit | None:
        """Sign; a refusal becomes an error of the form and None is returned."""
        try:
            return sign(actor=actor, audit=self.audit)
        except ValidationError as error:
            self.add_error(None, error)
            return None
