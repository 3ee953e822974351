"""The review desk: comments per finding, then pass or send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.forms.moving import MoveForm
from audits.models import Audit
from audits.services.deciding import pass_review, send_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.models import Finding

PASS, BACK = "pass", "back"


class ReviewForm(MoveForm):
    """Pass the review, or send the report back with comments that the team has to answer."""

    verdict = forms.ChoiceField(
        choices=[(PASS, _("Pass the review")), (BACK, _("Send back to the team"))]
    )
    comment = forms.CharField(
        label=_("Overall comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed when the report goes back; the team and the record keep it."),
    )

    def __init__(self, *args: Any, findings: Sequence[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [finding.requirement.code for finding in findings]
        for code in self.codes:
            self.fields[f"on-{code}"] = forms.CharField(
                label=_("Comment on %(code)s") % {"code": code},
                max_length=2000,
                required=False,
                widget=forms.Textarea({"rows": 2, "class": "note"}),
            )

    @property
    def comments(self) -> dict[str, str]:
        """Return what was written, by code of the requirement."""
        return {
            code: text for code in self.codes if (text := self.cleaned_data[f"on-{code}"].strip())
        }

    def clean(self) -> dict[str, Any]:
        """Ask for the overall comment when the report goes back, and none per finding otherwise."""
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == BACK and not data.get("comment", "").strip():
            self.add_error("comment", _("Say in a sentence why the report goes back."))
        if data.get("verdict") == PASS and any(data.get(f"on-{code}") for code in self.codes):
            raise ValidationError(
                _(
                    "There are comments on findings, which only the team can answer. "
                    "Send the report back, or take the comments out."
                )
            )
        return data

    def move(self) -> Audit:
        """Pass or send back."""
        data = self.cleaned_data
        if data["verdict"] == PASS:
            return pass_review(
                actor=self.actor,
                audit=self.audit,
                comment=data["comment"],
                expected_version=data["version"],
            )
        return send_back(
            actor=self.actor,
            audit=self.audit,
            comment=data["comment"],
            comments=self.comments,
            expected_version=data["version"],
        )
