"""Documents of an audit: sent or answered for by the supplier, accepted or flagged by the team."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audits import policies
from audits.letters.events import DOCUMENT_ASKED, DOCUMENT_FLAGGED, DOCUMENTS_ANSWERED
from audits.models import Audit, RequestedDocument, SuppliedFile
from audits.personal_data import refuse_personal_data
from audits.services.document_list import DocumentList, Item
from audits.services.locking import lock
from audits.services.records import append_event
from audits.services.storing import all_or_nothing
from audits.services.supplied import keep, read_upload
from audits.services.telling import tell
from audits.standards.documents import LONGEST, key_of
from audits.terms import DocumentState, SupplierAnswer, Verdict
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.letters import Letter
    from accounts.models import User


def send_file(*, actor: User, audit: Audit, key: str, file: IO[bytes], name: str) -> SuppliedFile:
    """Keep a file for a document, made harmless as evidence is; the same file again is kept once.

    Whatever was answered or said of the document before is over: there is something new to look
    at. Raises PermissionDenied for anybody but the supplier's managers, ValidationError when the
    file is refused or cannot be stored, or the time for documents is over. Nothing is half kept.
    """
    _check_sender(actor, Audit.objects.with_people().get(pk=audit.pk))
    upload = read_upload(file, name)
    with all_or_nothing() as stored, transaction.atomic():
        audit = _from_supplier(actor, audit)
        (row,) = _rows(actor, audit, [key])
        supplied, new = keep(upload, actor=actor, audit=audit, target=row, stored=stored)
        if not new:
            return supplied
        _said([row], answer="", remark="")
        # Not under the name it came with: people call files after workers, and the record stays.
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
        _tell_team(audit)
    return supplied


@transaction.atomic
def answer_for(
    *, actor: User, audit: Audit, keys: Iterable[str], answer: SupplierAnswer, remark: str = ""
) -> list[RequestedDocument]:
    """Say that documents are to be seen on site, or that the site does not have them."""
    audit = _from_supplier(actor, audit)
    refuse_personal_data(remark)
    rows = _rows(actor, audit, keys)
    _said(rows, answer=answer, remark=remark.strip())
    append_event(
        audit=audit,
        actor=actor,
        act="document_answered",
        comment=remark.strip(),
        payload={"documents": [row.name_ja for row in rows], "answer": answer.value},
    )
    if answer == SupplierAnswer.NONE:
        _tell_team(audit)
    return rows


@transaction.atomic
def accept_documents(*, actor: User, audit: Audit, keys: Iterable[str]) -> list[RequestedDocument]:
    """Accept documents: what was sent, or seen on site, is what the audit needs."""
    audit = _from_team(actor, audit)
    rows = _rows(actor, audit, keys)
    _judged(rows, Verdict.ACCEPTED)
    append_event(
        audit=audit,
        actor=actor,
        act="document_accepted",
        payload={"documents": [row.name_ja for row in rows]},
    )
    return rows


@transaction.atomic
def flag_document(*, actor: User, audit: Audit, key: str, reason: str) -> RequestedDocument:
    """Say why what the supplier sent or answered is not sufficient; the supplier is told."""
    audit = _from_team(actor, audit)
    (row,) = _rows(actor, audit, [key])
    if row.state == DocumentState.ASKED:
        raise ValidationError(_("The supplier has not answered for this document yet."))
    if not reason.strip():
        raise ValidationError(_("Say what is missing: the supplier reads it."))
    refuse_personal_data(reason)
    _judged([row], Verdict.FLAGGED, reason.strip())
    event = append_event(
        audit=audit,
        actor=actor,
        act="document_flagged",
        comment=reason.strip(),
        payload={"documents": [row.name_ja]},
    )
    _tell_supplier(
        audit,
        row,
        DOCUMENT_FLAGGED,
        f"document{event.sequence}",
        said=reason.strip(),
    )
    return row


@transaction.atomic
def ask_for(*, actor: User, audit: Audit, name: str, code: str = "") -> RequestedDocument:
    """Ask for a document that the standard does not name; the supplier is told.

    `code` is the requirement that it serves, or "". Raises ValidationError when it is asked for
    already, or when the name could lead to a worker.
    """
    audit = _from_team(actor, audit)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise ValidationError(
            _("Name the document in at most %(limit)d characters."), params={"limit": LONGEST}
        )
    refuse_personal_data(name)
    if code and not audit.findings.filter(requirement__code=code).exists():
        raise ValidationError(_("There is no such requirement in this audit."))
    if DocumentList(audit, actor).get(key_of(name)):
        raise ValidationError(_("This document is asked for already. Look for it in the list."))
    row = RequestedDocument.objects.create(
        audit=audit,
        key=key_of(name),
        name_ja=name,
        codes=[code] if code else [],
        asked_by=actor,
    )
    event = append_event(
        audit=audit, actor=actor, act="document_asked", payload={"documents": [name]}
    )
    _tell_supplier(audit, row, DOCUMENT_ASKED, f"document{event.sequence}")
    return row


def _check_sender(actor: User, audit: Audit) -> None:
    if not suppliers.manages(actor, audit.site.supplier):
        raise PermissionDenied
    _refuse_when_closed(audit)


def _from_supplier(actor: User, audit: Audit) -> Audit:
    audit = lock(audit)
    _check_sender(actor, audit)
    return audit


def _from_team(actor: User, audit: Audit) -> Audit:
    audit = lock(audit)
    if not policies.is_accepted(actor, audit):
        raise PermissionDenied
    _refuse_when_closed(audit)
    return audit


def _refuse_when_closed(audit: Audit) -> None:
    if audit.signed_at is not None:
        raise ValidationError(
            _("The report has been signed: nothing can be added to the documents any more."),
            code="closed",
        )
    if not policies.takes_documents(audit):
        raise ValidationError(
            _("Documents are exchanged from the acceptance of the application to the signature."),
            code="closed",
        )


def _rows(actor: User, audit: Audit, keys: Iterable[str]) -> list[RequestedDocument]:
    """Return a row for each document, made where there was none; refuse what is not asked for."""
    listed = DocumentList(audit, actor)
    items = [listed.get(key) for key in dict.fromkeys(keys)]
    if not items:
        raise ValidationError(_("Tick at least one document."))
    known = [item for item in items if item is not None]
    if len(known) < len(items):
        raise ValidationError(_("This document is not in the list of the audit."))
    made = {item.key: _new_row(audit, item) for item in known if item.row is None}
    RequestedDocument.objects.bulk_create(made.values())
    return [item.row or made[item.key] for item in known]


def _new_row(audit: Audit, item: Item) -> RequestedDocument:
    return RequestedDocument(
        audit=audit,
        key=item.key,
        name_ja=item.document.name_ja,
        name_en=item.document.name_en,
        codes=item.codes,
    )


def _said(rows: list[RequestedDocument], *, answer: str, remark: str) -> None:
    """Keep what the supplier said; a verdict was about what was there before."""
    now = timezone.now()
    for row in rows:
        row.answer, row.remark, row.answered_at = answer, remark, now
        row.verdict, row.reason, row.judged_at = "", "", None
    RequestedDocument.objects.bulk_update(
        rows, ["answer", "remark", "answered_at", "verdict", "reason", "judged_at"]
    )


def _judged(rows: list[RequestedDocument], verdict: Verdict, reason: str = "") -> None:
    now = timezone.now()
    for row in rows:
        row.verdict, row.reason, row.judged_at = verdict, reason, now
    RequestedDocument.objects.bulk_update(rows, ["verdict", "reason", "judged_at"])


def _tell_supplier(
    audit: Audit, row: RequestedDocument, letter: Letter, key: str, said: str = ""
) -> None:
    tell(
        audit,
        letter,
        key=key,
        facts={"document": lambda: row.name},
        said=said,
        path=reverse("portal:our_document", args=[audit.number, row.key]),
    )


def _tell_team(audit: Audit) -> None:
    """Tell the team once a day that there is something to look at."""
    tell(
        audit,
        DOCUMENTS_ANSWERED,
        key=f"documents:{timezone.localdate():%Y%m%d}",
        path=reverse("portal:documents", args=[audit.number]),
    )
