"""What runs by itself: the clocks of the scheme, small pictures, files that nobody needs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.sending import send
from audits.models import Evidence, SchemeSettings
from audits.services.clocks import CLOCKS
from audits.services.orphans import remove_orphans
from audits.services.thumbnails import make_thumbnail
from audits.services.uploading import remove_abandoned
from suppliers.services.duplicates import ask_for_search, nightly_is_due, run_search, waiting_search

if TYPE_CHECKING:
    from accounts.models import User
    from suppliers.models import DuplicateSearch

log = structlog.get_logger(__name__)

MAKE_THUMBNAIL = "audits.tasks.thumbnail"
LOOK_FOR_DUPLICATES = "audits.tasks.look_for_duplicates"
# More than this at once would only fill the queue; the rest comes with the next sweep.
MOST_AT_ONCE = 200


@shared_task
def run_clocks() -> None:
    """Let every clock do what is due today.

    One that fails does not keep the others from running; all failures are raised at the end.
    """
    today = timezone.localdate()
    failures = []
    for name, run in CLOCKS.items():
        try:
            done = run(today)
        except Exception as error:  # the task fails with all of them below
            log.exception("clock_failed", clock=name)
            failures.append(error)
        else:
            if done:
                log.info("clock_ran", clock=name, done=done)
    if failures:
        raise ExceptionGroup("clocks failed", failures)


@shared_task(name=MAKE_THUMBNAIL)
def thumbnail(pk: str) -> None:
    """Make the small picture of one piece of evidence."""
    make_thumbnail(pk)


def queue_thumbnail(evidence: Evidence) -> None:
    """Ask for the small picture once the evidence is certain; a lost message is sent by the sweep."""
    if evidence.is_picture:
        transaction.on_commit(partial(send, MAKE_THUMBNAIL, str(evidence.pk)), robust=True)


@shared_task
def sweep_thumbnails() -> int:
    """Ask for small pictures that nobody has made; return for how many.

    The one that a worker is busy with may be asked for twice: the second finds it made.
    """
    waiting = Evidence.objects.without_thumbnail().order_by("added_at", "pk")
    asked = 0
    for pk in waiting.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        if not send(MAKE_THUMBNAIL, str(pk)):
            break
        asked += 1
    return asked


@shared_task
def sweep_uploads() -> int:
    """Remove what was left of uploads that nobody continued for a day; return how many."""
    removed = remove_abandoned(timezone.now())
    if removed:
        log.info("uploads_abandoned", removed=removed)
    return removed


@shared_task
def sweep_orphans() -> int:
    """Remove files that a process left which ended before it could write their rows; return how many."""
    return remove_orphans(timezone.now())


@shared_task(name=LOOK_FOR_DUPLICATES)
def look_for_duplicates(pk: str) -> None:
    """Look through all suppliers and sites for duplicates, once for each search."""
    found = run_search(pk, least=SchemeSettings.objects.current().duplicate_least_score)
    if found is not None:
        log.info("duplicates_looked_for", waiting=found)


def queue_search(actor: User | None) -> DuplicateSearch:
    """Ask for a search, or find the one that waits; a lost message is sent by the sweep."""
    with transaction.atomic():
        search, _new = ask_for_search(actor=actor)
        transaction.on_commit(partial(send, LOOK_FOR_DUPLICATES, str(search.pk)), robust=True)
    return search


@shared_task
def sweep_searches() -> None:
    """Begin the search of the night, and send again for one that nobody took up or that was lost."""
    if nightly_is_due():
        queue_search(None)
    elif waiting := waiting_search():
        send(LOOK_FOR_DUPLICATES, str(waiting.pk))
