"""Of the findings: each with its requirement and public evidence, and how many of which kind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audits.origins import origin_of
from audits.standards.conditions import reason_not_applicable
from audits.terms import EvidenceClass, Judgement, Severity
from reports.snapshot.values import Data, in_both, moment, pair_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import Evidence, Finding


def categories_of(findings: Iterable[Finding]) -> list[Data]:
    """Return the categories that occur, in their order."""
    found = {row.requirement.category_id: row.requirement.category for row in findings}
    return [
        {"number": category.number, "name": pair_of(category, "name")}
        for category in sorted(found.values(), key=lambda row: row.order)
    ]


def finding_of(finding: Finding) -> Data:
    """Return one finding with its requirement and the evidence that may be shown."""
    requirement = finding.requirement
    unmet = set(finding.clauses_not_met)
    return {
        "code": requirement.code,
        "category": requirement.category.number,
        "title": pair_of(requirement, "title"),
        "text": pair_of(requirement, "text"),
        "legal_basis": requirement.legal_basis,
        "provenance": requirement.provenance,
        "usual_severity": requirement.severity,
        "judgement": finding.judgement,
        "severity": finding.effective_severity,
        "methods": list(finding.methods),
        "clauses_not_met": [
            {"code": clause.code, "text": pair_of(clause, "text")}
            for clause in sorted(requirement.clauses.all(), key=lambda row: row.order)
            if clause.code in unmet
        ],
        "report_text": finding.report_text,
        "reason": _reason(finding),
        "taken_over": _taken_over(finding),
        "evidence": [
            _evidence(row)
            for row in sorted(finding.evidence.all(), key=lambda row: row.number)
            if row.evidence_class != EvidenceClass.SEALED
        ],
    }


def _reason(finding: Finding) -> Data | None:
    """Return the reason in both languages; what a person wrote stays as it was written."""
    requirement = finding.requirement
    if finding.preset and requirement.condition:
        return in_both(lambda: str(reason_not_applicable(requirement.condition)))
    return {"ja": finding.reason, "en": finding.reason} if finding.reason else None


def _taken_over(finding: Finding) -> Data | None:
    """Return from which audit the finding comes, and the sentence about it; None for an own one."""
    before = finding.carried_from
    if before is None:
        return None
    return {"audit": before.audit.number, **in_both(lambda: origin_of(finding))}


def _evidence(row: Evidence) -> Data:
    if row.evidence_class != EvidenceClass.PUBLIC:
        return {"label": row.label, "public": False}
    return {
        "id": str(row.pk),
        "label": row.label,
        "public": True,
        "picture": row.is_picture,
        "sha256": row.sha256,
        "media_type": row.media_type,
        "caption": row.caption,
        "taken_at": moment(row.taken_at),
    }


def counts_of(findings: list[Finding]) -> Data:
    """Return counts by judgement, by severity, and by category (keys are numbers as text)."""

    def judgements(rows: Iterable[Finding]) -> dict[str, int]:
        return {**dict.fromkeys(Judgement.values, 0), **Counter(row.judgement for row in rows)}

    def severities(rows: Iterable[Finding]) -> dict[str, int]:
        found = Counter(row.effective_severity for row in rows if row.effective_severity)
        return {**dict.fromkeys(Severity.values, 0), **found}

    numbers = sorted({row.requirement.category.number for row in findings})
    by_category = {
        number: [row for row in findings if row.requirement.category.number == number]
        for number in numbers
    }
    return {
        "total": len(findings),
        "judgements": judgements(findings),
        "severities": severities(findings),
        "categories": {
            str(number): {"judgements": judgements(rows), "severities": severities(rows)}
            for number, rows in by_category.items()
        },
    }
