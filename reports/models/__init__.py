"""Models of the room, one file per noun."""

from __future__ import annotations

from reports.models.jobs import Claim, Job, JobQuerySet
from reports.models.reads import ReadRecord
from reports.models.reports import Report, Snapshot

__all__ = ["Claim", "Job", "JobQuerySet", "ReadRecord", "Report", "Snapshot"]
