"""What an audit of the demo is planned to be: how far it has come, when, and with what on its way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from audits.terms import AuditKind
from ui.calendars import is_business_day

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
    "answer_some": (1, 2),
    "find_tie": (0, 1),
    "propose_grade": (0, 1),
    "appeal": (17, 19),
    "dismiss_appeal": (12, 20),
    "uphold_appeal": (12, 20),
    "suspend_result": (30, 45),
    "withdraw_result": (30, 45),
}
# What becomes of a result afterwards happens once it is shared: brands are told of it.
LATER = frozenset(
    {
        "void",
        "appeal",
        "dismiss_appeal",
        "uphold_appeal",
        "suspend_result",
        "withdraw_result",
    }
)
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
APPEALED = (*ISSUED, "appeal")


class AlertWay(StrEnum):
    """How far a critical alert of the visit has come; the first two are not settled."""

    OPEN = "open"
    LATE = "late"
    CANCELLED = "cancelled"
    TOLD = "told"


@dataclass(frozen=True)
class Plan:
    """One audit of the demo: `steps` were taken, the last of them `age` days ago.

    `worst` nonconformities at most; `grave`: one of them is unacceptable; `corrections`: how far
    the corrective actions have come, one after the other; `visit`: days from today to the visit
    where it lies ahead; `half`: the visit is half done, or the report lacks something; `pending`:
    an offer is open; `declined`: one was declined; `deviate`: the decided grade differs from the
    computed one; `alert`: one was raised at the visit; `ahead`: the visit is wished for a day on
    which the next version of the standard applies; `lead` and `member` name auditors by e-mail;
    `site` fixes the site, `bodies` are numbers of the bodies to choose it from.
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
    alert: AlertWay | None = None
    ahead: bool = False
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
