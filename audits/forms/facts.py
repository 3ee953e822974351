"""The form of disputing facts: one tick and one reason per finding, kept or sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.services.commenting import LONGEST, keep_comments
from audits.services.deciding import dispute
from audits.terms import Act, Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField

    from accounts.models import User
    from audits.models import Audit, Finding


class DisputeForm(forms.Form):
    """Say which findings are wrong in fact, and why, one by one; `kept` was written before.

    With the button `keep` what was written is only kept, however unfinished it is.
    """

    def __init__(
        self,
        *args: Any,
        audit: Audit,
        findings: Sequence[Finding],
        actor: User,
        kept: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {f"why-{code}": text for code, text in kept.items()} | {
            f"tick-{code}": True for code in kept
        }
        super().__init__(*args, **kwargs)
        self.audit, self.findings, self.actor, self.kept = audit, findings, actor, kept
        for finding in findings:
            code = finding.requirement.code
            rows = 2 if finding.judgement == Judgement.CONFORMING else 3
            self.fields[f"tick-{code}"] = forms.BooleanField(
                label=_("These facts are wrong"), required=False
            )
            self.fields[f"why-{code}"] = forms.CharField(
                label=_("What is wrong, and what is right"),
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": rows}),
            )

    @property
    def rows(self) -> list[tuple[Finding, BoundField, BoundField]]:
        """Return each finding with its tick and its reason."""
        return [
            (row, self[f"tick-{row.requirement.code}"], self[f"why-{row.requirement.code}"])
            for row in self.findings
        ]

    @property
    def keeping(self) -> bool:
        """Say whether what was written is to be kept, not sent."""
        return "keep" in self.data

    def clean(self) -> dict[str, Any]:
        """Refuse a tick without a reason, a reason without a tick, and nothing at all."""
        data: dict[str, Any] = super().clean() or {}
        if self.keeping:
            return data
        self.disputes: dict[str, str] = {}
        for finding in self.findings:
            code = finding.requirement.code
            ticked, why = data.get(f"tick-{code}"), data.get(f"why-{code}", "").strip()
            if ticked and why:
                self.disputes[code] = why
            elif ticked:
                self.add_error(f"why-{code}", _("Say what is wrong: the team will check it."))
            elif why:
                self.add_error(
                    f"tick-{code}", _("Tick the box to dispute this finding, or clear the reason.")
                )
        if not self.disputes and not self.errors:
            raise ValidationError(
                _("No finding is ticked. Tick what is wrong, or accept the facts instead.")
            )
        return data

    def save(self) -> Audit | None:
        """Dispute, or keep; a refusal becomes an error of the form and None is returned."""
        try:
            if self.keeping:
                codes = [finding.requirement.code for finding in self.findings]
                texts = {code: self.cleaned_data[f"why-{code}"] for code in codes}
                keep_comments(actor=self.actor, audit=self.audit, act=Act.DISPUTE, texts=texts)
                return self.audit
            return dispute(actor=self.actor, audit=self.audit, disputes=self.disputes)
        except ValidationError as error:
            self.add_error(None, error)
            return None
