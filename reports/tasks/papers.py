"""Printing papers of every kind in a worker."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Any

from celery import current_app, shared_task
from celery.signals import task_postrun, worker_process_init
from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_string

from reports.services import consents, papers, plans, preliminary, reporting, submissions
from reports.tasks.jobs import publish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from audits.models import Audit, ClosingMeeting, Result
    from reports.models import (
        ActionPlanPaper,
        ConsentPaper,
        ConsentReceipt,
        Job,
        Preliminary,
        Report,
        SubmissionFile,
        SubmissionTarget,
    )
    from reports.snapshot.submissions import Answer


@shared_task(name="reports.tasks.render_paper")
def render_paper(kind: str, pk: str) -> None:
    """Print one paper; `kind` is its model, such as reports.report."""
    papers.render(apps.get_model(kind), pk)


def queue_report(audit: Audit, language: str) -> Report:
    """Ask for the report of an audit's newest revision; it is published once that is certain."""
    report = reporting.request_report(audit=audit, language=language)
    publish_on_commit(report)
    return report


def queue_preliminary(closing: ClosingMeeting, language: str) -> Preliminary:
    """Ask for the summary of a closing meeting; it is published once that is certain."""
    row = preliminary.request_preliminary(closing=closing, language=language)
    publish_on_commit(row)
    return row


def queue_consent(receipt: ConsentReceipt, language: str) -> ConsentPaper:
    """Ask for the paper of a receipt; it is published once that is certain."""
    row = consents.request_paper(receipt=receipt, language=language)
    publish_on_commit(row)
    return row


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


def queue_plan(*, actor: User, audit: Audit) -> list[ActionPlanPaper]:
    """Ask for the plan of an audit as it stands; it is published once that is certain."""
    rows = plans.make_plan(actor=actor, audit=audit)
    for row in rows:
        publish_on_commit(row)
    return rows


def publish_on_commit(job: Job) -> None:
    """Publish a job after the transaction, if it still waits."""
    if job.is_unfinished:
        transaction.on_commit(partial(publish, job), robust=True)


@worker_process_init.connect
def _warm_up(**_kwargs: Any) -> None:
    """Read fonts, styles and templates once, where papers are printed."""
    if "pdf" in current_app.amqp.queues.consume_from:
        import_string("reports.documents.warm_up")()


@task_postrun.connect
def _clear_away(**_kwargs: Any) -> None:
    """Collect what a job left behind, in a process that was told not to do so by itself."""
    if not gc.isenabled():
        gc.collect()
