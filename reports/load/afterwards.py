"""What became of an audit after the visit: corrective actions, record, and place in the figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import TYPE_CHECKING, Any

from accounts.services.records import link
from audits.models import AuditEvent, CorrectiveAction, Finding
from audits.repeats import Repeat
from audits.services.results import corrective_action
from audits.terms import Act, CorrectionStatus, ResultStatus, Status
from audits.workflow import TRANSITIONS
from reports.demo import texts
from reports.load.visits import OPENED, WAY
from reports.load.writing import key
from reports.models import AuditFacts, FigureEntry
from reports.services.figures import facts_from
from reports.terms import JobState
from ui.calendars import add_months

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from random import Random

    from accounts.models import User
    from audits.models import SchemeSettings
    from reports.load.industry import Judged, Rules
    from reports.load.visits import Visit

VOID, LINGERING = 0.005, 0.07
REASON = "測定用の記録です。"
# How far what is not closed has come, by the share of its days that has passed.
UNDER_WAY = (
    (0.2, CorrectionStatus.OPEN),
    (0.4, CorrectionStatus.PLANNED),
    (0.7, CorrectionStatus.PLAN_ACCEPTED),
    (inf, CorrectionStatus.EVIDENCE_SUBMITTED),
)
Event = tuple[datetime, str, "User | None", dict[str, Any]]


@dataclass
class Told:
    """The rows that follow from a visit; a corrective action's finding gets its key when written."""

    corrections: list[CorrectiveAction] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    facts: list[AuditFacts] = field(default_factory=list)
    entries: list[FigureEntry] = field(default_factory=list)


class Afterwards:
    """Follows the audits of sites up to today."""

    def __init__(self, rng: Random, rules: Rules, settings: SchemeSettings, today: date) -> None:
        self.rng, self.rules, self.settings, self.today = rng, rules, settings, today
        self.written: dict[str, dict[str, str]] = texts.read("corrections")

    def of(self, visits: Sequence[Visit]) -> Told:
        """Return what followed from the audits of one site, the oldest first."""
        told = Told()
        for place, visit in enumerate(visits):
            later = visits[place + 1] if place + 1 < len(visits) else None
            events = self._way(visit)
            void = later is None and self.rng.random() < VOID
            actions = [self._correction(row, visit, visits[:place]) for row in visit.unmet]
            self._carry_out(actions, visit, lingers=later is None)
            events += self._end(visit, actions, later, void=void)
            told.corrections += actions
            told.events += self._record(visit, events)
            self._figures(visit, told, void=void)
        return told

    def _way(self, visit: Visit) -> list[Event]:
        """Return the acts from the application to the result, by whoever does them."""
        body, lead = visit.place.body, visit.team[0].auditor.user
        actors = {
            Act.SUBMIT: visit.place.manager,
            Act.START: lead,
            Act.FINISH_VISIT: lead,
            Act.SIGN: lead,
            Act.PASS_REVIEW: body.reviewer,
            Act.ACCEPT_FACTS: visit.place.manager,
            Act.ISSUE: body.decider,
        }
        result = visit.result
        grades = {"result": result.number, "grade": result.grade, "computed": result.grade}
        return [
            (visit.at[OPENED], OPENED, visit.place.manager, {}),
            *(
                (
                    visit.at[act],
                    act,
                    actors.get(Act(act), body.desk),
                    grades if act == Act.ISSUE else {},
                )
                for act in WAY
            ),
        ]

    def _correction(self, row: Judged, visit: Visit, earlier: Sequence[Visit]) -> CorrectiveAction:
        """Open the corrective action for one nonconformity, as the issue of the result does."""
        day = visit.result.issued_on
        since = add_months(day, -self.settings.repeat_months)
        same = [
            one.result
            for one in earlier
            if one.result.issued_on >= since and row.rule in {found.rule for found in one.unmet}
        ]
        numbers = tuple(result.number for result in same)
        repeat = Repeat(numbers, same[0].issued_on) if same else None
        finding = Finding(
            audit=visit.audit,
            requirement=row.rule.requirement,
            judgement=row.judgement,
            severity=row.severity,
        )
        action = corrective_action(finding, self.settings, day, repeat)
        action.pk = key(self.rng, visit.at[Act.ISSUE])
        return action

    def _carry_out(self, actions: list[CorrectiveAction], visit: Visit, *, lingers: bool) -> None:
        issued = visit.at[Act.ISSUE]
        for action, row in zip(actions, visit.unmet, strict=True):
            days = (action.close_due_on - issued.date()).days
            closed_at = issued + timedelta(days=self.rng.randint(10, days + 10), minutes=5)
            stays = lingers and self.rng.random() < LINGERING
            action.updated_at = issued
            if closed_at.date() < self.today and not stays:
                action.status, action.closed_at = CorrectionStatus.CLOSED, closed_at
                action.updated_at = closed_at
            else:
                passed = (self.today - issued.date()).days / days
                action.status = next(state for until, state in UNDER_WAY if passed < until)
            if action.status != CorrectionStatus.OPEN:
                for name, text in self.written[str(row.rule.category)].items():
                    setattr(action, name, text)
                action.planned_on = action.close_due_on - timedelta(days=days // 3)
            if action.status in (CorrectionStatus.PLANNED, CorrectionStatus.PLAN_ACCEPTED):
                action.evidence_note = ""

    def _end(
        self, visit: Visit, actions: list[CorrectiveAction], later: Visit | None, *, void: bool
    ) -> list[Event]:
        """Close the audit when nothing is left to wait for; say what became of its result."""
        result, events = visit.result, list[Event]()
        over = visit.at[Act.ISSUE] + timedelta(days=self.settings.appeal_days + 1)
        ended = [over, *(action.closed_at for action in actions if action.closed_at)]
        if len(ended) > len(actions) and max(ended).date() < self.today:
            events.append((max(ended) + timedelta(minutes=10), Act.CLOSE, None, {}))
        if later is not None:
            by = {"result": result.number, "by": later.result.number}
            decider = later.place.body.decider
            events.append((later.at[Act.ISSUE], "result_superseded", decider, by))
        elif void:
            last = max([visit.at[Act.ISSUE], *(at for at, *_rest in events)])
            result.status, result.status_reason = ResultStatus.WITHDRAWN, REASON
            for action in actions:
                if action.closed_at is None:
                    action.status = CorrectionStatus.WITHDRAWN
            owner = visit.place.body.owner
            events.append((last + timedelta(minutes=1), Act.VOID, owner, {"result": result.number}))
        elif result.expires_on is not None and result.expires_on <= self.today:
            result.status = ResultStatus.EXPIRED
            at = visit.at[Act.ISSUE] + (result.expires_on - result.issued_on)
            events.append((at, "result_expired", None, {"result": result.number}))
        return sorted(events, key=lambda event: event[0])

    def _record(self, visit: Visit, events: list[Event]) -> list[AuditEvent]:
        """Chain the events as the record of the audit, and set what they leave on its row."""
        audit, status = visit.audit, ""
        rows: list[AuditEvent] = []
        for at, act, actor, payload in events:
            row = AuditEvent(audit=audit, actor=actor, act=str(act), payload=payload)
            reached = Status.DRAFT if act == OPENED else None
            if act in TRANSITIONS:
                reached = TRANSITIONS[Act(act)].target
            if reached is not None:
                row.from_status, row.to_status, status = status, reached.value, reached.value
            if act == Act.VOID:
                row.comment = REASON
            link(rows[-1] if rows else None, row, at)
            rows.append(row)
        # Where the audit stands is what its record reached.
        audit.status = Status(status)
        audit.version = sum(1 for row in rows if row.to_status)
        audit.updated_at = rows[-1].at
        return rows

    def _figures(self, visit: Visit, told: Told, *, void: bool) -> None:
        """Freeze the facts and enter them into the ledger, as already counted."""
        at = visit.at[Act.ISSUE]
        acts = ((act, moment) for act, moment in visit.at.items())
        found = facts_from(visit.result, visit.audit, self.rules.categories, acts)
        told.facts.append(AuditFacts(**found, counted=0 if void else 1))
        told.entries += [
            FigureEntry(
                pk=key(self.rng, at),
                audit=visit.audit,
                revision=visit.result.revision,
                sign=sign,
                applied_at=at,
                state=JobState.READY,
                attempts=1,
                due_at=at,
                finished_at=at,
                created_at=at,
            )
            for sign in ((1, -1) if void else (1,))
        ]
