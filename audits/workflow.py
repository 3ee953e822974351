"""The life of an audit as one table; everything that moves, shows or tests a state reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audits.terms import Act, Actor, Status

if TYPE_CHECKING:
    from accounts.models import User

OPEN = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.TEAM_PROPOSED,
    Status.SCHEDULED,
    Status.FIELDWORK,
    Status.DRAFTING,
    Status.IN_REVIEW,
    Status.FACT_CHECK,
    Status.DECISION,
)
BEFORE_VISIT = OPEN[:5]
ENDED = (Status.CLOSED, Status.ABORTED, Status.WITHDRAWN, Status.CANCELLED, Status.VOID)


@dataclass(frozen=True)
class Transition:
    """One act: from which states, to which, by whom, and which guards must hold.

    `guards` are names in `audits.checks.GUARDS`; each yields sentences when it refuses.
    `final` acts cannot be undone and are confirmed with their consequences.
    """

    act: Act
    sources: tuple[Status, ...]
    target: Status
    actors: tuple[Actor, ...]
    guards: tuple[str, ...] = ()
    comment: bool = False
    final: bool = False


COORDINATORS = (Actor.BODY, Actor.SECRETARIAT)

TRANSITIONS: dict[Act, Transition] = {
    row.act: row
    for row in (
        Transition(
            Act.SUBMIT,
            (Status.DRAFT,),
            Status.SUBMITTED,
            (Actor.SUPPLIER, Actor.BODY),
            (
                "profile_complete",
                "profile_recent",
                "documents_answered",
                "terms_accepted",
                "route_open",
                "no_other_open_audit",
                "follow_up_has_something_to_follow",
            ),
        ),
        Transition(Act.RETURN, (Status.SUBMITTED,), Status.DRAFT, COORDINATORS, comment=True),
        Transition(
            Act.ACCEPT,
            (Status.SUBMITTED,),
            Status.ACCEPTED,
            COORDINATORS,
            (
                "body_chosen",
                "designation_permits_accept",
                "designation_permits_renew",
                "standard_usable",
                "follow_up_has_something_to_follow",
            ),
        ),
        Transition(
            Act.PROPOSE_TEAM,
            # Again when somebody declined, was objected to or cannot come: a substitute.
            (Status.ACCEPTED, Status.TEAM_PROPOSED, Status.SCHEDULED),
            Status.TEAM_PROPOSED,
            COORDINATORS,
            ("team_has_one_lead", "team_members_eligible", "languages_covered"),
        ),
        Transition(
            Act.OBJECT,
            (Status.TEAM_PROPOSED,),
            Status.ACCEPTED,
            (Actor.SUPPLIER,),
            ("objection_window_open",),
            comment=True,
        ),
        Transition(
            Act.SCHEDULE,
            # Again when the visit has to be put off.
            (Status.TEAM_PROPOSED, Status.SCHEDULED),
            Status.SCHEDULED,
            COORDINATORS,
            (
                "designation_permits_schedule",
                "team_accepted_and_signed",
                "supplier_agreed_or_window_over",
                "visit_dates_set",
                "person_days_sufficient",
                "team_still_eligible",
            ),
        ),
        Transition(
            Act.START,
            (Status.SCHEDULED,),
            Status.FIELDWORK,
            (Actor.LEAD,),
            ("within_visit_dates", "designation_permits_perform", "team_without_new_conflict"),
        ),
        Transition(
            Act.ABORT,
            (Status.FIELDWORK,),
            Status.ABORTED,
            (Actor.LEAD,),
            comment=True,
            final=True,
        ),
        Transition(
            Act.FINISH_VISIT,
            (Status.FIELDWORK,),
            Status.DRAFTING,
            (Actor.LEAD,),
            (
                "every_finding_judged",
                "findings_tellable",
                "interviews_enough_or_reasoned",
                "closing_meeting_recorded",
            ),
        ),
        Transition(
            Act.SIGN,
            (Status.DRAFTING,),
            Status.IN_REVIEW,
            (Actor.LEAD,),
            ("findings_complete", "disputes_answered"),
        ),
        Transition(
            Act.SEND_BACK,
            (Status.IN_REVIEW,),
            Status.DRAFTING,
            (Actor.REVIEWER,),
            ("reviewer_independent",),
            comment=True,
        ),
        Transition(
            Act.PASS_REVIEW,
            (Status.IN_REVIEW,),
            Status.FACT_CHECK,
            (Actor.REVIEWER,),
            ("reviewer_independent",),
        ),
        Transition(
            Act.DISPUTE,
            (Status.FACT_CHECK,),
            Status.DRAFTING,
            (Actor.SUPPLIER,),
            ("dispute_window_open", "dispute_names_findings"),
        ),
        Transition(
            Act.ACCEPT_FACTS,
            (Status.FACT_CHECK,),
            Status.DECISION,
            (Actor.SUPPLIER, Actor.SYSTEM),
        ),
        Transition(
            Act.DEFER,
            (Status.DECISION,),
            Status.IN_REVIEW,
            (Actor.DECISION_MAKER,),
            ("decision_maker_independent",),
            comment=True,
        ),
        Transition(
            Act.ISSUE,
            (Status.DECISION,),
            Status.ISSUED,
            (Actor.DECISION_MAKER,),
            (
                "decision_maker_independent",
                "designation_permits_issue",
                "designation_permits_renew",
                "no_open_alert",
                "team_without_new_conflict",
                "followed_result_not_void",
                "deviation_reasoned_and_seconded",
            ),
            final=True,
        ),
        Transition(
            Act.CLOSE,
            (Status.ISSUED,),
            Status.CLOSED,
            (Actor.SYSTEM,),
            ("corrective_actions_ended", "no_open_appeal"),
        ),
        Transition(Act.WITHDRAW, BEFORE_VISIT, Status.WITHDRAWN, (Actor.SUPPLIER,), final=True),
        Transition(Act.CANCEL, OPEN, Status.CANCELLED, COORDINATORS, comment=True, final=True),
        Transition(
            Act.VOID,
            (Status.ISSUED, Status.CLOSED),
            Status.VOID,
            (Actor.OWNER,),
            comment=True,
            final=True,
        ),
    )
}


@dataclass(frozen=True)
class Move:
    """What somebody asks for: the act, by whom (None is the clock), and what comes with it.

    `data` holds the act's own input, such as the proposed team or the visit dates; its keys are
    documented at the service that makes the move.
    """

    act: Act
    actor: User | None
    comment: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
