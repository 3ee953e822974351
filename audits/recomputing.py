"""A grade with everything that it follows from, so that a third party can compute it again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, override

from audits.standards.explanations import explain
from audits.standards.grading import (
    Grade,
    GradingParameters,
    InvalidParametersError,
    Outcome,
    grade,
)
from audits.standards.terms import Judgement, Severity

if TYPE_CHECKING:
    from decimal import Decimal

    from audits.models import Result

FORM = 1
LANGUAGES = ("ja", "en")
# Said in the file itself, for a reader who has nothing but the file.
METHOD = {
    "score": (
        "L is the sum of the points of the severities of all requirements judged nonconforming, "
        "unverifiable or unassessed. With count_not_applicable, T is the sum of the points of all "
        "requirements and the score 100 * (T - L) / T, otherwise it is 100 - L, at least 0; "
        "rounded down to a tenth."
    ),
    "grade": (
        "The best of A and B whose threshold the score meets, for which no nonconforming "
        "requirement has a severity of knock_out, and for which no more requirements of a severity "
        "or a graver one are nonconforming, unverifiable or unassessed than maximum allows; "
        "otherwise none."
    ),
}


@dataclass(frozen=True)
class Check:
    """A grade computed again, and what the file or the result says that it was."""

    number: str
    again: Grade
    grade: str
    score: str

    @property
    def holds(self) -> bool:
        """Say whether grade and score are the same."""
        return (self.again.grade, _plain(self.again.score)) == (self.grade, self.score)


def export_of(result: Result) -> dict[str, Any]:
    """Return what the computed grade of a result follows from, and what was decided."""
    return {
        "form": FORM,
        "number": result.number,
        "revision": result.revision,
        "standard": result.audit.pinned_standard.version,
        "official_criteria": result.official,
        "issued_on": result.issued_on.isoformat(),
        "computed_grade": result.computed_grade,
        "score": _plain(result.score),
        "decided_grade": result.grade,
        "reason_for_a_different_grade": result.reason,
        "parameters": result.inputs["parameters"],
        "outcomes": [
            {"requirement": code, "judgement": judgement, "severity": severity}
            for code, judgement, severity in result.inputs["outcomes"]
        ],
        "explanation": {language: _sentences(result, language) for language in LANGUAGES},
        "method": METHOD,
    }


def as_text(result: Result) -> str:
    """Return the export as the JSON that is handed out."""
    return json.dumps(export_of(result), ensure_ascii=False, indent=1) + "\n"


def hand_out(result: Result) -> HttpResponse:
    """Return the export as a file."""
    name = f"{result.number}_inputs.json"
    answer = HttpResponse(as_text(result), content_type="application/json")
    disposition = content_disposition_header(as_attachment=True, filename=name)
    answer["Content-Disposition"] = disposition or "attachment"
    return answer


def regrade(inputs: dict[str, Any]) -> Grade:
    """Return the grade that the kept inputs of a result give."""
    return grade(
        GradingParameters.from_data(inputs["parameters"]),
        [Outcome(*row) for row in inputs["outcomes"]],
    )


def check_result(result: Result) -> Check:
    """Compute the grade of a result again from its kept inputs."""
    return Check(result.number, regrade(result.inputs), result.computed_grade, _plain(result.score))


def check_export(text: str) -> Check:
    """Compute the grade again from an export; ValidationError for what is not one."""
    try:
        data = json.loads(text)
        rows = [
            (row["requirement"], Judgement(row["judgement"]).value, Severity(row["severity"]).value)
            for row in data["outcomes"]
        ]
        again = regrade({"parameters": data["parameters"], "outcomes": rows})
        return Check(str(data["number"]), again, str(data["computed_grade"]), str(data["score"]))
    except (ValueError, KeyError, TypeError, InvalidParametersError) as error:
        raise ValidationError(
            _("This is not the file of a result's inputs: %(why)s") % {"why": repr(error)}
        ) from error


def _sentences(result: Result, language: str) -> list[str]:
    with override(language):
        return [str(sentence) for sentence in explain(regrade(result.inputs))]


def _plain(score: Decimal) -> str:
    """Return a score with one decimal, as it is computed and printed."""
    return f"{score:.1f}"
