"""From findings to the computed grade, and from a profile to the facts that conditions ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.standards.conditions import SiteFacts
from audits.standards.grading import Grade, Lift, Outcome, grade, lift

if TYPE_CHECKING:
    from audits.models import Audit
    from suppliers.models import SiteProfile


def facts_of(profile: SiteProfile) -> SiteFacts:
    """Return what the conditions of requirements and clauses ask about a site."""
    return SiteFacts(
        workers=profile.workers,
        foreign_workers=profile.foreign_workers,
        minors=profile.minors,
        homeworkers=profile.homeworkers,
        dormitory=profile.has_dormitory,
        canteen=profile.has_canteen,
        brokers=profile.uses_brokers,
    )


def outcomes(audit: Audit) -> list[Outcome]:
    """Return the judgements of the audit as plain data, in the order of the standard."""
    return [
        Outcome(
            finding.requirement.code,
            finding.judgement,
            finding.severity_at_stake,
        )
        for finding in audit.findings.select_related("requirement").order_by("requirement__order")
    ]


def computed_grade(audit: Audit) -> Grade:
    """Return the grade that the standard's parameters give for the findings as they stand."""
    return grade(audit.pinned_standard.parameters, outcomes(audit))


def computed_lift(audit: Audit) -> Lift | None:
    """Return what would have to change for the next better grade."""
    return lift(audit.pinned_standard.parameters, outcomes(audit))


def grading_inputs(audit: Audit) -> dict[str, Any]:
    """Return everything a third party needs to compute the grade again."""
    return {
        "parameters": audit.pinned_standard.grading,
        "outcomes": [[row.code, row.judgement, row.severity] for row in outcomes(audit)],
    }
