"""From a snapshot to what the templates print, in the order of the pages."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from audits.standards.terms import Judgement, Provenance, Severity
from reports.documents.wording import Wording
from suppliers.prefectures import full_address
from ui import charts
from ui.charts import Cell
from ui.charts.cells import cell_shape
from ui.charts.markup import el, number

Data = dict[str, Any]

SECTIONS = (
    "summary",
    "method",
    "findings",
    "nonconformities",
    "corrections",
    "provenance",
    "impartiality",
    "verify",
)
MAIN_JUDGEMENTS = (
    Judgement.CONFORMING,
    Judgement.NONCONFORMING,
    Judgement.NOT_APPLICABLE,
    Judgement.UNVERIFIABLE,
)


def context_of(snapshot: Data, language: str, pictures: dict[str, bytes]) -> Data:
    """Return the context of the report's template; every text in it is still unescaped."""
    say = Wording(language)
    with override(say.main):
        cells = [_cell(row, say) for row in snapshot["findings"]]
        cover = charts.weave(cells, "cover")
        legend = _legend(cells)
    numbers = {name: number for number, name in enumerate(SECTIONS, 1)}
    findings = [_finding(row, say, pictures) for row in snapshot["findings"]]
    nonconforming = [row for row in findings if row["nonconforming"]]
    return {
        "s": snapshot,
        "w": say.words,
        "p": say.signs,
        "lang": say.main,
        "revision": say.revision(snapshot["revision"]),
        "draft": snapshot["draft"],
        "both": len(say.languages) > 1,
        "numbers": numbers,
        "total_head": say.words["total"].split(" / "),
        "cover_weave": cover,
        "weave_legend": legend,
        "bars": _bars(snapshot, say),
        "site": _site(snapshot, say),
        "standard": say.pair(snapshot["standard"]["title"]),
        "standard_line": say.one(snapshot["standard"]["title"]),
        "kind": say.term("kind", snapshot["kind"]),
        "payer": say.term("payer", snapshot["payer"]),
        "secretariat": say.one(snapshot["secretariat"]),
        "body": say.one(snapshot["body"]) if snapshot["body"] else "—",
        "team": _team(snapshot, say),
        "dates": _dates(snapshot, say),
        "review": {
            "by": snapshot["review"]["by"],
            "on": say.day(snapshot["review"]["at"]),
        }
        if snapshot["review"]
        else None,
        "grade": _grade(snapshot, say),
        "summary_rows": _summary_rows(snapshot, say),
        "judgement_heads": [say.term("judgement", value).split(" / ") for value in MAIN_JUDGEMENTS],
        "severity_heads": [say.term("severity", value).split(" / ") for value in Severity.values],
        "profile": _profile(snapshot, say),
        "samples": [
            {**row, "language": say.term("language", row["language"])}
            for row in snapshot["samples"]
        ],
        "categories": _by_category(snapshot, findings, say),
        "nonconforming": nonconforming,
        "corrections": _corrections(snapshot, say),
        "provenance": [
            (say.term("provenance", value), snapshot["standard"]["provenance"].get(value, 0), value)
            for value in Provenance.values
        ],
        "threats": list(say.terms["threat"].values()),
        "address": snapshot["verification_address"],
        "qr": _qr(snapshot),
        "code": _grouped(snapshot["verification_code"]),
    }


def _cell(row: Data, say: Wording) -> Cell:
    return Cell(
        code=row["code"],
        category=str(row["category"]),
        title=say.pair(row["title"])[0]["text"],
        judgement=row["judgement"],
        severity=row["severity"],
    )


def _legend(cells: list[Cell]) -> list[tuple[SafeString, str]]:
    present = {charts.kind_of(cell) for cell in cells}
    return [(_mark(kind), charts.kind_label(kind)) for kind in charts.KINDS if kind in present]


def _mark(kind: charts.Kind) -> SafeString:
    """Return the drawing of one kind, as small as a letter."""
    return el(
        "svg",
        cell_shape(kind, 0, 0, 17, over=True),
        width=10,
        height=10,
        viewBox="0 0 17 17",
        aria_hidden="true",
    )


def _bars(snapshot: Data, say: Wording) -> list[Data]:
    """Return how many of the applicable requirements conform, by category, each with its bar."""
    rows = []
    for category in snapshot["categories"]:
        counts = snapshot["counts"]["categories"][str(category["number"])]["judgements"]
        applicable = sum(counts.values()) - counts["not_applicable"]
        conforming = counts["conforming"]
        share = conforming / applicable if applicable else 0.0
        rows.append(
            {
                "number": category["number"],
                "name": say.one(category["name"]),
                "bar": _bar(share),
                "text": f"{conforming} / {applicable}" if applicable else "—",
            }
        )
    return rows


def _bar(share: float) -> SafeString:
    """Return a bar of moss on its track; what is missing is hatched, so that grey print shows it."""
    width, height = 240.0, 9.0
    full = share * width
    ticks = "".join(
        f"M{number(x)} {number(height)}l6-{number(height)}"
        for x in range(int(full) + 4, int(width) - 6, 6)
    )
    return el(
        "svg",
        el("rect", fill="#eeebe2", width=width, height=height, rx=1.5),
        el("path", fill="none", stroke="#cf7f17", stroke_width=1.2, d=ticks) if ticks else "",
        el("rect", fill="#5d7a2e", width=full, height=height, rx=1.5),
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        aria_hidden="true",
    )


def _site(snapshot: Data, say: Wording) -> Data:
    site = snapshot["site"]
    supplier = site["supplier"]
    return {
        "name": say.pair(site["name"]),
        "supplier": say.pair(supplier["name"]),
        "line": f"{say.one(supplier['name'])} {say.one(site['name'])}",
        "corporate_number": supplier["corporate_number"] or "—",
        "address": full_address(site["prefecture"]["code"], site["address"]),
        "processes": say.signs["comma"].join(
            say.term("process", value) for value in site["processes"]
        )
        or "—",
        "os_id": site["os_id"],
    }


def _team(snapshot: Data, say: Wording) -> list[Data]:
    return [
        {
            "name": row["name"],
            "number": row["registration_number"],
            "function": say.term("function", row["function"]),
            "body": say.one(row["body"]),
            "declared_on": say.day(row["declared_at"]),
            "threats": [bool(row["declaration"].get(value)) for value in say.terms["threat"]],
        }
        for row in snapshot["team"]
    ]


def _dates(snapshot: Data, say: Wording) -> Data:
    dates, grade = snapshot["dates"], snapshot["grade"]
    return {
        "visit": say.days(
            (dates["started_at"] and dates["started_at"][:10]) or dates["planned_from"],
            (dates["finished_at"] and dates["finished_at"][:10]) or dates["planned_until"],
        ),
        "closing_meeting": say.day(dates["closing_meeting_at"]),
        "signed": say.day(dates["signed_at"]),
        "issued": say.day(grade["issued_on"]),
        "renewal": say.day(grade["renewal_due_on"]),
    }


def _grade(snapshot: Data, say: Wording) -> Data:
    grade = snapshot["grade"]
    sentences = zip(grade["sentences"]["ja"], grade["sentences"]["en"], strict=True)
    return {
        "letter": "—" if grade["letter"] == "none" else grade["letter"],
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


def _summary_rows(snapshot: Data, say: Wording) -> list[Data]:
    counts = snapshot["counts"]
    rows = [
        (str(row["number"]), say.pair(row["name"]), counts["categories"][str(row["number"])])
        for row in snapshot["categories"]
    ]
    total = [{"lang": say.main, "text": say.words["total"]}]
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


def _profile(snapshot: Data, say: Wording) -> Data | None:
    profile = snapshot["profile"]
    if profile is None:
        return None
    words = say.words

    def counted(*names: tuple[str, str]) -> list[tuple[str, int]]:
        return [(words[word], profile[field]) for word, field in names if profile[field]]

    return {
        "as_of": say.day(profile["as_of"]),
        "workers": profile["workers"],
        "foreign": profile["foreign_workers"],
        "minors": profile["minors"],
        "homeworkers": profile["homeworkers"],
        "shifts": profile["shifts"],
        "by_sex": counted(
            ("men", "workers_male"), ("women", "workers_female"), ("other", "workers_other")
        ),
        "by_contract": counted(
            ("regular", "workers_regular"),
            ("fixed_term", "workers_fixed_term"),
            ("dispatched", "workers_dispatched"),
        ),
        "by_status": counted(
            ("technical_interns", "technical_interns"),
            ("specified_skilled", "specified_skilled"),
            ("foreign_other", "foreign_other"),
        ),
        "languages": [say.term("language", value) for value in profile["languages"]],
        "facts": [
            (words[name], words["yes" if profile[name] else "no"])
            for name in ("has_dormitory", "has_canteen", "uses_brokers", "uses_chemicals")
        ],
    }


def _finding(row: Data, say: Wording, pictures: dict[str, bytes]) -> Data:
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
        "mark": _mark(kind),
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


def _by_category(snapshot: Data, findings: list[Data], say: Wording) -> list[Data]:
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


def _corrections(snapshot: Data, say: Wording) -> list[Data]:
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
            "plan": [
                (say.words[name], row[name])
                for name in ("root_cause", "correction", "prevention", "responsible")
                if row[name]
            ],
        }
        for row in snapshot["corrective_actions"]
    ]


def _qr(snapshot: Data) -> SafeString:
    """Return the QR code of the address as SVG; nothing for a draft."""
    address = snapshot["verification_address"]
    if not address:
        return SafeString("")
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#1d2129"
    )
    # segno writes nothing of the address into the drawing but the modules themselves
    return mark_safe(out.getvalue().decode())  # noqa: S308


def _grouped(code: str) -> str:
    """Return the code in groups of four, as people read it out."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
