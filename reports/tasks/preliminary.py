"""Printing preliminary summaries in a worker, the same way as reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.utils.module_loading import import_string

from reports.services import preliminary
from reports.tasks.reports import publish_on_commit

if TYPE_CHECKING:
    from audits.models import ClosingMeeting
    from reports.models import Preliminary


@shared_task(name="reports.tasks.render_preliminary")
def render_preliminary(pk: str) -> None:
    """Print one preliminary summary."""
    # Loaded only when it is used, as for reports.
    typeset = import_string("reports.documents.preliminary.typeset_preliminary")
    preliminary.render(pk, typeset=typeset)


def queue_preliminary(closing: ClosingMeeting, language: str) -> Preliminary:
    """Ask for the summary of a closing meeting; it is published once that is certain."""
    row = preliminary.request_preliminary(closing=closing, language=language)
    publish_on_commit(row)
    return row
