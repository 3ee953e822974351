"""Work that runs outside the request: reports, and the sweep over all jobs."""

from __future__ import annotations

from reports.tasks.consents import queue_consent, render_consent
from reports.tasks.figures import apply_figures, queue_issue, queue_withdrawal
from reports.tasks.jobs import job_models, publish, sweep_jobs
from reports.tasks.preliminary import queue_preliminary, render_preliminary
from reports.tasks.reports import publish_on_commit, queue_report, render_report
from reports.tasks.submissions import queue_submission, render_submission

__all__ = [
    "apply_figures",
    "job_models",
    "publish",
    "publish_on_commit",
    "queue_consent",
    "queue_issue",
    "queue_preliminary",
    "queue_report",
    "queue_submission",
    "queue_withdrawal",
    "render_consent",
    "render_preliminary",
    "render_report",
    "render_submission",
    "sweep_jobs",
]
