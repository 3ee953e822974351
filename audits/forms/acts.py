"""The form of acts that need no more than a comment: one form for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.services.perform import perform
from audits.terms import Act
from audits.workflow import TRANSITIONS

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit

# Acts that have a page of their own because they need more than a comment.
WITH_OWN_PAGE = (
    Act.SUBMIT,
    Act.ACCEPT,
    Act.PROPOSE_TEAM,
    Act.SCHEDULE,
    Act.FINISH_VISIT,
    Act.SIGN,
    Act.SEND_BACK,
    Act.DISPUTE,
    Act.ISSUE,
)


class ActForm(forms.Form):
    """Do an act on an audit as it was seen at `version`, with a comment where the act asks for one."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )

    def __init__(self, *args: Any, audit: Audit, act: Act, actor: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": audit.version})
        kwargs.setdefault("auto_id", f"id_{act}_%s")
        super().__init__(*args, **kwargs)
        self.audit, self.act, self.actor = audit, act, actor
        self.row = TRANSITIONS[act]
        if self.row.comment:
            self.fields["comment"].required = True
        else:
            del self.fields["comment"]

    def save(self) -> Audit | None:
        """Do it; a refusal becomes an error of the form and None is returned."""
        try:
            return perform(
                self.audit,
                self.act,
                actor=self.actor,
                comment=self.cleaned_data.get("comment", ""),
                expected_version=self.cleaned_data["version"],
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None
