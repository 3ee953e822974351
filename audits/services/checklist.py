"""The documents checklist of an application: answered, and sent along where a document is ready.

Source: under JASTI the documents (監査時確認資料) come before the application.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.terms import Locale
from audits.models import Audit, RequestedDocument, SuppliedFile
from audits.services.applying import lock_draft
from audits.services.records import append_event
from audits.services.storing import all_or_nothing
from audits.services.supplied import keep, read_upload
from audits.standards.documents import key_of
from audits.terms import Document, DocumentAnswer
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from accounts.models import User

TONES: dict[str, str] = {
    DocumentAnswer.READY: "moss",
    DocumentAnswer.ON_SITE: "indigo",
    DocumentAnswer.NONE: "red",
}


@dataclass(frozen=True)
class Line:
    """One document of the checklist: the answer (None before there is one), and what was sent.

    `files` are those that the reader may see, `count` is how many there are.
    """

    document: Document
    answer: DocumentAnswer | None
    files: list[SuppliedFile]
    count: int

    @property
    def label(self) -> str:
        """Return the document in words."""
        return str(self.document.label)

    @property
    def said(self) -> str:
        """Return the answer in words."""
        return str(self.answer.label) if self.answer else _("not answered yet")

    @property
    def tone(self) -> str:
        """Return the tone of the answer."""
        return TONES.get(self.answer, "") if self.answer else "amber"


def checklist_of(audit: Audit, reader: User) -> list[Line]:
    """Return the checklist of an application, in three queries."""
    visible = SuppliedFile.objects.visible_to(reader).order_by("number")
    rows = (
        RequestedDocument.objects.filter(audit=audit)
        .exclude(checklist="")
        .prefetch_related(Prefetch("files", visible))
    )
    counts = Counter(
        SuppliedFile.objects.filter(audit=audit)
        .exclude(document__checklist="")
        .values_list("document__checklist", flat=True)
    )
    files = {row.checklist: list(row.files.all()) for row in rows}
    lines = []
    for document in Document:
        given = audit.documents.get(document.value)
        answer = DocumentAnswer(given) if given in DocumentAnswer.values else None
        lines.append(Line(document, answer, files.get(document.value, []), counts[document.value]))
    return lines


def send_with_application(
    *, actor: User, audit: Audit, document: Document, file: IO[bytes], name: str
) -> SuppliedFile:
    """Keep a file for a document of the checklist of a draft; the document is then ready.

    It is made harmless as evidence is, and the same file again is kept once. Raises
    PermissionDenied for others than managers of the supplier, ValidationError when the file is
    refused or cannot be stored, or when the application was submitted.
    """
    upload = read_upload(file, name)
    with all_or_nothing() as stored, transaction.atomic():
        audit = lock_draft(actor, audit)
        if not suppliers.manages(actor, audit.site.supplier):
            raise PermissionDenied
        row, _new = RequestedDocument.objects.get_or_create(
            audit=audit,
            key=key_of(f"checklist {document.value}"),
            defaults={"checklist": document.value, **_names(document)},
        )
        supplied, new = keep(upload, actor=actor, audit=audit, target=row, stored=stored)
        if new:
            append_event(
                audit=audit,
                actor=actor,
                act="document_sent",
                payload={
                    "documents": [row.name_ja],
                    "file": supplied.label,
                    "sha256": supplied.sha256,
                },
            )
        audit.documents = {**audit.documents, document.value: DocumentAnswer.READY.value}
        audit.save(update_fields=["documents"])
    return supplied


def _names(document: Document) -> dict[str, str]:
    names = {}
    for field, locale in (("name_ja", Locale.JAPANESE), ("name_en", Locale.ENGLISH)):
        with translation.override(locale):
            names[field] = str(document.label)
    return names
