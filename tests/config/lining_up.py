"""A worker's program for test_queues: two tasks that only write down in which order they ran."""

from __future__ import annotations

import os
from pathlib import Path

from celery import shared_task

from config.celery import app

__all__ = ["app"]


@shared_task(name="reports.tasks.render_line")
def render_line(text: str) -> None:
    """Stand for a new report."""
    _write(text)


@shared_task(name="reports.tasks.remake_line")
def remake_line(text: str, then: str = "") -> None:
    """Stand for a report that is made again; `then` is asked for while it is being made."""
    _write(text)
    if then:
        render_line.delay(then)


def _write(text: str) -> None:
    with Path(os.environ["LINES"]).open("a", encoding="utf-8") as lines:
        lines.write(text + "\n")
