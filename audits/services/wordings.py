"""Earlier wordings of a requirement in signed reports of one's own body, for whoever writes a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from accounts.models import Organisation
from accounts.policies import organisation_ids
from accounts.terms import Kind, Role
from audits import policies
from audits.models import Audit, ClosingMeeting, Finding
from audits.personal_data import personal_data_in
from audits.standards.services.mapping import same_meaning
from audits.terms import Judgement, Status
from suppliers.identifying import bare, leads_to, names_of, traces_of
from suppliers.models import FormerName, Supplier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User

# Signed and not taken back for writing; what was declared void is no example.
SIGNED = (Status.IN_REVIEW, Status.FACT_CHECK, Status.DECISION, Status.ISSUED, Status.CLOSED)
MOST = 5
# Texts that are looked at, newest first.
LOOKED_AT = 200


@dataclass
class Wording:
    """A text that stands in signed reports of the body: in how many, and when last."""

    text: str
    uses: int
    signed_at: datetime | None


def wordings_for(*, actor: User, finding: Finding, judgement: str = "") -> list[Wording]:
    """Return up to MOST wordings of the same requirement and judgement, the most used first.

    Only from audits of the body by which the actor audits here. A text that leads to a person, to
    the site it was written about, to any company that the body audited or to a brand is left out.
    `finding` comes with its audit, team and requirement; an unknown judgement means the finding's
    own. Raises PermissionDenied for everybody who does not write the finding. The number of queries
    does not depend on how many texts there are.
    """
    audit = finding.audit
    if not policies.writes_findings(actor, audit):
        raise PermissionDenied(policies.WHO_WRITES)
    if audit.body_id not in organisation_ids(actor, Kind.AUDIT_BODY, {Role.AUDITOR}):
        return []
    judgement = judgement if judgement in Judgement.values else finding.judgement
    found: dict[str, Wording] = {}
    for text, signed_at in _clean(audit, finding, judgement):
        wording = found.setdefault(bare(text), Wording(text, 0, signed_at))
        wording.uses += 1
    # Newest first already; a stable sort puts the most used of them in front.
    return sorted(found.values(), key=lambda row: -row.uses)[:MOST]


def _clean(audit: Audit, finding: Finding, judgement: str) -> Iterator[tuple[str, datetime | None]]:
    """Yield the texts that may be shown with the moment of their signature, newest first."""
    rows = list(
        Finding.objects.filter(
            audit__body=audit.body_id,
            audit__status__in=SIGNED,
            audit__signed_at__isnull=False,
            requirement__in=same_meaning(finding.requirement),
            judgement=judgement,
            carried_from=None,  # taken over by a follow-up, not written again
        )
        .exclude(audit=audit.pk)
        .exclude(report_text="")
        .select_related("audit__site__supplier")
        .defer("working_note")
        .order_by("-audit__signed_at")[:LOOKED_AT]
    )
    if not rows:
        return
    # Of thousands of names hardly any stands in one of the texts: those are looked for in each.
    written = "\n".join(bare(row.report_text) for row in rows)
    everywhere = {name for name in _names_around(audit.body_id) if name in written}
    people = _representatives({row.audit_id for row in rows})
    for row in rows:
        text = row.report_text.strip()
        traces = traces_of(row.audit.site) | people.get(row.audit_id, set())
        if not text or personal_data_in(text):
            continue
        if leads_to(text, traces | everywhere | {bare(row.audit.number)}):
            continue
        yield text, row.audit.signed_at


def _names_around(body: UUID | None) -> set[str]:
    """Return the names of every company that the body audits or audited, and of all brands; bare."""
    audited = Audit.objects.filter(body=body).values("site__supplier")
    companies = [
        *Supplier.objects.filter(pk__in=audited),
        *FormerName.objects.filter(supplier__in=audited),
    ]
    brands = Organisation.objects.filter(kind=Kind.BRAND).only("name_ja", "name_en")
    found = {name for company in companies for name in names_of(company)}
    found |= {bare(name) for brand in brands for name in (brand.name_ja, brand.name_en)}
    return {name for name in found if len(name) > 1}


def _representatives(audits: set[UUID]) -> dict[UUID, set[str]]:
    """Return the names of those who signed for the site at a closing meeting, whole and in parts."""
    found: dict[UUID, set[str]] = {}
    rows = ClosingMeeting.objects.filter(audit__in=audits).values_list("audit", "representative")
    for audit, name in rows:
        parts = {bare(part) for part in (name, *name.split())}
        found.setdefault(audit, set()).update(part for part in parts if len(part) > 1)
    return found
