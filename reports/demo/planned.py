"""Which audits the demo has: those that wait for the sign-ins, those under way, those that ended."""

from __future__ import annotations

from audits.terms import AuditKind
from reports.demo.plan import (
    ACCEPTED,
    ANSWERED,
    APPEALED,
    CHECKED,
    DECIDED,
    DISPUTED,
    DRAFTING,
    FIELDWORK,
    ISSUED,
    LATE_FACTS,
    PROPOSED,
    SCHEDULED,
    SENT_BACK,
    SIGNED,
    SUBMITTED,
    AlertWay,
    Plan,
)

CLOSED = ("closed",)
MAIN, DYEHOUSE = "本社工場", "大三島染工場"
# The only one of its supplier: the engagement that comes to light touches no other audit.
TIED_SITE = "由加工場"
SIGN_IN_AUDITS = (
    # What waits for the sign-ins: lead, auditor, body, supplier.
    Plan(FIELDWORK, 0, half=True, bodies=(0,), lead="lead"),
    Plan(SCHEDULED, 12, visit=0, bodies=(0,), lead="lead"),
    Plan(DRAFTING, 4, bodies=(0,), lead="lead", half=True, alert=AlertWay.LATE),
    Plan((*CHECKED, "dispute", "answer_some"), 1, worst=7, bodies=(0,), lead="lead"),
    Plan((*SIGNED, "send_back", "answer_some"), 2, worst=6, bodies=(0,), lead="lead"),
    Plan(PROPOSED, 1, visit=24, bodies=(0,), member="auditor", pending=True),
    Plan((*ANSWERED, "agree", "find_tie"), 1, visit=18, site=TIED_SITE, bodies=(0,)),
    Plan(
        APPEALED,
        4,
        worst=9,
        corrections=("open", "planned", "open", "plan_accepted", "evidence_submitted"),
        site=MAIN,
        bodies=(0,),
    ),
    Plan(ANSWERED, 1, visit=20, site=MAIN, kind=AuditKind.FOLLOW_UP, bodies=(0,)),
    Plan(CHECKED, 2, worst=4, site=DYEHOUSE, bodies=(0,), alert=AlertWay.TOLD),
    Plan(
        ("open",),
        1,
        site=DYEHOUSE,
        kind=AuditKind.SPECIAL,
        purpose="新規の取引先の要請による特別監査",
        bodies=(0,),
    ),
)
# The first body is the one of the sign-ins and needs its sites for them.
OTHERS = (1, 2, 3, 4, 5)
# This one may not accept applications and fix visits for the time being.
SUSPENDED_BODY = 3
OPEN_AUDITS = (
    Plan(("open",), 4, bodies=OTHERS, ahead=True),
    Plan(("open",), 19, bodies=OTHERS),
    Plan((*SUBMITTED, "return"), 2, bodies=OTHERS),
    Plan(SUBMITTED, 1, bodies=(0,)),
    Plan(SUBMITTED, 9, bodies=(0,)),
    Plan(SUBMITTED, 2, bodies=(4, 5)),
    # The approval of this body is suspended in part: the application cannot be accepted.
    Plan((*SUBMITTED, "return", "submit_again"), 1, bodies=(SUSPENDED_BODY,)),
    Plan(ACCEPTED, 2, bodies=(0,)),
    Plan(ACCEPTED, 3, bodies=(1,), ahead=True),
    Plan((*PROPOSED, "object"), 1, bodies=(1, 2)),
    Plan(PROPOSED, 2, visit=28, declined=True, bodies=(1, 2)),
    Plan(ANSWERED, 12, visit=16, bodies=(2, 3)),
    Plan(SCHEDULED, 4, visit=9, bodies=(1, 2, 3)),
    Plan(SCHEDULED, 6, visit=22, bodies=(4,)),
    Plan(FIELDWORK, 1, half=True, bodies=(2,), alert=AlertWay.OPEN),
    Plan(SIGNED, 2, bodies=OTHERS),
    Plan(SIGNED, 17, bodies=OTHERS),
    Plan(SENT_BACK, 1, worst=8, bodies=OTHERS),
    Plan(SIGNED, 3, bodies=(4, 5)),
    Plan(CHECKED, 9, bodies=OTHERS),
    Plan(DISPUTED, 3, worst=7, bodies=OTHERS),
    Plan((*DECIDED, "propose_grade"), 1, worst=9, bodies=(1, 2)),
    Plan(LATE_FACTS, 2, worst=3, bodies=OTHERS),
    Plan(
        (*DECIDED, "defer", "pass_deferred", "facts_deferred"),
        1,
        grave=True,
        worst=7,
        bodies=OTHERS,
    ),
)
ENDED_AUDITS = (
    Plan(ISSUED, 3, worst=4),
    Plan(ISSUED, 10, worst=7, corrections=("planned", "open")),
    Plan(ISSUED, 22, worst=5, corrections=("plan_accepted", "open", "planned")),
    Plan((*APPEALED, "uphold_appeal"), 6, worst=8, corrections=("plan_accepted", "planned")),
    Plan((*APPEALED, "dismiss_appeal"), 24, worst=9, corrections=("plan_returned", "closed")),
    Plan(ISSUED, 78, worst=8, corrections=("plan_accepted", "closed", "evidence_returned")),
    Plan((*ISSUED, "suspend_result"), 9, worst=6, corrections=("plan_accepted", "planned")),
    Plan(ISSUED, 66, worst=10, corrections=("carried_over", "closed", "plan_accepted")),
    Plan(ISSUED, 118, worst=8, grave=True, corrections=("closed", "carried_over", "plan_accepted")),
    Plan(ISSUED, 141, worst=3, corrections=CLOSED, alert=AlertWay.CANCELLED),
    Plan((*DISPUTED, "accept_facts", "issue"), 188, worst=4, corrections=CLOSED),
    Plan(ISSUED, 214, worst=0),
    Plan((*SENT_BACK, "pass_review", "accept_facts", "issue"), 247, worst=9, corrections=CLOSED),
    Plan((*LATE_FACTS, "issue"), 279, worst=5, corrections=CLOSED),
    Plan(ISSUED, 312, worst=8, deviate=True, corrections=("closed", "closed", "carried_over")),
    Plan(ISSUED, 346, worst=3, corrections=CLOSED),
    Plan(ISSUED, 381, worst=8, grave=True, corrections=CLOSED),
    Plan((*ISSUED, "withdraw_result"), 300, worst=4, corrections=("planned",)),
    Plan(ISSUED, 470, worst=10, corrections=CLOSED),
    Plan((*ISSUED, "void"), 230, worst=3),
    Plan((*FIELDWORK, "abort"), 150, half=True),
    Plan((*SUBMITTED, "withdraw"), 45),
    Plan((*PROPOSED, "withdraw"), 125),
    Plan((*ACCEPTED, "cancel"), 80),
)
EVERYTHING = (*SIGN_IN_AUDITS, *OPEN_AUDITS, *ENDED_AUDITS)
# One of each state, for a quick look and for tests.
SMALL = (
    *SIGN_IN_AUDITS,
    Plan(SUBMITTED, 1, bodies=(0,)),
    Plan(ACCEPTED, 2, bodies=(0,)),
    Plan(SIGNED, 2, bodies=(2, 3)),
    Plan(DISPUTED, 3, worst=7),
    Plan((*DECIDED, "propose_grade"), 1, worst=9, bodies=(1, 2)),
    Plan((*APPEALED, "uphold_appeal"), 6, worst=8, corrections=("plan_accepted", "planned")),
    Plan((*ISSUED, "suspend_result"), 40, worst=6, corrections=("closed", "carried_over")),
    Plan(ISSUED, 163, worst=3, corrections=CLOSED),
    *ENDED_AUDITS[-5:],
)
