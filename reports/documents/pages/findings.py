"""Of the findings: each as a block, by category, with its photos."""

from __future__ import annotations

from audits.standards.terms import Judgement
from reports.documents.pages.drawings import mark
from reports.documents.wording import Wording
from reports.snapshot.values import Data
from ui import charts
from ui.charts import Cell


def finding_of(row: Data, say: Wording, pictures: dict[str, bytes]) -> Data:
    """Return one finding as its block prints it."""
    nonconforming = row["judgement"] == Judgement.NONCONFORMING
    kind = charts.kind_of(Cell("", "", "", row["judgement"], row["severity"]))
    public = [piece for piece in row["evidence"] if piece["public"]]
    return {
        "code": row["code"],
        "category": row["category"],
        "title": say.pair(row["title"]),
        "text": say.pair(row["text"]),
        "legal_basis": row["legal_basis"],
        "provenance": row["provenance"],
        "provenance_words": say.term("provenance", row["provenance"]),
        "kind": kind,
        "mark": mark(kind),
        "verdict": say.say(lambda: charts.kind_label(kind)),
        "severity": row["severity"],
        "severity_words": say.term("severity", row["severity"] or row["usual_severity"]),
        "nonconforming": nonconforming,
        "methods": [say.term("method", value) for value in row["methods"]],
        "clauses": [
            {"code": clause["code"], "text": say.pair(clause["text"])}
            for clause in row["clauses_not_met"]
        ],
        "report_text": row["report_text"],
        "reason": say.pair(row["reason"]),
        "taken_over": say.pair(row.get("taken_over")),
        "photos": [_photo(piece, say, pictures) for piece in public if piece["picture"]],
        "evidence": row["evidence"],
    }


def _photo(piece: Data, say: Wording, pictures: dict[str, bytes]) -> Data:
    return {
        "label": piece["label"],
        "source": f"orime:picture/{piece['id']}" if piece["id"] in pictures else "",
        "caption": piece["caption"],
        "taken": f"{say.words['taken']} {say.day(piece['taken_at'])}" if piece["taken_at"] else "",
        "alt": f"{say.words['photo']} {piece['label']} {piece['caption']}".strip(),
    }


def by_category(snapshot: Data, findings: list[Data], say: Wording) -> list[Data]:
    """Return the blocks of the findings under their categories."""
    grouped = []
    for category in snapshot["categories"]:
        rows = [row for row in findings if row["category"] == category["number"]]
        grouped.append(
            {
                "number": category["number"],
                "name": say.pair(category["name"]),
                "line": say.one(category["name"]),
                "count": say.count(len(rows)),
                "findings": rows,
            }
        )
    return grouped
