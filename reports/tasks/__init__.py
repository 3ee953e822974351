"""Work that runs outside the request: papers, figures, and the sweep over all jobs."""

from __future__ import annotations

from reports.tasks.figures import apply_figures, check_figures, queue_issue, queue_withdrawal
from reports.tasks.jobs import job_models, publish, sweep_jobs
from reports.tasks.papers import (
    publish_on_commit,
    queue_consent,
    queue_plan,
    queue_preliminary,
    queue_report,
    queue_submission,
    render_paper,
)
from reports.tasks.remaking import check_papers, remake_paper

__all__ = [
    "apply_figures",
    "check_figures",
    "check_papers",
    "job_models",
    "publish",
    "publish_on_commit",
    "queue_consent",
    "queue_issue",
    "queue_plan",
    "queue_preliminary",
    "queue_report",
    "queue_submission",
    "queue_withdrawal",
    "remake_paper",
    "render_paper",
    "sweep_jobs",
]
