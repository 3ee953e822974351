"""Receipts of consent: frozen with the act, and printed in both languages by a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.ids import uuid7
from reports.models import ConsentPaper, ConsentReceipt
from reports.services.printing import Printed, Renew, frozen_text
from reports.snapshot import canonical, fingerprint
from reports.snapshot.consents import SCHEMA_VERSION, consent_of
from reports.snapshot.values import moment
from reports.terms import ConsentAct, ReportLanguage

if TYPE_CHECKING:
    from suppliers.models import SharingGrant

# (the receipt's canonical text, its hash, language) → PDF
Typesetter = Callable[[str, str, str], Printed]


@transaction.atomic
def issue_receipt(
    *, grant: SharingGrant, act: ConsentAct, replaced: SharingGrant | None = None
) -> ConsentReceipt:
    """Freeze what an act of consent said; called inside the transaction of that act.

    `replaced` is the permission that a changed one puts an end to.
    """
    earlier = ConsentReceipt.objects.filter(grant=grant).order_by("created_at").last()
    pk = uuid7()
    now = timezone.now()
    number = f"CR-{timezone.localdate(now):%Y%m%d}-{pk.hex[-8:].upper()}"
    data = consent_of(
        grant,
        act,
        number,
        events=earlier.data["events"] if earlier else [],
        replaces=_replaced(replaced) if replaced else earlier.data["replaces"] if earlier else None,
    )
    text = canonical(data)
    return ConsentReceipt.objects.create(
        pk=pk,
        grant=grant,
        act=act,
        number=number,
        schema_version=SCHEMA_VERSION,
        content=text,
        sha256=fingerprint(text),
        created_at=now,
    )


def _replaced(grant: SharingGrant) -> dict[str, Any]:
    before = ConsentReceipt.objects.filter(grant=grant).order_by("created_at").last()
    return {"number": before.number if before else "", "ended_at": moment(grant.revoked_at)}


@transaction.atomic
def request_paper(*, receipt: ConsentReceipt, language: str) -> ConsentPaper:
    """Return the paper of a receipt in a language, made if it is not there."""
    row, _created = ConsentPaper.objects.get_or_create(
        receipt=receipt, language=ReportLanguage(language)
    )
    return row


def print_consent(row: ConsentPaper, typeset: Typesetter, _renew: Renew) -> Printed:
    """Return the paper of a receipt; ValidationError when it no longer is what was issued."""
    receipt = row.receipt
    return typeset(frozen_text(receipt), receipt.sha256, row.language)
