"""What a check found missing, each with the address of the place where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.checks import Gap
    from audits.models import Finding
    from audits.portal.auditor.sheets import Sheet

# Where on the card a field stands.
ANCHORS = {
    "judgement": "judgement",
    "severity": "severity",
    "report_text": "id_report_text",
    "reason": "id_reason",
    "evidence": "evidence",
}


@dataclass(frozen=True)
class Missing:
    """The gaps of one finding, or of the report as a whole, and where they are mended."""

    finding: Finding | None
    gaps: list[Gap]
    url: str


def linked(sheet: Sheet, gaps: Iterable[Gap]) -> list[Missing]:
    """Return the gaps by finding, in the order of the standard, those of the report last."""
    cards = {row.requirement.code: row for row in sheet.findings}
    grouped: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        # On a card the first gap says where to begin; every page of the report is a line.
        grouped.setdefault((gap.code, "" if gap.code else gap.field), []).append(gap)
    return [
        Missing(cards.get(code), found, _url(sheet, cards.get(code), found[0]))
        for (code, _field), found in grouped.items()
    ]


def _url(sheet: Sheet, finding: Finding | None, gap: Gap) -> str:
    if finding is None:
        return reverse(f"portal:{gap.field}", args=[sheet.audit.number])
    return f"{sheet.url_of(finding)}#{ANCHORS[gap.field]}"
