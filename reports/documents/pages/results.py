"""Of the result: grade, counts by category, corrective actions."""

from __future__ import annotations

from audits.standards.terms import Judgement, Severity
from reports.documents.legible import shorten
from reports.documents.wording import Wording
from reports.snapshot.values import Data

MAIN_JUDGEMENTS = (
    Judgement.CONFORMING,
    Judgement.NONCONFORMING,
    Judgement.NOT_APPLICABLE,
    Judgement.UNVERIFIABLE,
)


def grade_of(snapshot: Data, say: Wording) -> Data:
    """Return the grade, how it was computed, and who decided."""
    grade = snapshot["grade"]
    sentences = zip(grade["sentences"]["ja"], grade["sentences"]["en"], strict=True)
    return {
        "letter": "—" if grade["letter"] == "none" else shorten(grade["letter"], 3),
        "words": say.term("grade", grade["letter"]),
        "value": grade["letter"],
        "score": grade["score"],
        "computed": say.term("grade", grade["computed"]),
        "differs": grade["letter"] != grade["computed"],
        "reason": grade["deviation_reason"],
        "official": grade["official"],
        "sentences": [say.pair({"ja": ja, "en": en}) for ja, en in sentences],
        "decided_by": grade["decided_by"] or "—",
        "seconded_by": grade["seconded_by"],
    }


def heads_of(say: Wording) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the heads of the columns of counts: (value, words by language)."""
    labels = {value: value.label for value in (*MAIN_JUDGEMENTS, *Severity)}
    return [
        ("total", say.texts["total"]),
        *((str(key), say.each(lambda label=label: str(label))) for key, label in labels.items()),  # type: ignore[misc]  # the default binds the label
    ]


def summary_rows(snapshot: Data, say: Wording) -> list[Data]:
    """Return the counts by category, and the total as the last row."""
    counts = snapshot["counts"]
    rows = [
        (str(row["number"]), say.pair(row["name"]), counts["categories"][str(row["number"])])
        for row in snapshot["categories"]
    ]
    total = say.texts["total"]
    return [
        {
            "number": number,
            "name": name,
            "all": sum(row["judgements"].values()),
            "judgements": [row["judgements"][value] for value in MAIN_JUDGEMENTS],
            "severities": [(value, row["severities"][value]) for value in Severity.values],
            "total": not number,
        }
        for number, name, row in [*rows, ("", total, counts)]
    ]


def corrections_of(snapshot: Data, say: Wording) -> list[Data]:
    """Return the corrective actions with their plans and days."""
    titles = {row["code"]: say.pair(row["title"]) for row in snapshot["findings"]}
    return [
        {
            **row,
            "title": titles[row["code"]],
            "severity_words": say.term("severity", row["severity"]),
            "status_words": say.term("status", row["status"]),
            "plan_due": say.day(row["plan_due_on"]),
            "close_due": say.day(row["close_due_on"]),
            "verification_words": say.term("verification", row["verification"]),
            # Reports frozen before repeats were recognised do not have it.
            "repeat": say.pair(row.get("repeat")),
            "plan": [
                (say.words[name], row[name])
                for name in ("root_cause", "correction", "prevention", "responsible")
                if row[name]
            ],
        }
        for row in snapshot["corrective_actions"]
    ]
