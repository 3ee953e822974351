"""The whole context of the report's template, put together from its parts."""

from __future__ import annotations

from django.utils.translation import override

from audits.standards.terms import Provenance
from reports.documents.pages.audits import dates_of, profile_of, site_of, team_of
from reports.documents.pages.covers import cover_of
from reports.documents.pages.drawings import bars_of, cell_of, grouped, legend_of, qr_of
from reports.documents.pages.findings import by_category, finding_of
from reports.documents.pages.results import corrections_of, grade_of, heads_of, summary_rows
from reports.documents.wording import Wording
from reports.snapshot.values import Data
from ui import charts

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


def context_of(snapshot: Data, language: str, pictures: dict[str, bytes]) -> Data:
    """Return the context of the report's template; every text in it is still unescaped."""
    say = Wording(language)
    with override(say.main):
        cells = [cell_of(row, say) for row in snapshot["findings"]]
        weave = charts.weave(cells, "cover")
    findings = [finding_of(row, say, pictures) for row in snapshot["findings"]]
    corrections = corrections_of(snapshot, say)
    repeats = {row["code"]: row["repeat"] for row in corrections}
    site = site_of(snapshot, say)
    return {
        "s": snapshot,
        "w": say.words,
        "beside": say.texts,
        "p": say.signs,
        "lang": say.main,
        "both": len(say.languages) > 1,
        "title": str(say.words["title"]),
        "author": str(say.one(snapshot["secretariat"])),
        "subject": str(say.one(snapshot["standard"]["title"])),
        "revision": say.revision(snapshot["revision"]),
        "draft": snapshot["draft"],
        # Only an upheld appeal leads to a further revision.
        "revised": snapshot["revision"] > 1,
        "numbers": {name: number for number, name in enumerate(SECTIONS, 1)},
        "cover": cover_of(snapshot, site, say),
        "weave": weave,
        "weave_legend": legend_of(cells, say),
        "bars": bars_of(snapshot, say),
        "site": site,
        "standard": say.pair(snapshot["standard"]["title"]),
        "kind": say.term("kind", snapshot["kind"]),
        "payer": say.term("payer", snapshot["payer"]),
        "secretariat": say.pair(snapshot["secretariat"]),
        "body": say.pair(snapshot["body"]),
        "team": team_of(snapshot, say),
        "dates": dates_of(snapshot, say),
        "review": {
            "by": snapshot["review"]["by"],
            "on": say.day(snapshot["review"]["at"]),
        }
        if snapshot["review"]
        else None,
        "grade": grade_of(snapshot, say),
        "summary_rows": summary_rows(snapshot, say),
        "heads": heads_of(say),
        "profile": profile_of(snapshot, say),
        "samples": [
            {**row, "language": say.term("language", row["language"])}
            for row in snapshot["samples"]
        ],
        "categories": by_category(snapshot, findings, say),
        "nonconforming": [
            {**row, "repeat": repeats.get(row["code"])} for row in findings if row["nonconforming"]
        ],
        "corrections": corrections,
        "provenance": [
            (say.term("provenance", value), snapshot["standard"]["provenance"].get(value, 0), value)
            for value in Provenance.values
        ],
        "threats": list(say.terms["threat"].values()),
        "address": snapshot["verification_address"],
        "file_address": file_address(snapshot["verification_address"]),
        "qr": qr_of(snapshot, say),
        "code": grouped(snapshot["verification_code"]),
    }


def file_address(address: str) -> str:
    """Return where the file itself can be checked: beside the address of its code."""
    return f"{address.rstrip('/').rpartition('/')[0]}/file/" if address else ""
