"""What an upheld appeal changed, finding by finding, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.terms import Judgement, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.models import Appeal, Finding


@dataclass(frozen=True)
class Revised:
    """One finding as it was and as it became, in words, with the reason."""

    finding: Finding
    was: str
    now: str
    reason: str


def revised(appeal: Appeal, findings: Iterable[Finding]) -> list[Revised]:
    """Return what the appeal changed, in the order of `findings`."""
    return [
        Revised(
            finding,
            _words(change["was"]["judgement"], change["was"]["severity"]),
            _words(change["judgement"], change["severity"]),
            change["reason"],
        )
        for finding in findings
        if (change := appeal.changes.get(finding.requirement.code))
    ]


def _words(judgement: str, severity: str) -> str:
    said = str(Judgement(judgement).label)
    return f"{said} ({Severity(severity).label})" if severity else said
