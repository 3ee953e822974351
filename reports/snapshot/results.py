"""Of the result: the grade with its reasons, and the plan of corrective actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.models import CorrectiveAction
from audits.services.assessment import computed_grade, grading_inputs
from audits.standards.explanations import explain
from audits.terms import CorrectionStatus
from reports.snapshot.values import Data, day, in_both, person

if TYPE_CHECKING:
    from audits.models import Audit, Result


def grade_of(audit: Audit, result: Result | None) -> Data:
    """Return the grade with its reasons, as data and as sentences in both languages.

    The computation is repeated from the findings, which are those that the result was issued on.
    """
    computed = computed_grade(audit)
    sentences = in_both(lambda: [str(sentence) for sentence in explain(computed)])
    return {
        "letter": result.grade if result else computed.grade,
        "computed": result.computed_grade if result else computed.grade,
        "score": str(result.score if result else computed.score),
        "official": result.official if result else audit.pinned_standard.official,
        "reasons": [
            {
                "key": reason.key,
                "grade": reason.grade,
                "severity": reason.severity,
                "codes": list(reason.codes),
                "numbers": {name: str(value) for name, value in reason.numbers.items()},
            }
            for reason in computed.reasons
        ],
        "sentences": sentences,
        "parameters": (result.inputs if result else grading_inputs(audit))["parameters"],
        "deviation_reason": result.reason if result else "",
        "decided_by": person(result.decided_by) if result else "",
        "seconded_by": person(result.seconded_by) if result else "",
        "issued_on": day(result.issued_on) if result else None,
        "renewal_due_on": day(result.renewal_due_on) if result else None,
    }


def corrections_of(audit: Audit) -> list[Data]:
    """Return the plan; what an appeal made needless is not part of it any more."""
    rows = (
        CorrectiveAction.objects.filter(finding__audit=audit)
        .exclude(status=CorrectionStatus.WITHDRAWN)
        .select_related("finding__requirement")
        .order_by("finding__requirement__order")
    )
    return [
        {
            "code": row.finding.requirement.code,
            "severity": row.finding.effective_severity,
            "repeat": repeat_of(row),
            "status": row.status,
            "root_cause": row.root_cause,
            "correction": row.correction,
            "prevention": row.prevention,
            "responsible": row.responsible,
            "plan_due_on": day(row.plan_due_on),
            "close_due_on": day(row.close_due_on),
            "verification": row.verification,
        }
        for row in rows
    ]


def repeat_of(row: CorrectiveAction) -> Data | None:
    """Return the earlier audits that found the same, as data and in words; None the first time."""
    repeat = row.repeat
    if repeat is None:
        return None
    return {
        "audits": list(repeat.audits),
        "since": day(repeat.since),
        **in_both(lambda: repeat.sentence),
    }
