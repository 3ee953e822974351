"""What an audit waits for: the next act, and from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.terms import Act, Actor, Status
from audits.workflow import TRANSITIONS

if TYPE_CHECKING:
    from audits.models import Audit

# The act that takes an audit straight on from each state.
NEXT: dict[str, Act] = {
    Status.DRAFT: Act.SUBMIT,
    Status.SUBMITTED: Act.ACCEPT,
    Status.ACCEPTED: Act.PROPOSE_TEAM,
    Status.TEAM_PROPOSED: Act.SCHEDULE,
    Status.SCHEDULED: Act.START,
    Status.FIELDWORK: Act.FINISH_VISIT,
    Status.DRAFTING: Act.SIGN,
    Status.IN_REVIEW: Act.PASS_REVIEW,
    Status.FACT_CHECK: Act.ACCEPT_FACTS,
    Status.DECISION: Act.ISSUE,
    Status.ISSUED: Act.CLOSE,
}
# Whose turn it is, by state; for the lists of what waits for somebody.
COORDINATION = (Status.SUBMITTED, Status.ACCEPTED, Status.TEAM_PROPOSED)
VISIT = (Status.SCHEDULED, Status.FIELDWORK, Status.DRAFTING)


@dataclass(frozen=True)
class Awaited:
    """The next act of an audit and in which capacities it can be done."""

    act: Act
    actors: tuple[Actor, ...]

    @property
    def who(self) -> list[str]:
        """Return the capacities as words; the clock is named only where nobody else acts."""
        people = [actor for actor in self.actors if actor != Actor.SYSTEM]
        return [str(actor.label) for actor in people or self.actors]


def awaited(audit: Audit) -> Awaited | None:
    """Return what the audit waits for; None when it has come to an end."""
    act = NEXT.get(audit.status)
    return Awaited(act, TRANSITIONS[act].actors) if act else None
