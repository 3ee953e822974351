"""What the site profile answers by itself: requirements that do not apply to the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.standards.conditions import why_not_applicable
from audits.terms import Judgement

if TYPE_CHECKING:
    from audits.models import Finding
    from audits.standards.conditions import SiteFacts

# Whose answer a finding holds, when it is not that of a person of this audit.
ORIGIN = ("preset", "carried_from")


def preset(finding: Finding, facts: SiteFacts | None) -> None:
    """Answer an unsaved change of a finding from the profile, or take back what it no longer says.

    Source: the profile comes before the checklist; a requirement whose condition the site does not
    meet is not applicable, with the reason. Without `facts` nothing is answered. What a person
    answered stays unless the requirement does not apply.
    """
    condition = finding.requirement.condition
    if why_not := why_not_applicable(condition, facts):
        finding.judgement = Judgement.NOT_APPLICABLE
        finding.reason = why_not
        finding.severity, finding.clauses_not_met = "", []
        finding.preset, finding.carried_from = True, None
    elif finding.preset:
        finding.judgement, finding.reason, finding.preset = Judgement.UNASSESSED, "", False
