"""Whether this process lives (`/livez`) and whether it can serve (`/readyz`); public, no secrets."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from accounts.models import Notice
from config.celery import app as celery_app

log = structlog.get_logger(__name__)


def check_database() -> str:
    """Empty when the database answers, else what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("database_unreachable")
        return "does not answer"
    return ""


def check_migrations() -> str:
    """Empty when every migration has been applied, else how many are missing."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    return f"{len(plan)} to apply" if plan else ""


def check_broker() -> str:
    """Empty when the message broker answers within two seconds, else what is wrong."""
    try:
        with celery_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (KombuError, OSError):
        log.exception("broker_unreachable")
        return "does not answer"
    return ""


def note_mail() -> str:
    """Empty when no letter is given up, else how many: the mail server or an address is wrong."""
    try:
        count = Notice.objects.given_up().count()
    except DatabaseError:
        return "unknown"
    return f"{count} given up" if count else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
}


# What somebody should look at although requests are served.
NOTES: dict[str, Callable[[], str]] = {"mail": note_mail}


@login_not_required
@never_cache
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; depends on nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when every check passes and 503 otherwise, with `{"ready", "checks", "notes"}`.

    Checks and notes are `{name: text}`; a note says what to look at and leaves the answer as it is.
    """
    results = {name: check() or "ok" for name, check in CHECKS.items()}
    notes = {name: note() or "ok" for name, note in NOTES.items()}
    ready = all(result == "ok" for result in results.values())
    answer = {"ready": ready, "checks": results, "notes": notes}
    return JsonResponse(answer, status=200 if ready else 503)
