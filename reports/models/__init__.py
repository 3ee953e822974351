"""Models of the room, one file per noun."""

from __future__ import annotations

from reports.models.consents import ConsentPaper, ConsentReceipt
from reports.models.counters import Counter, DaysFigure, Figure, GradeFigure
from reports.models.figures import PLACE, AuditFacts, AuditFactsQuerySet, FigureEntry
from reports.models.jobs import Claim, Job, JobQuerySet
from reports.models.plans import ActionPlan, ActionPlanPaper
from reports.models.preliminary import Preliminary
from reports.models.reads import ReadRecord
from reports.models.remaking import Remaking, Reprint
from reports.models.reports import Report, Snapshot
from reports.models.submissions import Submission, SubmissionFile
from reports.models.targets import SubmissionTarget

__all__ = [
    "PLACE",
    "ActionPlan",
    "ActionPlanPaper",
    "AuditFacts",
    "AuditFactsQuerySet",
    "Claim",
    "ConsentPaper",
    "ConsentReceipt",
    "Counter",
    "DaysFigure",
    "Figure",
    "FigureEntry",
    "GradeFigure",
    "Job",
    "JobQuerySet",
    "Preliminary",
    "ReadRecord",
    "Remaking",
    "Report",
    "Reprint",
    "Snapshot",
    "Submission",
    "SubmissionFile",
    "SubmissionTarget",
]
