"""The forms of a finding: the card of the fieldwork, and the answer to a comment on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.models import Finding, FindingComment
from audits.services.fieldwork import (
    FIELDS,
    LONGEST,
    StaleFindingError,
    answer_comment,
    save_finding,
)
from audits.terms import Judgement, Method, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User


class Prose(forms.CharField):
    """A text of several lines, kept as typed but for the line ends, which browsers send as CRLF."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(required=False, strip=False, max_length=LONGEST, **kwargs)

    def to_python(self, value: object) -> str:
        """Return the text with plain line ends."""
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class Codes(forms.MultipleChoiceField):
    """Codes of clauses; whether they belong to the requirement is the service's question."""

    def valid_value(self, value: object) -> bool:
        """Leave it to the service, which looks them up anyway."""
        return isinstance(value, str) and len(value) <= 12


class FindingForm(forms.Form):
    """Write one finding as it was seen at `version`.

    `over` is the version that somebody, having compared, decides to replace; it wins over `version`.
    """

    version = forms.IntegerField(min_value=1)
    over = forms.IntegerField(min_value=1, required=False)
    judgement = forms.ChoiceField(label=_("Judgement"), choices=Judgement.choices, required=False)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", ""), *Severity.choices], required=False
    )
    methods = forms.MultipleChoiceField(
        label=pgettext_lazy("finding", "How it was seen"), choices=Method.choices, required=False
    )
    clauses_not_met = Codes(label=_("Clauses not met"), required=False)
    report_text = Prose(label=_("Finding (printed in the report)"))
    working_note = Prose(label=_("Working note (team and reviewer only)"))
    reason = Prose(label=_("Reason"), rows=2)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        self.finding = finding
        kwargs.setdefault("initial", {name: getattr(finding, name) for name in FIELDS})
        kwargs["initial"].setdefault("version", finding.version)
        if not kwargs["initial"].get("severity"):
            # What the standard says is ticked beforehand; it counts only for a nonconformity.
            kwargs["initial"]["severity"] = finding.requirement.severity
        super().__init__(*args, **kwargs)

    def clean_judgement(self) -> str:
        """Return the judgement; no button pressed means not yet assessed."""
        return self.cleaned_data["judgement"] or Judgement.UNASSESSED

    def clean(self) -> dict[str, Any]:
        """A severity belongs to a nonconformity only."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("judgement") != Judgement.NONCONFORMING:
            data["severity"] = ""
        return data

    def save(self, *, actor: User) -> Finding | None:
        """Save; raises StaleFindingError when somebody else saved in the meantime.

        Any other refusal becomes an error of the form and None is returned.
        """
        version = self.cleaned_data.get("over") or self.cleaned_data["version"]
        fields = {name: self.cleaned_data[name] for name in FIELDS}
        try:
            return save_finding(actor=actor, finding=self.finding, version=version, **fields)
        except StaleFindingError:
            raise
        except ValidationError as error:
            self.add_error(None, error)
            return None

    @property
    def sentences(self) -> Iterable[str]:
        """Return what is wrong as sentences, with the field's name before those of a field."""
        for name, errors in self.errors.items():
            label = f"{self.fields[name].label}: " if name in self.fields else ""
            yield from (f"{label}{error}" for error in errors)


class AnswerForm(forms.Form):
    """Answer a review comment or a dispute."""

    text = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST
    )

    def __init__(self, *args: Any, comment: FindingComment, **kwargs: Any) -> None:
        self.comment = comment
        kwargs.setdefault("auto_id", f"id_answer{comment.pk}_%s")
        super().__init__(*args, **kwargs)

    def save(self, *, actor: User) -> FindingComment | None:
        """Answer; a refusal becomes an error of the form and None is returned."""
        try:
            return answer_comment(actor=actor, comment=self.comment, text=self.cleaned_data["text"])
        except ValidationError as error:
            self.add_error(None, error)
            return None
