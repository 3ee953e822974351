"""What a move does besides changing the state; each returns the details for the record."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audits.calendars import add_business_days
from audits.models import (
    Audit,
    CorrectiveAction,
    Finding,
    FindingComment,
    Result,
    SchemeSettings,
    TeamMember,
)
from audits.services.assessment import computed_grade, facts_of, grading_inputs
from audits.standards.conditions import applies, reason_not_applicable
from audits.standards.models import Standard
from audits.terms import (
    Act,
    Answer,
    CommentKind,
    Judgement,
    ResultStatus,
    Severity,
    Status,
    Verification,
)
from suppliers.models import SiteProfile

if TYPE_CHECKING:
    from accounts.models import User
    from audits.workflow import Move

Effect = Callable[[Audit, "Move"], dict[str, Any]]
EFFECTS: dict[Act, Effect] = {}
# Crockford's alphabet without the letters that are misread on paper.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def effect(act: Act) -> Callable[[Effect], Effect]:
    """Register what an act does besides changing the state."""

    def register(function: Effect) -> Effect:
        EFFECTS[act] = function
        return function

    return register


def due_after(audit: Audit, status: Status) -> date | None:
    """Return by when the step that a state waits for is due, or None: the scheme's settings."""
    settings = SchemeSettings.objects.current()
    today = timezone.localdate()
    due: dict[Status, date | None] = {
        Status.SUBMITTED: add_business_days(today, settings.intake_days),
        Status.TEAM_PROPOSED: add_business_days(today, settings.objection_days),
        Status.SCHEDULED: audit.planned_from,
        Status.FIELDWORK: audit.planned_until,
        Status.DRAFTING: add_business_days(today, settings.drafting_days),
        Status.IN_REVIEW: add_business_days(today, settings.review_days),
        Status.FACT_CHECK: add_business_days(today, settings.fact_check_days),
        Status.DECISION: add_business_days(today, settings.decision_days),
    }
    return due.get(status)


def _person(move: Move) -> User:
    """Return who acts, for acts that the clock cannot do."""
    if move.actor is None:
        raise PermissionDenied
    return move.actor


@effect(Act.ACCEPT)
def _accept(audit: Audit, move: Move) -> dict[str, Any]:
    """Pin the standard and lay out its findings, those that do not apply already answered."""
    body = move.data.get("body") or audit.body
    day = audit.preferred_from or timezone.localdate()
    standard = Standard.objects.usable_on(day).order_by("-effective_on")[0]
    Audit.objects.filter(pk=audit.pk).update(body=body, standard=standard)
    facts = facts_of(audit.profile) if audit.profile else None
    rows = []
    for requirement in standard.requirements.order_by("order"):
        finding = Finding(audit=audit, requirement=requirement)
        if facts is not None and not applies(requirement.condition, facts):
            finding.judgement = Judgement.NOT_APPLICABLE
            finding.reason = str(reason_not_applicable(requirement.condition))
            finding.preset = True
        rows.append(finding)
    Finding.objects.bulk_create(rows)
    preset = [row.requirement.code for row in rows if row.preset]
    return {
        "body": str(body.pk) if body else "",
        "standard": standard.version,
        "not_applicable": preset,
    }


@effect(Act.PROPOSE_TEAM)
def _propose_team(audit: Audit, move: Move) -> dict[str, Any]:
    """Replace the team by the proposed one; who keeps the place need not answer again."""
    wanted = {place["auditor"].pk: place["function"] for place in move.data["team"]}
    kept = {
        member.auditor_id
        for member in audit.team.all()
        if wanted.get(member.auditor_id) == member.function and member.answer == Answer.ACCEPTED
    }
    audit.team.exclude(auditor__in=kept).delete()
    TeamMember.objects.bulk_create(
        TeamMember(audit=audit, auditor=place["auditor"], function=place["function"])
        for place in move.data["team"]
        if place["auditor"].pk not in kept
    )
    Audit.objects.filter(pk=audit.pk).update(team_agreed_at=None)
    return {
        "team": [
            [place["auditor"].registration_number, str(place["function"])]
            for place in move.data["team"]
        ],
        "interpreters": bool(move.data.get("interpreters")),
    }


@effect(Act.SCHEDULE)
def _schedule(audit: Audit, move: Move) -> dict[str, Any]:
    fields = {
        "planned_from": move.data["planned_from"],
        "planned_until": move.data["planned_until"],
        "person_days": move.data["person_days"],
        "person_days_reason": move.data.get("person_days_reason", ""),
    }
    Audit.objects.filter(pk=audit.pk).update(**fields)
    audit.planned_from = fields["planned_from"]
    # Somebody who declined is no longer part of the team that goes.
    audit.team.filter(answer=Answer.DECLINED).delete()
    return {name: str(value) for name, value in fields.items()}


@effect(Act.START)
def _start(audit: Audit, move: Move) -> dict[str, Any]:
    """From here on the profile is what the audit is about, and no longer changes."""
    now = timezone.now()
    Audit.objects.filter(pk=audit.pk).update(started_at=now)
    SiteProfile.objects.filter(audits=audit, frozen_at=None).update(frozen_at=now)
    return {}


@effect(Act.FINISH_VISIT)
def _finish_visit(audit: Audit, move: Move) -> dict[str, Any]:
    held = move.data.get("closing_meeting_at") or audit.closing_meeting_at
    Audit.objects.filter(pk=audit.pk).update(
        finished_at=timezone.now(),
        closing_meeting_at=held,
        closing_meeting_note=move.data.get("closing_meeting_note", audit.closing_meeting_note),
    )
    return {"closing_meeting_at": held.isoformat() if held else ""}


@effect(Act.SIGN)
def _sign(audit: Audit, move: Move) -> dict[str, Any]:
    Audit.objects.filter(pk=audit.pk).update(signed_at=timezone.now())
    return {"counts": _counts(audit)}


@effect(Act.SEND_BACK)
def _send_back(audit: Audit, move: Move) -> dict[str, Any]:
    return _comment(audit, move, CommentKind.REVIEW, move.data.get("comments", {}))


@effect(Act.DISPUTE)
def _dispute(audit: Audit, move: Move) -> dict[str, Any]:
    return _comment(audit, move, CommentKind.DISPUTE, move.data["disputes"])


def _comment(audit: Audit, move: Move, kind: CommentKind, texts: dict[str, str]) -> dict[str, Any]:
    """Keep one comment per finding; `texts` is by code of the requirement."""
    findings = audit.findings.filter(requirement__code__in=texts).select_related("requirement")
    FindingComment.objects.bulk_create(
        FindingComment(
            finding=finding,
            kind=kind,
            text=texts[finding.requirement.code].strip(),
            author=move.actor,
        )
        for finding in findings
    )
    return {"codes": sorted(texts)}


@effect(Act.ISSUE)
def _issue(audit: Audit, move: Move) -> dict[str, Any]:
    """Create the result and open a corrective action for each nonconformity."""
    settings = SchemeSettings.objects.current()
    today = timezone.localdate()
    computed = computed_grade(audit)
    grade = move.data["grade"]
    revision = audit.results.count() + 1
    renewal_due_on = settings.renewal_due(grade, today)
    result = Result.objects.create(
        audit=audit,
        revision=revision,
        number=audit.number if revision == 1 else f"{audit.number}-{revision}",
        computed_grade=computed.grade,
        score=computed.score,
        grade=grade,
        reason=move.data.get("reason", ""),
        decided_by=_person(move),
        seconded_by=move.data.get("seconded_by"),
        inputs=grading_inputs(audit),
        official=audit.pinned_standard.official,
        issued_on=today,
        renewal_due_on=renewal_due_on,
        expires_on=settings.expires(renewal_due_on),
        verification_code="".join(secrets.choice(CODE_ALPHABET) for _position in range(12)),
    )
    Audit.objects.filter(pk=audit.pk).update(issued_at=timezone.now())
    nonconforming = audit.findings.filter(
        judgement=Judgement.NONCONFORMING, corrective_action=None
    ).select_related("requirement")
    CorrectiveAction.objects.bulk_create(
        _corrective_action(finding, settings, today) for finding in nonconforming
    )
    return {
        "result": result.number,
        "computed": computed.grade,
        "grade": str(grade),
        "score": str(computed.score),
        "reason": result.reason,
        "seconded_by": str(result.seconded_by_id) if result.seconded_by_id else None,
    }


def _corrective_action(finding: Finding, settings: SchemeSettings, today: date) -> CorrectiveAction:
    rule = settings.corrective_deadlines[finding.effective_severity or Severity.MINOR]
    return CorrectiveAction(
        finding=finding,
        plan_due_on=today + timedelta(days=int(rule["plan"])),
        close_due_on=today + timedelta(days=int(rule["close"])),
        verification=Verification(rule["verification"]),
    )


@effect(Act.VOID)
def _void(audit: Audit, move: Move) -> dict[str, Any]:
    """Withdraw the result; history is kept."""
    audit.results.filter(status__in=(ResultStatus.VALID, ResultStatus.SUSPENDED)).update(
        status=ResultStatus.WITHDRAWN, updated_at=timezone.now()
    )
    return {}


def _counts(audit: Audit) -> dict[str, int]:
    counts = dict.fromkeys(Judgement.values, 0)
    for judgement in audit.findings.values_list("judgement", flat=True):
        counts[judgement] += 1
    return counts
