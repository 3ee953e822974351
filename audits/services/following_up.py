"""Follow-up audits: what they look at again, and what they take over.

A follow-up audit looks at what the site's last audit left open and at the core of the settings; all
other findings it takes over, each with a note from which audit. So its report is complete, and its
grade is computed from the whole standard by the same rule as every other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from audits.models import Audit, Finding, SchemeSettings
from audits.origins import corrected_at
from audits.standards.services.mapping import carried_over
from audits.terms import Judgement, ResultStatus
from suppliers.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.standards.models import Standard

NOTHING_TO_FOLLOW = _(
    "A follow-up audit continues an audit whose result stands, and this site has none. "
    "Choose an initial audit."
)
# Answers that hold without another look; everything else is looked at.
HOLDS = (Judgement.CONFORMING, Judgement.NOT_APPLICABLE)


def followed(site: Site) -> Audit | None:
    """Return the audit of the site whose result stands, the one a follow-up would continue."""
    standing = Audit.objects.filter(
        site__in=Site.objects.at_place_of(site),
        results__status__in=(ResultStatus.VALID, ResultStatus.SUSPENDED),
    )
    return standing.select_related("standard").order_by("-issued_at").first()


def take_over(audit: Audit, standard: Standard, rows: Iterable[Finding]) -> dict[str, Any]:
    """Answer the unsaved findings of a follow-up from the audit it continues; return what for the record.

    Looked at again is what was not met and is not corrected yet, what could not be verified, what
    the site profile answered (it may answer otherwise now), what has changed with the version of
    the standard, and the core of the settings. A nonconformity whose corrective action was closed
    is taken over as conforming.
    """
    earlier = followed(audit.site)
    if earlier is None or earlier.standard is None:
        return {}
    Audit.objects.filter(pk=audit.pk).update(follows=earlier)
    core = set(SchemeSettings.objects.current().follow_up_core)
    before = {
        row.requirement_id: row
        for row in earlier.findings.select_related("requirement", "corrective_action")
    }
    same = earlier.standard_id == standard.pk
    origin = {key: key for key in before} if same else carried_over(earlier.standard, standard)
    taken = []
    for row in rows:
        old = before.get(origin.get(row.requirement_id))  # type: ignore[arg-type]  # None is no key
        if old is None or row.requirement.code in core or not _holds(old):
            continue
        if old.judgement == Judgement.NONCONFORMING:
            row.judgement = Judgement.CONFORMING
        else:
            row.judgement, row.methods = old.judgement, old.methods
            row.report_text, row.reason = old.report_text, old.reason
        # The note leads to the audit that looked at it, over however many follow-ups.
        row.carried_from = old.carried_from or old
        taken.append(row.requirement.code)
    return {"follows": earlier.number, "taken_over": taken}


def _holds(finding: Finding) -> bool:
    """Say whether the answer may stand without another look."""
    if finding.preset:
        return False
    return finding.judgement in HOLDS or corrected_at(finding) is not None
