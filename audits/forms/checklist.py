"""The form of the documents checklist: an answer for each document, and files that go with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audits.content.names import one_line
from audits.forms.evidence import SeveralFilesField
from audits.models import SuppliedFile
from audits.services import applying
from audits.services.checklist import send_with_application
from audits.services.taking_back import take_back
from audits.terms import Document, DocumentAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms.boundfield import BoundField

    from accounts.models import User
    from audits.models import Audit
    from audits.services.checklist import Line


@dataclass(frozen=True)
class Row:
    """One document on the page: what is known of it, the answers and the input for files."""

    line: Line
    answer: BoundField
    files: BoundField


class ChecklistForm(forms.Form):
    """Answer for each document of the checklist; what is left out can be answered later.

    Beside the answers stand the files that are sent with the application. With "take_back" (the
    key of a file) or "send" the answers are kept as well and the page is shown again.
    """

    take_back = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, audit: Audit, actor: User, **kwargs: Any) -> None:
        kwargs["initial"] = audit.documents
        super().__init__(*args, **kwargs)
        self.audit, self.actor = audit, actor
        for document in Document:
            self.fields[document.value] = forms.ChoiceField(
                label=document.label,
                choices=DocumentAnswer.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[_files(document)] = SeveralFilesField(label=_("Files"), required=False)

    @property
    def stays(self) -> bool:
        """Say whether the page is to be shown again after what was asked for."""
        return "send" in self.data or bool(self.data.get("take_back"))

    def lines(self, known: Iterable[Line]) -> list[Row]:
        """Return the documents with their fields, in the order of the checklist."""
        return [Row(line, self[line.document.value], self[_files(line.document)]) for line in known]

    def save(self) -> Audit:
        """Keep the answers and each file that can be kept; every other one becomes an error."""
        given = {row: self.cleaned_data[row] for row in Document if self.cleaned_data[row]}
        # Nothing is unsaid by leaving it out: a colleague, or another tab, may have answered it.
        documents = self.audit.documents | {row.value: answer for row, answer in given.items()}
        audit = applying.fill_in(actor=self.actor, audit=self.audit, documents=documents)
        for document in Document:
            self._send(audit, document)
        self._take_back(self.cleaned_data["take_back"])
        audit.refresh_from_db(fields=["documents"])
        return audit

    def _send(self, audit: Audit, document: Document) -> None:
        for file in self.cleaned_data[_files(document)]:
            try:
                send_with_application(
                    actor=self.actor,
                    audit=audit,
                    document=document,
                    file=file,
                    name=file.name or "",
                )
            except ValidationError as error:
                name = one_line(file.name or "")
                self.add_error(
                    _files(document), [f"{name}: {sentence}" for sentence in error.messages]
                )

    def _take_back(self, pk: UUID | None) -> None:
        visible = SuppliedFile.objects.visible_to(self.actor)
        if pk and (supplied := visible.filter(audit=self.audit, pk=pk).first()):
            take_back(actor=self.actor, supplied=supplied)


def _files(document: Document) -> str:
    return f"{document.value}-files"
