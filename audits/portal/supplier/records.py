"""The record of an audit as far as it is for the supplier: what was done, when, in which capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from audits.models import AuditEvent
from audits.terms import Act
from audits.timeline import act_title, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from accounts.models import User
    from audits.models import Audit, CorrectiveAction
    from audits.models.events import AuditEventQuerySet

COORDINATOR = _("coordinator")
LEAD = _("lead auditor")
TEAM = _("audit team")
REVIEWER = _("reviewer")
DECISION_MAKER = _("decision maker")
SECRETARIAT = _("secretariat or scheme owner")
CHECKER = _("coordinator or lead auditor")

# Who does the acts that are told to a supplier; the others are its own, or the clock's.
WHO: dict[str, _StrPromise] = {
    Act.RETURN: COORDINATOR,
    Act.ACCEPT: COORDINATOR,
    Act.PROPOSE_TEAM: COORDINATOR,
    Act.SCHEDULE: COORDINATOR,
    Act.START: LEAD,
    Act.ABORT: LEAD,
    Act.FINISH_VISIT: LEAD,
    Act.SIGN: LEAD,
    "document_asked": TEAM,
    "document_accepted": TEAM,
    "document_flagged": TEAM,
    Act.PASS_REVIEW: REVIEWER,
    Act.ISSUE: DECISION_MAKER,
    Act.CANCEL: COORDINATOR,
    Act.VOID: _("scheme owner"),
    "alert_told": SECRETARIAT,
    "appeal_dismissed": SECRETARIAT,
    "appeal_upheld": SECRETARIAT,
    "change_decided": SECRETARIAT,
    "supplier_merged": SECRETARIAT,
    "sites_merged": SECRETARIAT,
    "result_superseded": SECRETARIAT,
    "result_suspended": SECRETARIAT,
    "result_reinstated": SECRETARIAT,
    "result_withdrawn": SECRETARIAT,
    "corrective_action_accept_plan": CHECKER,
    "corrective_action_return_plan": CHECKER,
    "corrective_action_return_evidence": CHECKER,
    "corrective_action_close": CHECKER,
    "corrective_action_carry_over": COORDINATOR,
}
LABELS: dict[str, _StrPromise] = {
    "open": _("Application opened"),
    "agree_team": _("Agreed to the team"),
    "corrective_action_plan": _("Plan submitted"),
    "corrective_action_accept_plan": _("Plan accepted"),
    "corrective_action_return_plan": _("Plan returned"),
    "corrective_action_submit_evidence": _("Evidence submitted"),
    "corrective_action_return_evidence": _("Evidence returned"),
    "corrective_action_close": _("Corrective action closed"),
    "corrective_action_carry_over": _("Carried over to the next audit"),
}


def shown_events(user: User, audit: Audit) -> AuditEventQuerySet:
    """Return the entries of the audit's record that are for the supplier, oldest first."""
    rows = AuditEvent.objects.visible_to(user).filter(audit=audit)
    return rows.select_related("actor").order_by("sequence")


def why_returned(events: Iterable[AuditEvent]) -> str:
    """Return the coordinator's reason when the application was returned last, else ""."""
    moves = [event for event in events if event.to_status]
    return moves[-1].comment if moves and moves[-1].act == Act.RETURN else ""


def events_of_action(user: User, action: CorrectiveAction) -> AuditEventQuerySet:
    """Return the entries about one corrective action, oldest first."""
    return shown_events(user, action.finding.audit).filter(
        act__startswith="corrective_action_", payload__code=action.finding.requirement.code
    )


def entries(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """Return the entries of `ui/parts/timeline.html`, newest first.

    The supplier's own people are named; the others appear in their capacity.
    """
    return [
        {
            "title": LABELS.get(event.act, act_title(event.act)),
            "tag": subject_of(event.payload),
            "at": event.at,
            "who": _who(event),
            "text": event.comment,
        }
        for event in reversed(list(events))
    ]


def _who(event: AuditEvent) -> str | _StrPromise:
    if event.actor is None:
        return _("automatically")
    return WHO.get(event.act) or event.actor.name
