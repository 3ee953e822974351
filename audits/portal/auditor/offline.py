"""What a tablet keeps for work without a network: one audit as data, for its team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits import policies
from audits.models import Evidence, Finding
from audits.portal.auditor.places import audit_of
from audits.services.previous import previous_of
from audits.services.syncing import as_stored
from audits.standards.models import Clause
from audits.terms import EvidenceClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.http import UserRequest
    from audits.models import Audit, TeamMember
    from audits.standards.models import Requirement


@require_GET
def offline_data(request: UserRequest, number: str) -> JsonResponse:
    """Return requirements, clauses, findings and the last audit's judgements in the user's language.

    Of evidence only references go along, of sealed evidence nothing at all.
    """
    audit = audit_of(request, number)
    if audit.standard_id is None:
        raise Http404
    findings = list(
        Finding.objects.visible_to(request.user)
        .filter(audit=audit)
        .in_order()
        .select_related("changed_by")
    )
    clauses = Clause.objects.by_requirement(audit.standard_id)
    before, evidence = _before(request, audit), _evidence(request, audit)
    team = {place.pk: place for place in audit.team.all() if place.answer != "declined"}
    answer = JsonResponse(
        {
            "number": audit.number,
            "person": str(request.user.pk),
            "title": f"{audit.site.supplier.name} {audit.site.name}",
            "status": audit.get_status_display(),
            "writable": policies.writes_findings(request.user, audit),
            "at": timezone.now().isoformat(),
            "requirements": [
                _requirement(row.requirement)
                | {
                    "clauses": [_clause(one) for one in clauses.get(row.requirement_id, [])],
                    "before": before.get(row.requirement.code, ""),
                    "evidence": evidence.get(row.pk, []),
                }
                | _holder(request, row, team)
                for row in findings
            ],
            "findings": [as_stored(row) | {"code": row.requirement.code} for row in findings],
        }
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _requirement(row: Requirement) -> dict[str, Any]:
    return {
        "code": row.code,
        "category": row.category.number,
        "category_name": str(row.category.name),
        "title": str(row.title),
        "text": str(row.text),
        "guidance": str(row.guidance),
        "hint": str(row.evidence_hint),
        "legal": row.legal_basis,
        "severity": row.severity,
        "severity_label": row.get_severity_display(),
        "provenance": row.get_provenance_display() if row.provenance != "official" else "",
    }


def _holder(
    request: UserRequest, row: Finding, team: Mapping[int, TeamMember]
) -> dict[str, str | bool]:
    """Return whose the requirement is in a divided team, and whether it is the reader's."""
    place = team.get(row.assigned_to_id) if row.assigned_to_id else None
    user = place.auditor.user if place else None
    return {"holder": user.name if user else "", "mine": user is not None and user == request.user}


def _clause(row: Clause) -> dict[str, str]:
    return {
        "code": row.code,
        "text": str(row.text),
        "condition": row.get_condition_display() if row.condition else "",
    }


def _before(request: UserRequest, audit: Audit) -> dict[str, str]:
    """Return in words what the site's last audit found, by code."""
    earlier = previous_of(request.user, audit)
    if earlier is None:
        return {}
    issued = earlier.audit.issued_at
    return {
        code: _("Last audit (%(year)s): %(judgement)s")
        % {
            "year": issued.year if issued else "–",
            "judgement": " · ".join(
                filter(
                    None,
                    (before.label, before.text, before.repeat.sentence if before.repeat else ""),
                )
            ),
        }
        for code, before in earlier.findings.items()
    }


def _evidence(request: UserRequest, audit: Audit) -> dict[int, list[str]]:
    """Return references and captions of the evidence by finding, without the sealed."""
    found: dict[int, list[str]] = {}
    rows = Evidence.objects.visible_to(request.user).filter(audit=audit, finding__isnull=False)
    for row in rows.exclude(evidence_class=EvidenceClass.SEALED):
        if row.finding_id is not None:
            found.setdefault(row.finding_id, []).append(f"{row.label} {row.caption}".strip())
    return found
