"""What a corrective action plan says, as plain data: parties, actions, and how far each has come."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from accounts import policies as accounts
from audits.auditors.terms import Level
from audits.models import AuditEvent, CorrectiveAction
from audits.services.correcting import STEPS
from audits.terms import Answer, CorrectionStatus
from reports.snapshot.audits import site_of
from reports.snapshot.people import acting
from reports.snapshot.results import repeat_of
from reports.snapshot.values import Data, day, moment, names_of, pair_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from audits.models import Audit, Finding, Result

SCHEMA = "orime-corrective-action-plan"
SCHEMA_VERSION = 1
# What is told of an action: its steps, and how a later audit ended it.
TOLD = (
    *(f"corrective_action_{step}" for step in STEPS),
    "corrective_action_closed_by_audit",
    "corrective_action_carried_over_by_audit",
)


def plan_of(audit: Audit, result: Result, *, number: str, actor: User, now: datetime) -> Data:
    """Return everything that the plan of an audit says at a moment.

    Drafts that the supplier has not sent are not read; of files only the reference and the hash.
    Who checked an action is not named: the record keeps that.
    """
    standard = audit.pinned_standard
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "number": number,
        "made_at": moment(now),
        "made_by": _maker(actor, audit),
        "audit": audit.number,
        "language_of_texts": "ja",
        "site": site_of(audit),
        "standard": {"version": standard.version, "title": pair_of(standard, "title")},
        "secretariat": names_of(audit.secretariat),
        "body": names_of(audit.body) if audit.body else None,
        "lead": _lead(audit),
        "visit_from": day(audit.planned_from),
        "visit_until": day(audit.planned_until),
        "result": {
            "number": result.number,
            "revision": result.revision,
            "grade": result.grade,
            "status": result.status,
            "issued_on": day(result.issued_on),
        },
        "actions": _actions(audit),
        "verification_address": f"{settings.SITE_URL.rstrip('/')}{reverse('verify_file')}",
    }


def _maker(actor: User, audit: Audit) -> Data:
    """Return who asked, and for which of the parties; for the scheme owner none of them."""
    parties = (audit.site.supplier.organisation, audit.body, audit.secretariat)
    party = next((each for each in parties if each and accounts.holds(actor, each.pk)), None)
    known = acting(actor, party) if party else None
    return {
        "name": actor.name,
        "function": known["function"] if known else None,
        "organisation": names_of(party) if party else None,
    }


def _lead(audit: Audit) -> str:
    places = audit.team.filter(function=Level.LEAD, answer=Answer.ACCEPTED)
    place = places.select_related("auditor__user").order_by("pk").first()
    return place.auditor.user.name if place else ""


def _actions(audit: Audit) -> list[Data]:
    """Return the actions; what an appeal made needless is not part of the plan any more."""
    rows = (
        CorrectiveAction.objects.filter(finding__audit=audit)
        .exclude(status=CorrectionStatus.WITHDRAWN)
        .select_related("finding__requirement")
        .prefetch_related("files", "finding__requirement__clauses")
        .order_by("finding__requirement__order")
    )
    steps = _steps(audit)
    return [_action(row, steps[row.finding.requirement.code]) for row in rows]


def _steps(audit: Audit) -> dict[str, list[Data]]:
    """Return what was done about each requirement, by its code, oldest first."""
    found: dict[str, list[Data]] = defaultdict(list)
    for event in AuditEvent.objects.filter(audit=audit, act__in=TOLD).order_by("sequence"):
        found[event.payload["code"]].append(
            {"act": event.act, "at": moment(event.at), "comment": event.comment}
        )
    return found


def _action(row: CorrectiveAction, steps: list[Data]) -> Data:
    finding = row.finding
    return {
        "code": finding.requirement.code,
        "title": pair_of(finding.requirement, "title"),
        "severity": finding.effective_severity,
        "finding": finding.report_text,
        "clauses_not_met": _clauses(finding),
        "repeat": repeat_of(row),
        "status": row.status,
        "overdue": row.is_overdue,
        "root_cause": row.root_cause,
        "correction": row.correction,
        "prevention": row.prevention,
        "responsible": row.responsible,
        "planned_on": day(row.planned_on),
        "plan_due_on": day(row.plan_due_on),
        "close_due_on": day(row.close_due_on),
        "verification": row.verification,
        "done": row.evidence_note,
        "files": [{"label": file.label, "sha256": file.sha256} for file in row.files.all()],
        "closed_at": moment(row.closed_at),
        "steps": steps,
    }


def _clauses(finding: Finding) -> list[str]:
    unmet = set(finding.clauses_not_met)
    clauses = sorted(finding.requirement.clauses.all(), key=lambda row: row.order)
    return [clause.code for clause in clauses if clause.code in unmet]
