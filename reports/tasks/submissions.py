"""Making submission sets in a worker, the same way as reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import shared_task
from django.utils.module_loading import import_string

from reports.services import submissions
from reports.tasks.reports import publish_on_commit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Result
    from reports.models import SubmissionFile, SubmissionTarget
    from reports.snapshot.submissions import Answer


@shared_task(name="reports.tasks.render_submission")
def render_submission(pk: str) -> None:
    """Make one submission set."""
    # Loaded only when it is used, as for reports.
    submissions.render(
        pk, typeset=import_string("reports.documents.submissions.typeset_submission")
    )


def queue_submission(
    *,
    actor: User,
    result: Result,
    target: SubmissionTarget,
    answers: Mapping[str, Answer],
    seen: int,
) -> SubmissionFile:
    """Ask for a submission set; it is published once that is certain."""
    row = submissions.make_submission(
        actor=actor, result=result, target=target, answers=answers, seen=seen
    )
    publish_on_commit(row)
    return row
