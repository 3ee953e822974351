"""Printing receipts of consent in a worker, the same way as reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.utils.module_loading import import_string

from reports.services import consents
from reports.tasks.reports import publish_on_commit

if TYPE_CHECKING:
    from reports.models import ConsentPaper, ConsentReceipt


@shared_task(name="reports.tasks.render_consent")
def render_consent(pk: str) -> None:
    """Print one receipt of consent."""
    # Loaded only when it is used, as for reports.
    consents.render(pk, typeset=import_string("reports.documents.consents.typeset_consent"))


def queue_consent(receipt: ConsentReceipt, language: str) -> ConsentPaper:
    """Ask for the paper of a receipt; it is published once that is certain."""
    row = consents.request_paper(receipt=receipt, language=language)
    publish_on_commit(row)
    return row
