"""The forms of the documents: files and answers of the supplier, verdicts of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.content.names import one_line
from audits.forms.evidence import SeveralFilesField
from audits.models import Audit, Finding
from audits.services.documents import (
    accept_documents,
    answer_for,
    ask_for,
    flag_document,
    send_file,
)
from audits.standards.documents import LONGEST
from audits.terms import SupplierAnswer
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import RequestedDocument, SuppliedFile

ACCEPTED = "accepted"


class SendForm(forms.Form):
    """Send files for one document."""

    uploads = SeveralFilesField(label=_("Files"))

    def save(self, *, actor: User, audit: Audit, key: str) -> list[SuppliedFile]:
        """Keep each file that can be kept; every other one becomes an error with its name."""
        kept = []
        for file in self.cleaned_data["uploads"]:
            try:
                kept.append(
                    send_file(actor=actor, audit=audit, key=key, file=file, name=file.name or "")
                )
            except ValidationError as error:
                name = one_line(file.name or "")
                self.add_error("uploads", [f"{name}: {sentence}" for sentence in error.messages])
        return kept


class AnswerForForm(ServiceForm):
    """Say of one document that it is to be seen on site, or that there is none."""

    answer = forms.ChoiceField(choices=SupplierAnswer.choices)
    remark = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        help_text=_("Where it is kept, or why there is none. Do not write workers' names."),
    )

    def __init__(self, *args: Any, actor: User, audit: Audit, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit, self.key = actor, audit, key

    def act(self) -> list[RequestedDocument]:
        """Keep the answer."""
        return answer_for(
            actor=self.actor,
            audit=self.audit,
            keys=[self.key],
            answer=SupplierAnswer(self.cleaned_data["answer"]),
            remark=self.cleaned_data["remark"],
        )


class TickedForm(ServiceForm):
    """What is said of several ticked documents at once: an answer, or for the team "accepted"."""

    said = forms.ChoiceField(choices=[(ACCEPTED, ""), *SupplierAnswer.choices])

    def __init__(
        self, *args: Any, actor: User, audit: Audit, ticked: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit, self.ticked = actor, audit, ticked

    def act(self) -> list[RequestedDocument]:
        """Say it of each."""
        said = self.cleaned_data["said"]
        if said == ACCEPTED:
            return accept_documents(actor=self.actor, audit=self.audit, keys=self.ticked)
        return answer_for(
            actor=self.actor, audit=self.audit, keys=self.ticked, answer=SupplierAnswer(said)
        )


class FlagForm(ServiceForm):
    """Say why a document is not sufficient."""

    reason = forms.CharField(
        label=_("What is missing"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The supplier reads it and can send another file. Name no worker."),
    )

    def __init__(self, *args: Any, actor: User, audit: Audit, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit, self.key = actor, audit, key

    def act(self) -> RequestedDocument:
        """Flag the document."""
        return flag_document(
            actor=self.actor, audit=self.audit, key=self.key, reason=self.cleaned_data["reason"]
        )


class AskForm(ServiceForm):
    """Ask for a document that the standard does not name."""

    name = forms.CharField(label=_("Document"), max_length=LONGEST)
    code = forms.ChoiceField(label=_("Requirement"), required=False)

    def __init__(self, *args: Any, actor: User, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.audit = actor, audit
        codes = (
            Finding.objects.filter(audit=audit)
            .order_by("requirement__order")
            .values_list("requirement__code", flat=True)
        )
        self.fields["code"].choices = [("", _("None in particular")), *((c, c) for c in codes)]  # type: ignore[attr-defined]  # a choice

    def act(self) -> RequestedDocument:
        """Ask for it."""
        return ask_for(actor=self.actor, audit=self.audit, **self.cleaned_data)
