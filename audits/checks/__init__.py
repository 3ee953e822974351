"""Checks of a report: those that keep it from being signed, and those that only advise."""

from __future__ import annotations

from audits.checks.advice import ADVICE, Report, advise
from audits.checks.completeness import (
    SIGN_CHECKS,
    VISIT_CHECKS,
    Gap,
    gaps,
    judged,
    looks_personal,
)

__all__ = [
    "ADVICE",
    "SIGN_CHECKS",
    "VISIT_CHECKS",
    "Gap",
    "Report",
    "advise",
    "gaps",
    "judged",
    "looks_personal",
]
