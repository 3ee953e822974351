"""The forms of the interviews: counts by group, interpreters, sealed notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audits.models import Audit, Interpreter, InterviewNote, InterviewSample
from audits.personal_data import refuse_personal_data
from audits.services.interviews import (
    LONGEST_NOTE,
    add_interpreter,
    explain_shortfall,
    record_sample,
    write_note,
)
from audits.terms import Employer, InterviewForm
from suppliers.terms import Language
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

COUNTS = ("planned", "done", "done_in_groups")


class SampleForm(forms.Form):
    """How many workers of one stratum and language were to be, and were, interviewed."""

    stratum = forms.CharField(label=_("Stratum"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    across = forms.BooleanField(required=False, widget=forms.HiddenInput)
    planned = forms.IntegerField(label=_("Planned"), min_value=0, max_value=999, required=False)
    done = forms.IntegerField(label=_("Done"), min_value=0, max_value=999, required=False)
    done_in_groups = forms.IntegerField(
        label=_("Of these in group interviews"), min_value=0, max_value=999, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in COUNTS:
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_stratum(self) -> str:
        """A group is named, never a person."""
        stratum = str(self.cleaned_data["stratum"]).strip()
        refuse_personal_data(stratum)
        return stratum

    def clean(self) -> dict[str, Any]:
        """Counts belong to a named group, and those in groups are among those done."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        counted = any(data.get(name) for name in COUNTS)
        if counted and not data.get("stratum") and "stratum" not in self.errors:
            self.add_error("stratum", _("Name the group, never a person."))
        if (data.get("done_in_groups") or 0) > (data.get("done") or 0):
            self.add_error("done_in_groups", _("More were heard in groups than were heard at all."))
        return data

    def save(self, *, actor: User, audit: Audit) -> InterviewSample | None:
        """Record the row; one without counts that was never recorded is left out."""
        data = self.cleaned_data
        counts = {name: data.get(name) or 0 for name in COUNTS}
        if not data["stratum"] or (not any(counts.values()) and not self.initial.get("recorded")):
            return None
        return record_sample(
            actor=actor,
            audit=audit,
            stratum=data["stratum"],
            language=data["language"],
            across=data["across"],
            **counts,
        )


SampleFormSet = forms.formset_factory(SampleForm, extra=0, max_num=60, absolute_max=80)


class ShortfallForm(ServiceForm):
    """Say why fewer interviews were held than the rule or the plan asks for."""

    refused_at = "reason"

    reason = forms.CharField(
        label=_("Reason for fewer interviews"),
        help_text=_("Read by the reviewer, not printed in the report. Name no worker."),
        widget=forms.Textarea({"rows": 2}),
        max_length=1000,
    )

    def __init__(self, *args: Any, actor: User, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit = actor, audit

    def act(self) -> Audit:
        """Keep the reason."""
        return explain_shortfall(
            actor=self.actor, audit=self.audit, reason=self.cleaned_data["reason"]
        )


class InterpreterForm(ServiceForm):
    """Who interprets the interviews in one language, and who employs the interpreter."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[row for row in Language.choices if row[0] != "ja"]
    )
    employer = forms.ChoiceField(label=_("Employed by"), choices=Employer.choices)
    employer_name = forms.CharField(
        label=_("Name of the employer"),
        max_length=100,
        required=False,
        help_text=_("The organisation, not the person."),
    )
    conflict = forms.CharField(
        label=_("Statement of the conflict"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Only if the site or its broker employs the interpreter: why nobody else came."
        ),
    )

    def __init__(self, *args: Any, actor: User, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit = actor, audit

    def act(self) -> Interpreter:
        """Record the interpreter."""
        data = self.cleaned_data
        return add_interpreter(
            actor=self.actor,
            audit=self.audit,
            language=Language(data["language"]),
            employer=Employer(data["employer"]),
            employer_name=data["employer_name"],
            conflict=data["conflict"],
        )


class NoteForm(ServiceForm):
    """Keep a sealed note of one interview."""

    refused_at = "text"

    stratum = forms.ChoiceField(label=_("Stratum"))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    form = forms.ChoiceField(label=_("Form"), choices=InterviewForm.choices)
    text = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Write the group, never a name, a number or anything that leads to a person."),
    )
    sure = forms.BooleanField(
        label=_("I have looked at these passages: none of them names a worker."), required=False
    )

    def __init__(
        self, *args: Any, actor: User, audit: Audit, strata: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit = actor, audit
        self.fields["stratum"].choices = [(name, name) for name in dict.fromkeys(strata)]  # type: ignore[attr-defined]  # a choice

    @property
    def warned(self) -> bool:
        """Say whether the text was, now or before, said to look like a name."""
        return bool(self.data.get("sure")) or (self.is_bound and self.has_error("text", "name"))

    def act(self) -> InterviewNote:
        """Keep the note, or warn."""
        data = self.cleaned_data
        return write_note(
            actor=self.actor,
            audit=self.audit,
            stratum=data["stratum"],
            language=Language(data["language"]),
            form=InterviewForm(data["form"]),
            text=data["text"],
            sure=data["sure"],
        )
