"""The texts of the report in plain lists, and the document that a first try would make of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template import Context, Engine

from reports.documents.pages import context_of

if TYPE_CHECKING:
    from benchmarks.printing.content import Content

HERE = Path(__file__).parent


def write_plain(content: Content, language: str) -> None:
    """Write the texts for typst, as JSON, and the page for the others, beside the photos."""
    plain = plain_of(content, language)
    template = Engine().from_string((HERE / "plain.html").read_text(encoding="utf-8"))
    files = {
        f"{language}.json": json.dumps(plain, default=str),
        f"{language}.html": template.render(Context(plain)),
        "plain.typ": (HERE / "plain.typ").read_text(encoding="utf-8"),
    }
    for name, text in files.items():
        (content.folder / name).write_text(text, encoding="utf-8")


def plain_of(content: Content, language: str) -> dict[str, Any]:
    """Return every text that the report prints, in its order."""
    printed = context_of(content.snapshot, language, content.pictures)
    say, site, grade, dates = (printed[name] for name in ("w", "site", "grade", "dates"))
    return {
        "title": say["title"],
        "number": content.snapshot["number"],
        "care": say["confidential"],
        "contents": say["contents"],
        "site": [*_lines(site["supplier"]), *_lines(site["name"])],
        "line": site["line"],
        "grade": [grade["letter"], grade["words"], f"{say['score']} {grade['score']} / 100"],
        "sentences": [line for pair in grade["sentences"] for line in _lines(pair)],
        "facts": [
            *([say[name], dates[name]] for name in ("visit", "issued", "renewal", "signed")),
            [say["address"], site["address"]],
            [say["processes"], site["processes"]],
            [say["team"], " ".join(f"{row['name']} {row['number']}" for row in printed["team"])],
            [say["body"], " / ".join(_lines(printed["body"]))],
            [say["secretariat"], " / ".join(_lines(printed["secretariat"]))],
            *_profile(printed["profile"], say),
        ],
        "count_head": [
            say["category"],
            *(" / ".join(_lines(head)) for _, head in printed["heads"]),
        ],
        "counts": [_counted(row) for row in printed["summary_rows"]],
        "summary": say["summary"],
        "method": say["method"],
        "method_notes": [say["methods_note"], say["samples_note"]],
        "findings": say["findings"],
        "categories": [
            {
                "number": category["number"],
                "name": category["line"],
                "findings": [_finding(row, say) for row in category["findings"]],
            }
            for category in printed["categories"]
        ],
        "nonconformities": say["nonconformities"],
        "nonconforming": [
            [row["code"], *_joined(row["title"]), row["severity_words"], row["report_text"]]
            for row in printed["nonconforming"]
        ],
        "corrections": say["corrections"],
        "corrective": [
            [
                row["code"],
                *_joined(row["title"]),
                *(row[name] for name in ("plan_due", "close_due", "verification_words")),
                row["status_words"],
            ]
            for row in printed["corrections"]
        ],
        "closing": [
            [say["provenance"], say["wording_note"]],
            [say["impartiality"], say["impartiality_note"]],
            [say["verify"], f"{say['verify_note']} {printed['code']} {printed['address']}"],
        ],
    }


def _finding(row: dict[str, Any], say: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "title": _joined(row["title"])[0],
        "verdict": " / ".join(side["verdict"] for side in row["sides"]),
        "rows": [
            *([say["methods"], side["meta"]] for side in row["sides"]),
            *([say["requirement"], *_lines(side["text"])] for side in row["sides"]),
            *([part["code"], part["text"]] for side in row["sides"] for part in side["clauses"]),
            [say["finding"], "\n".join((row["report_text"], *_lines(row["reason"])))],
        ],
        "photos": [
            {
                "file": f"full/{photo['source'].removeprefix('orime:picture/')}.jpg",
                "text": f"{photo['label']} {photo['caption']}",
            }
            for photo in row["photos"]
        ],
    }


def _counted(row: dict[str, Any]) -> list[str]:
    severities = [count for _severity, count in row["severities"]]
    return [*_joined(row["name"]), *map(str, (row["all"], *row["judgements"], *severities))]


def _profile(profile: dict[str, Any], say: dict[str, str]) -> list[list[str]]:
    counted = (*profile["by_sex"], *profile["by_contract"], *profile["by_status"])
    return [
        [say["workers"], str(profile["workers"])],
        *([str(word), str(count)] for word, count in counted),
        *([str(word), str(fact)] for word, fact in profile["facts"]),
    ]


def _lines(texts: list[dict[str, str]] | None) -> list[str]:
    return [part["text"] for part in texts or []]


def _joined(texts: list[dict[str, str]]) -> list[str]:
    return [" / ".join(_lines(texts))]
