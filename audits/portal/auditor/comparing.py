"""Two versions of one finding side by side: what was typed and what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audits.services.fieldwork import FIELDS
from audits.terms import Judgement, Method, Severity

if TYPE_CHECKING:
    from audits.forms.findings import FindingForm
    from audits.models import Finding

WORDS = {
    "judgement": dict(Judgement.choices),
    "severity": dict(Severity.choices),
    "methods": dict(Method.choices),
}


@dataclass(frozen=True)
class Difference:
    """One field that differs: its label, my version and theirs in words."""

    label: str
    mine: str
    theirs: str


def differences(form: FindingForm, stored: Finding) -> list[Difference]:
    """Return the fields in which a valid form differs from what is stored, in the card's order."""
    return [
        Difference(
            label=str(form.fields[name].label),
            mine=words_of(name, form.cleaned_data[name]),
            theirs=words_of(name, getattr(stored, name)),
        )
        for name in FIELDS
        if form.cleaned_data[name] != getattr(stored, name)
    ]


def words_of(name: str, value: Any) -> str:
    """Return the value of a field of a finding in words."""
    words = WORDS.get(name, {})
    values = value if isinstance(value, list) else [value]
    return "、".join(str(words.get(one, one)) for one in values if one)
