"""What runs by itself: the clocks of the scheme."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.utils import timezone

from audits.services.clocks import CLOCKS

log = structlog.get_logger(__name__)


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
