"""What runs by itself: the clocks of the scheme."""

from __future__ import annotations

from celery import shared_task

from audits.services.closing import accept_facts_when_over, close_finished


@shared_task
def run_clocks() -> None:
    """Accept facts whose time is over and close audits that wait for nothing any more."""
    accept_facts_when_over()
    close_finished()
