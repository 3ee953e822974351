"""Of the findings: each as a block, by category, with its photos."""

from __future__ import annotations

from audits.standards.terms import Judgement
from reports.documents.legible import shorten
from reports.documents.wording import Wording
from reports.snapshot.values import Data
from ui import charts
from ui.charts import Cell

# A letter that looks like the cell of the swatch: drawn 84 times, and read aloud, a picture costs.
MARKS: dict[charts.Kind, str] = {
    "conforming": "■",
    "unacceptable": "×",
    "major": "◆",
    "minor": "●",
    "unverifiable": "▨",
    "not_applicable": "□",
    "unassessed": "▦",
}
# How much of a finding the table of nonconformities repeats before it refers to the page.
GIST = 110


def finding_of(row: Data, say: Wording, pictures: dict[str, bytes]) -> Data:
    """Return one finding as its block prints it."""
    kind = charts.kind_of(Cell("", "", "", row["judgement"], row["severity"]))
    public = [piece for piece in row["evidence"] if piece["public"]]
    text = row["report_text"].strip()
    return {
        "code": row["code"],
        "category": row["category"],
        "title": say.pair(row["title"]),
        "bookmark": f"{row['code']} {say.one(row['title'])}",
        "kind": kind,
        "mark": MARKS[kind],
        "sides": [_side(row, kind, side) for side in say.sides],
        "severity_words": say.term("severity", row["severity"] or row["usual_severity"]),
        "nonconforming": row["judgement"] == Judgement.NONCONFORMING,
        "report_text": text,
        "gist": shorten(text, GIST),
        "reason": say.pair(row["reason"]),
        "taken_over": say.pair(row.get("taken_over")),
        "photos": [_photo(piece, say, pictures) for piece in public if piece["picture"]],
        "evidence": row["evidence"],
    }


def _side(row: Data, kind: charts.Kind, side: Wording) -> Data:
    """Return the requirement, how it was judged and the clauses not met, in one language."""
    words, signs = side.words, side.signs
    meta = [
        (words["severity"], side.term("severity", row["severity"] or row["usual_severity"])),
        (words["methods"], side.listed("method", row["methods"])),
        (words["wording_of"], side.term("provenance", row["provenance"])),
    ]
    return {
        "lang": side.main,
        "w": words,
        "verdict": side.say(lambda: charts.kind_label(kind)),
        # One text instead of a box for each part: there are 84 of them.
        "meta": " · ".join(f"{head}{signs['colon']}{said}" for head, said in meta if said),
        "title": side.pair(row["title"])[0],
        "text": side.pair(row["text"]),
        "clauses": [
            {"code": clause["code"], **text}
            for clause in row["clauses_not_met"]
            for text in side.pair(clause["text"])
        ],
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
