"""What happens elsewhere and means something here: issuing prints and counts, consent is receipted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from audits.models import Result
from audits.signals import (
    audit_moved,
    closing_signed,
    findings_shown,
    result_changed,
    result_issued,
)
from audits.terms import Act, ResultStatus
from reports.models.reads import What
from reports.services.consents import issue_receipt
from reports.services.reads import record_read
from reports.services.reporting import mark_withdrawn
from reports.tasks import (
    queue_consent,
    queue_issue,
    queue_preliminary,
    queue_report,
    queue_withdrawal,
)
from reports.terms import ConsentAct, ReportLanguage
from suppliers.signals import sharing_granted, sharing_revoked

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from audits.models import Audit, ClosingMeeting
    from audits.workflow import Move
    from suppliers.models import SharingGrant

# Both are always printed; the bilingual one when somebody asks for it.
PRINTED = (ReportLanguage.JAPANESE, ReportLanguage.ENGLISH)


@receiver(audit_moved)
def print_or_withdraw(sender: Any, audit: Audit, move: Move, **_kwargs: Any) -> None:
    """Freeze and queue the reports of an issued result; withdraw those of a void audit."""
    if move.act == Act.ISSUE:
        for language in PRINTED:
            queue_report(audit, language)
    elif move.act == Act.VOID:
        mark_withdrawn(audit=audit)


@receiver(audit_moved)
def count_or_take_out(sender: Any, audit: Audit, move: Move, **_kwargs: Any) -> None:
    """Enter an issued result into the figures; take those of a void audit out."""
    if move.act == Act.ISSUE:
        queue_issue(Result.objects.filter(audit=audit).order_by("-revision")[0])
    elif move.act == Act.VOID:
        queue_withdrawal(audit)


@receiver(result_issued)
def print_and_count_revision(sender: Any, result: Result, **_kwargs: Any) -> None:
    """Print a further revision and count it in the place of the one before it."""
    for language in PRINTED:
        queue_report(result.audit, language)
    queue_issue(result)


@receiver(result_changed)
def withdraw_reports(sender: Any, result: Result, **_kwargs: Any) -> None:
    """Mark the reports of a withdrawn result and take it out of the figures, as for a void audit."""
    if result.status == ResultStatus.WITHDRAWN:
        mark_withdrawn(audit=result.audit)
        queue_withdrawal(result.audit)


@receiver(closing_signed)
def print_preliminary(sender: Any, closing: ClosingMeeting, **_kwargs: Any) -> None:
    """Print what the site signed, to be handed over the same day."""
    for language in PRINTED:
        queue_preliminary(closing, language)


@receiver(findings_shown)
def keep_reading(
    sender: Any, audit: Audit, reader: User, brand: Organisation, **_kwargs: Any
) -> None:
    """Keep that a brand's person opened a page with all findings, as an answer of the export is kept."""
    record_read(reader=reader, audit=audit, what=What.FINDINGS, brand=brand)


@receiver(sharing_granted)
def receipt_for_consent(
    sender: Any, grant: SharingGrant, replaced: SharingGrant | None, **_kwargs: Any
) -> None:
    """Give supplier and brand a receipt of a new or changed permission."""
    _receipt(grant, ConsentAct.CHANGED if replaced else ConsentAct.GIVEN, replaced)


@receiver(sharing_revoked)
def receipt_for_withdrawal(sender: Any, grant: SharingGrant, **_kwargs: Any) -> None:
    """Give supplier and brand a receipt of a permission that was taken back."""
    _receipt(grant, ConsentAct.WITHDRAWN)


def _receipt(grant: SharingGrant, act: ConsentAct, replaced: SharingGrant | None = None) -> None:
    receipt = issue_receipt(grant=grant, act=act, replaced=replaced)
    for language in PRINTED:
        queue_consent(receipt, language)
