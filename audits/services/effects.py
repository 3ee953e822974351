"""What a move does besides changing the state; each returns the details for the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audits import policies
from audits.models import (
    Audit,
    CommentDraft,
    Finding,
    FindingComment,
    GradeProposal,
    SchemeSettings,
    TeamMember,
)
from audits.services.assessment import facts_of
from audits.services.conflicts import refresh_conflict
from audits.services.following_up import take_over
from audits.services.interviews import coverage_of
from audits.services.presetting import preset
from audits.services.repinning import repin
from audits.services.results import STANDING, create_result, open_corrections
from audits.services.reviewing import review_pool
from audits.services.revising import withdraw_every_correction
from audits.services.telling import tell_of_lost_places
from audits.standards.models import Standard
from audits.terms import (
    Act,
    Answer,
    AuditKind,
    CommentKind,
    Judgement,
    ResultStatus,
    ReviewPool,
    Status,
)
from suppliers.models import SiteProfile
from ui.calendars import add_business_days

if TYPE_CHECKING:
    from accounts.models import User
    from audits.workflow import Move

Effect = Callable[[Audit, "Move"], dict[str, Any]]
EFFECTS: dict[Act, Effect] = {}


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
        rows.append(finding)
    more = take_over(audit, standard, rows) if audit.kind == AuditKind.FOLLOW_UP else {}
    for row in rows:
        preset(row, facts)
    Finding.objects.bulk_create(rows)
    return {
        "body": str(body.pk) if body else "",
        "standard": standard.version,
        "not_applicable": [row.requirement.code for row in rows if row.preset],
        **more,
    }


@effect(Act.PROPOSE_TEAM)
def _propose_team(audit: Audit, move: Move) -> dict[str, Any]:
    """Replace the team by the proposed one; who keeps the place need not be asked again."""
    wanted = {place["auditor"].pk: place["function"] for place in move.data["team"]}
    today = timezone.localdate()
    before = list(audit.team.all())
    kept = {
        member.auditor_id
        for member in before
        if wanted.get(member.auditor_id) == member.function and member.stands(today)
    }
    left = [member for member in before if member.auditor_id not in wanted]
    tell_of_lost_places(audit, left)
    audit.team.exclude(auditor__in=kept).delete()
    answer_by = add_business_days(today, SchemeSettings.objects.current().offer_days)
    TeamMember.objects.bulk_create(
        TeamMember(
            audit=audit,
            auditor=place["auditor"],
            function=place["function"],
            answer_by=answer_by,
        )
        for place in move.data["team"]
        if place["auditor"].pk not in kept
    )
    Audit.objects.filter(pk=audit.pk).update(team_agreed_at=None)
    refresh_conflict(audit, actor=move.actor)
    return {
        "answer_by": answer_by.isoformat(),
        "team": [
            [place["auditor"].registration_number, str(place["function"])]
            for place in move.data["team"]
        ],
        # Whose place went to somebody else, and who keeps his or hers: what a substitution is.
        "left": _numbers(left),
        "kept": _numbers(m for m in before if m.auditor_id in kept),
        "interpreters": bool(move.data.get("interpreters")),
    }


def _numbers(members: Iterable[TeamMember]) -> list[str]:
    return sorted(member.auditor.registration_number for member in members)


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
    repin(audit, day=fields["planned_from"], actor=move.actor)
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
    heard = coverage_of(audit)
    Audit.objects.filter(pk=audit.pk).update(finished_at=timezone.now())
    held = audit.closing_meeting_at
    return {
        "closing_meeting_at": held.isoformat() if held else "",
        "interviews": heard.counted,
        "interviews_at_least": heard.least,
    }


@effect(Act.SIGN)
def _sign(audit: Audit, move: Move) -> dict[str, Any]:
    pool = review_pool(audit)
    Audit.objects.filter(pk=audit.pk).update(
        signed_at=timezone.now(), reviewed_by=pool, reviewer=_kept_reviewer(audit, pool)
    )
    return {"counts": _counts(audit), "reviewed_by": pool.value}


def _kept_reviewer(audit: Audit, pool: ReviewPool) -> User | None:
    """Return who took the review before the report was sent back, if the pool is the same."""
    return policies.review_holder(audit) if audit.reviewed_by == pool else None


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
    CommentDraft.objects.filter(audit=audit, author=move.actor).delete()
    return {"codes": sorted(texts)}


@effect(Act.PASS_REVIEW)
def _pass_review(audit: Audit, move: Move) -> dict[str, Any]:
    """Whoever passes it in the place of somebody who left is its reviewer from here on."""
    if audit.reviewer is not None and policies.review_holder(audit) is None:
        Audit.objects.filter(pk=audit.pk).update(reviewer=move.actor)
    return _drop_drafts(audit, move)


@effect(Act.ACCEPT_FACTS)
def _drop_drafts(audit: Audit, move: Move) -> dict[str, Any]:
    """What was being written and not sent has no addressee any more."""
    CommentDraft.objects.filter(audit=audit).delete()
    return {}


@effect(Act.DEFER)
def _defer(audit: Audit, move: Move) -> dict[str, Any]:
    """A proposed grade is answered by deferring: the findings may change."""
    settled = (
        GradeProposal.objects.open()
        .filter(audit=audit)
        .update(agreed=False, settled_by=move.actor, settled_at=timezone.now(), answer=move.comment)
    )
    return {"proposals_settled": settled} if settled else {}


@effect(Act.ISSUE)
def _issue(audit: Audit, move: Move) -> dict[str, Any]:
    """Create the result and open a corrective action for each nonconformity."""
    result = create_result(
        audit,
        grade=move.data["grade"],
        reason=move.data.get("reason", ""),
        decided_by=move.data.get("decided_by") or _person(move),
        seconded_by=move.data.get("seconded_by"),
    )
    Audit.objects.filter(pk=audit.pk).update(issued_at=timezone.now())
    open_corrections(audit)
    return {
        "result": result.number,
        "computed": result.computed_grade,
        "grade": str(result.grade),
        "score": str(result.score),
        "reason": result.reason,
        "decided_by": str(result.decided_by_id),
        "seconded_by": str(result.seconded_by_id) if result.seconded_by_id else None,
    }


@effect(Act.VOID)
def _void(audit: Audit, move: Move) -> dict[str, Any]:
    """Withdraw the result and the open corrective actions; history is kept."""
    standing = audit.results.filter(status__in=STANDING)
    numbers = list(standing.order_by("revision").values_list("number", flat=True))
    standing.update(
        status=ResultStatus.WITHDRAWN, status_reason=move.comment, updated_at=timezone.now()
    )
    return {
        "results_withdrawn": numbers,
        "corrective_actions_withdrawn": withdraw_every_correction(audit),
    }


def _counts(audit: Audit) -> dict[str, int]:
    counts = dict.fromkeys(Judgement.values, 0)
    for judgement in audit.findings.values_list("judgement", flat=True):
        counts[judgement] += 1
    return counts
