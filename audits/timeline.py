"""The record of an audit as a timeline that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.timeline import Entry
from audits.change_terms import ChangeDecision, ChangeKind
from audits.terms import Act, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from audits.models import AuditEvent

# What is recorded besides the moves of TRANSITIONS.
OTHER_ACTS: dict[str, _StrPromise] = {
    "open": _("Application opened"),
    "offer_accepted": _("Offer accepted by an auditor"),
    "offer_declined": _("Offer declined by an auditor"),
    "agree_team": _("Team agreed to by the supplier"),
    "closing_signed": _("Closing meeting signed"),
    "closing_replaced": _("Closing meeting held again"),
    "work_divided": _("Work divided within the team"),
    "workbook_taken_over": _("Workbook taken over"),
    "add_evidence": _("Evidence added"),
    "change_evidence": _("Evidence described or classed anew"),
    "remove_evidence": _("Evidence removed"),
    "read_evidence": _("Sealed evidence read"),
    "interviews_explained": _("Reason given for fewer interviews"),
    "interpreter_added": _("Interpreter recorded"),
    "interpreter_conflict": _("Conflict of an interpreter stated"),
    "interpreter_removed": _("Interpreter taken out"),
    "interview_note_written": _("Interview note written"),
    "read_interview_note": _("Sealed interview note read"),
    "answer_comment": _("Comment answered"),
    "route_chosen": _("Secretariat and audit body chosen"),
    "document_sent": _("Document sent"),
    "file_taken_back": _("File taken back"),
    "document_answered": _("Document answered for"),
    "document_asked": _("Further document asked for"),
    "document_accepted": _("Document accepted"),
    "document_flagged": _("Document not sufficient"),
    "offer_lapsed": _("Offer not answered in time"),
    "conflict_found": _("Conflict of interest found"),
    "conflict_cleared": _("Conflict of interest cleared"),
    "conflict_settled": _("Conflict of interest settled by the secretariat"),
    "standard_repinned": _("Version of the standard changed"),
    "take_review": _("Review taken"),
    "release_review": _("Review released"),
    "grade_proposed": _("Different grade proposed"),
    "grade_agreed": _("Different grade agreed to by a second person"),
    "grade_refused": _("Different grade refused by a second person"),
    "alert_raised": _("Critical alert raised"),
    "alert_confirmed": _("Critical alert confirmed"),
    "alert_cancelled": _("Critical alert cancelled"),
    "alert_told": _("Supplier told of the critical alert"),
    "appeal_raised": _("Appeal raised"),
    "appeal_dismissed": _("Appeal dismissed"),
    "appeal_upheld": _("Appeal upheld"),
    "change_declared": _("Change at the site reported"),
    "change_decided": _("Change at the site decided on"),
    "supplier_merged": _("Supplier merged into another entry of the same company"),
    "sites_merged": _("Site merged with another entry of the same place"),
    "result_suspended": _("Result suspended"),
    "result_reinstated": _("Result reinstated"),
    "result_withdrawn": _("Result withdrawn"),
    "result_superseded": _("Result superseded"),
    "result_expired": _("Result expired"),
    "submission_made": _("Submission papers made"),
    "corrective_action_plan": _("Corrective action planned"),
    "corrective_action_accept_plan": _("Plan of a corrective action accepted"),
    "corrective_action_return_plan": _("Plan of a corrective action returned"),
    "corrective_action_submit_evidence": _("Corrective action reported as done"),
    "corrective_action_return_evidence": _("Corrective action returned"),
    "corrective_action_file": _("File added to a corrective action"),
    "corrective_action_close": _("Corrective action closed"),
    "corrective_action_carry_over": _("Corrective action carried over"),
    "corrective_action_closed_by_audit": _("Corrective action closed by a later audit"),
    "corrective_action_escalated_body": _("Late corrective action brought before the audit body"),
    "corrective_action_escalated_secretariat": _(
        "Late corrective action brought before the secretariat"
    ),
    "corrective_action_carried_over_by_audit": _("Corrective action carried over to a later audit"),
}
BAD = (Act.ABORT, Act.WITHDRAW, Act.CANCEL, Act.VOID)
BACK = (Act.RETURN, Act.OBJECT, Act.SEND_BACK, Act.DISPUTE, Act.DEFER)


def act_title(act: str) -> str:
    """Return a recorded act in words; an act without words keeps its code."""
    if act in Act.values:
        return str(Act(act).label)
    return str(OTHER_ACTS.get(act, act))


def entries(events: Iterable[AuditEvent]) -> list[Entry]:
    """Return the record as a timeline, in the order given; `events` come with their actor."""
    return [
        Entry(
            title=_title(event),
            at=event.at,
            who=str(event.actor) if event.actor else str(_("automatic")),
            tag=str(Status(event.to_status).label) if event.to_status in Status.values else "",
            text=event.comment,
            tone="bad" if event.act in (*BAD, *BACK) else "",
        )
        for event in events
    ]


def _title(event: AuditEvent) -> str:
    title = act_title(event.act)
    subject = subject_of(event.payload)
    return f"{title} · {subject}" if subject else title


def subject_of(payload: Mapping[str, Any]) -> str:
    """Return what an entry is about: a requirement, evidence, documents, a change, a merge; "" for none."""
    if names := payload.get("documents"):
        return str(names[0]) if len(names) == 1 else f"{names[0]} (+{len(names) - 1})"
    if (kind := payload.get("change")) in ChangeKind.values:
        decision = payload.get("decision")
        what = [ChangeKind(kind).label]
        what += [ChangeDecision(decision).label] if decision in ChangeDecision.values else []
        return " · ".join(str(label) for label in what)
    if payload.get("merged"):
        return f"{payload.get('was')} → {payload.get('into')}"
    return str(payload.get("code") or payload.get("evidence") or payload.get("note") or "")
