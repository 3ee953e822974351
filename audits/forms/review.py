"""The review desk: comments per finding, kept as they are saved, then pass or send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.forms.moving import MoveForm
from audits.models import Audit
from audits.services.commenting import LONGEST, WHOLE, keep_comments
from audits.services.deciding import pass_review, send_back
from audits.services.reviewing import release_review
from audits.terms import Act
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from accounts.models import User
    from audits.models import Finding

PASS, BACK, KEEP = "pass", "back", "keep"


class ReviewForm(MoveForm):
    """Pass the review, send the report back with comments to be answered, or only keep them.

    `kept` is what was saved before: it counts for the findings that the page did not show.
    """

    verdict = forms.ChoiceField(
        choices=[
            (PASS, _("Pass the review")),
            (BACK, _("Send back to the team")),
            (KEEP, _("Save the comments")),
        ]
    )
    comment = forms.CharField(
        label=_("Overall comment"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed when the report goes back; the team and the record keep it."),
    )

    def __init__(
        self, *args: Any, findings: Sequence[Finding], kept: Mapping[str, str], **kwargs: Any
    ) -> None:
        self.kept = kept
        self.codes = [finding.requirement.code for finding in findings]
        initial = {f"on-{code}": text for code, text in kept.items() if code != WHOLE}
        kwargs["initial"] = {"comment": kept.get(WHOLE, ""), **initial}
        super().__init__(*args, **kwargs)
        for code in self.codes:
            self.fields[f"on-{code}"] = forms.CharField(
                label=_("Comment on %(code)s") % {"code": code},
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea({"rows": 2, "class": "note"}),
            )

    @property
    def written(self) -> dict[str, str]:
        """Return what was on the page, by code; blank where nothing stands any more."""
        return {
            code: self.cleaned_data.get(f"on-{code}", "").strip()
            for code in self.codes
            if f"on-{code}" in self.data
        }

    @property
    def comments(self) -> dict[str, str]:
        """Return every comment on a finding, by code: of this page and kept from before."""
        texts = {code: self.kept.get(code, "") for code in self.codes} | self.written
        return {code: text for code, text in texts.items() if text}

    def clean(self) -> dict[str, Any]:
        """Ask for the overall comment when the report goes back, and none per finding otherwise."""
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == BACK and not data.get("comment", "").strip():
            self.add_error("comment", _("Say in a sentence why the report goes back."))
        if data.get("verdict") == PASS and self.comments:
            raise ValidationError(
                _(
                    "There are comments on findings (%(codes)s), which only the team can answer. "
                    "Send the report back, or take the comments out."
                ),
                params={"codes": ", ".join(self.comments)},
            )
        return data

    def act(self) -> Audit:
        """Pass, send back, or keep what was written for later."""
        data = self.cleaned_data
        if data["verdict"] == KEEP:
            texts = self.written | {WHOLE: data["comment"]}
            keep_comments(actor=self.actor, audit=self.audit, act=Act.SEND_BACK, texts=texts)
            return self.audit
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


class ReleaseForm(ServiceForm):
    """Release a review that was taken; only who took it need not say why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The reviewers and the secretariat read it."),
    )

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor
        self.fields["reason"].required = audit.reviewer_id != actor.pk

    def act(self) -> object:
        """Release it."""
        return release_review(
            actor=self.actor, audit=self.audit, reason=self.cleaned_data["reason"]
        )
