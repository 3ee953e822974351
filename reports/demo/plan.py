"""Which audits the demo has: how far each has come, how long ago, and with what on its way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from audits.calendars import is_business_day
from audits.terms import AuditKind

if TYPE_CHECKING:
    from random import Random

# Days from one step to the next on the straight way, least and most.
GAPS: dict[str, tuple[int, int]] = {
    "open": (0, 0),
    "submit": (2, 4),
    "return": (1, 3),
    "submit_again": (2, 4),
    "accept": (1, 4),
    "propose": (1, 4),
    "object": (1, 2),
    "propose_again": (2, 3),
    "answer": (1, 2),
    "agree": (1, 2),
    "schedule": (0, 1),
    "start": (10, 24),
    "finish": (3, 3),
    "sign": (4, 7),
    "send_back": (3, 5),
    "sign_again": (3, 5),
    "pass_review": (3, 7),
    "dispute": (3, 6),
    "sign_disputed": (3, 5),
    "pass_again": (2, 4),
    "accept_facts": (3, 8),
    "facts_over": (17, 19),
    "defer": (2, 4),
    "pass_deferred": (2, 3),
    "facts_deferred": (2, 4),
    "issue": (3, 7),
    "abort": (0, 0),
    "withdraw": (3, 6),
    "cancel": (4, 8),
    "void": (20, 40),
}
SUBMITTED = ("open", "submit")
ACCEPTED = (*SUBMITTED, "accept")
PROPOSED = (*ACCEPTED, "propose")
ANSWERED = (*PROPOSED, "answer")
SCHEDULED = (*ANSWERED, "agree", "schedule")
FIELDWORK = (*SCHEDULED, "start")
DRAFTING = (*FIELDWORK, "finish")
SIGNED = (*DRAFTING, "sign")
SENT_BACK = (*SIGNED, "send_back", "sign_again")
CHECKED = (*SIGNED, "pass_review")
DISPUTED = (*CHECKED, "dispute", "sign_disputed", "pass_again")
DECIDED = (*CHECKED, "accept_facts")
LATE_FACTS = (*CHECKED, "facts_over")
ISSUED = (*DECIDED, "issue")


@dataclass(frozen=True)
class Plan:
    """One audit of the demo: `steps` were taken, the last of them `age` days ago.

    `worst` nonconformities at most; `grave`: one of them is unacceptable; `corrections`: how far
    the corrective actions have come, one after the other; `visit`: days from today to the visit
    where it lies ahead; `half`: the visit is half done, or the report lacks something; `pending`:
    an offer is open; `declined`: one was declined; `deviate`: the decided grade differs from the
    computed one; `lead` and `member` name auditors by e-mail; `site` fixes the site, `bodies`
    are numbers of the bodies to choose it from.
    """

    steps: tuple[str, ...]
    age: int
    worst: int = 5
    grave: bool = False
    corrections: tuple[str, ...] = ()
    visit: int = 30
    half: bool = False
    pending: bool = False
    declined: bool = False
    deviate: bool = False
    bodies: tuple[int, ...] = ()
    lead: str = ""
    member: str = ""
    site: str = ""
    kind: AuditKind | None = None
    purpose: str = ""
    days: dict[str, date] = field(default_factory=dict, compare=False)

    @property
    def ended_on(self) -> date | None:
        """Return when the audit stopped being open; None while it is."""
        ending = {"issue", "abort", "withdraw", "cancel", "void"} & set(self.steps)
        return min(self.days[step] for step in ending) if ending else None


CLOSED = ("closed",)
MAIN, DYEHOUSE = "本社工場", "大三島染工場"
SIGN_IN_AUDITS = (
    # What waits for the sign-ins: lead, auditor, supplier.
    Plan(FIELDWORK, 0, half=True, bodies=(0,), lead="lead"),
    Plan(SCHEDULED, 12, visit=0, bodies=(0,), lead="lead"),
    Plan(DRAFTING, 3, bodies=(0,), lead="lead", half=True),
    Plan(PROPOSED, 1, visit=24, bodies=(0,), member="auditor", pending=True),
    Plan(
        ISSUED,
        24,
        worst=6,
        corrections=("open", "planned", "open", "plan_accepted", "evidence_submitted"),
        site=MAIN,
        bodies=(0,),
    ),
    Plan(ANSWERED, 1, visit=20, site=MAIN, kind=AuditKind.FOLLOW_UP, bodies=(0,)),
    Plan(CHECKED, 2, worst=4, site=DYEHOUSE, bodies=(0,)),
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
OPEN_AUDITS = (
    Plan(("open",), 4, bodies=OTHERS),
    Plan(("open",), 19, bodies=OTHERS),
    Plan((*SUBMITTED, "return"), 2, bodies=OTHERS),
    Plan(SUBMITTED, 1, bodies=(0,)),
    Plan(SUBMITTED, 9, bodies=(0,)),
    Plan(SUBMITTED, 2, bodies=(4, 5)),
    Plan((*SUBMITTED, "return", "submit_again"), 1, bodies=(1, 2, 3)),
    Plan(ACCEPTED, 2, bodies=(0,)),
    Plan((*PROPOSED, "object"), 1, bodies=(1, 2)),
    Plan((*ANSWERED, "agree"), 1, visit=18, bodies=(0,)),
    Plan(PROPOSED, 2, visit=28, declined=True, bodies=(1, 2)),
    Plan(ANSWERED, 12, visit=16, bodies=(2, 3)),
    Plan(SCHEDULED, 4, visit=9, bodies=(1, 2, 3)),
    Plan(SCHEDULED, 6, visit=22, bodies=(4,)),
    Plan(FIELDWORK, 1, half=True, bodies=(2,)),
    Plan((*CHECKED, "dispute"), 3, bodies=(1, 2, 3)),
    Plan((*SIGNED, "send_back"), 4, bodies=(1, 2, 3)),
    Plan(SIGNED, 2, bodies=OTHERS),
    Plan(SIGNED, 17, bodies=OTHERS),
    Plan(SENT_BACK, 1, worst=8, bodies=OTHERS),
    Plan(SIGNED, 3, bodies=(4, 5)),
    Plan(CHECKED, 9, bodies=OTHERS),
    Plan(DISPUTED, 3, worst=7, bodies=OTHERS),
    Plan(DECIDED, 1, worst=9, bodies=OTHERS),
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
    Plan(ISSUED, 38, worst=9, corrections=("evidence_submitted", "plan_accepted", "closed")),
    Plan(ISSUED, 52, worst=4, corrections=("plan_returned", "plan_accepted", "closed")),
    Plan(ISSUED, 78, worst=8, corrections=("plan_accepted", "closed", "evidence_returned")),
    Plan(ISSUED, 96, worst=6, corrections=("closed", "evidence_submitted", "planned")),
    Plan(ISSUED, 66, worst=10, corrections=("carried_over", "closed", "plan_accepted")),
    Plan(ISSUED, 118, worst=8, grave=True, corrections=("closed", "carried_over", "plan_accepted")),
    Plan(ISSUED, 141, worst=3, corrections=CLOSED),
    Plan(ISSUED, 163, worst=8, corrections=CLOSED),
    Plan((*DISPUTED, "accept_facts", "issue"), 188, worst=4, corrections=CLOSED),
    Plan(ISSUED, 214, worst=0),
    Plan((*SENT_BACK, "pass_review", "accept_facts", "issue"), 247, worst=9, corrections=CLOSED),
    Plan((*LATE_FACTS, "issue"), 279, worst=5, corrections=CLOSED),
    Plan(ISSUED, 312, worst=8, deviate=True, corrections=("closed", "closed", "carried_over")),
    Plan(ISSUED, 346, worst=3, corrections=CLOSED),
    Plan(ISSUED, 381, worst=8, grave=True, corrections=CLOSED),
    Plan(ISSUED, 409, worst=4, corrections=CLOSED),
    Plan(ISSUED, 443, worst=2, corrections=CLOSED),
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
    Plan(DECIDED, 1, worst=9),
    Plan(ISSUED, 96, worst=6, corrections=("closed", "carried_over", "plan_returned")),
    Plan(ISSUED, 163, worst=3, corrections=CLOSED),
    *ENDED_AUDITS[-5:],
)


def dated(plan: Plan, rng: Random, today: date, earliest: date) -> Plan:
    """Return the plan with the day of each step, business days where nothing else is said.

    No step lies before `earliest`, the day from which the scheme works.
    """
    gaps = [rng.randint(*GAPS[step]) for step in plan.steps]
    length = sum(gaps)
    age = min(plan.age, max(0, (today - earliest).days - length - 3))
    days: dict[str, date] = {}
    day = today - timedelta(days=age + length)
    for step, gap in zip(plan.steps, gaps, strict=True):
        day += timedelta(days=gap)
        days[step] = _working_day(day)
    if plan.age == 0:
        days[plan.steps[-1]] = today
    if plan.visit == 0:
        days["start"] = today
    return replace(plan, days=days)


def _working_day(day: date) -> date:
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day
