"""The audits of one site over the years: when they took place and what each found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from audits.auditors.terms import Level
from audits.models import Audit, Result, TeamMember
from audits.services.assessment import facts_of
from audits.services.results import CODE_ALPHABET
from audits.standards.grading import Outcome, grade
from audits.terms import (
    Act,
    Answer,
    AuditKind,
    GradeLetter,
    Judgement,
    ResultStatus,
    ReviewPool,
    Threat,
)
from reports.load.industry import Judged, judge
from reports.load.writing import key

if TYPE_CHECKING:
    from random import Random

    from audits.models import SchemeSettings
    from reports.load.industry import Rules
    from reports.load.numbering import Numbers
    from reports.load.people import Place

DAYS = 5 * 365
# Days before each step, at least and at most, on the way to the result.
WAY: dict[str, tuple[int, int]] = {
    Act.SUBMIT: (1, 20),
    Act.ACCEPT: (1, 7),
    Act.PROPOSE_TEAM: (2, 10),
    Act.SCHEDULE: (4, 12),
    Act.START: (10, 45),
    Act.FINISH_VISIT: (0, 2),
    Act.SIGN: (4, 16),
    Act.PASS_REVIEW: (3, 14),
    Act.ACCEPT_FACTS: (3, 14),
    Act.ISSUE: (2, 12),
}
OPENED = "open"
FOLLOWED_UP, SPECIAL, LEAVES = 0.6, 0.03, 0.1


@dataclass
class Visit:
    """One audit with its team, what was judged, the result, and the moments of its steps by act."""

    place: Place
    audit: Audit
    team: list[TeamMember]
    judged: list[Judged]
    at: dict[str, datetime]
    result: Result

    @property
    def unmet(self) -> list[Judged]:
        """Return what was found nonconforming."""
        return [row for row in self.judged if row.judgement == Judgement.NONCONFORMING]


class History:
    """Makes the audits of sites; everything is drawn from one source of random numbers."""

    def __init__(
        self, rng: Random, rules: Rules, settings: SchemeSettings, numbers: Numbers, today: date
    ) -> None:
        self.rng, self.rules, self.settings = rng, rules, settings
        self.numbers, self.today = numbers, today

    def of(self, place: Place, limit: int) -> list[Visit]:
        """Return the site's audits, the oldest first, at most so many; their results stand for now."""
        rng, rules, visits = self.rng, self.rules.rules, list[Visit]()
        facts = facts_of(place.profile)
        # The scheme grows: more sites come to it in later years.
        day = self.today - timedelta(days=1 + int(DAYS * rng.random() ** 1.3))
        kind = AuditKind.INITIAL
        # Some take more care than others, and all more than before.
        care = rng.lognormvariate(0, 0.5)
        before: set[str] = set()
        whole = day
        while day < self.today and len(visits) < limit:
            # A follow-up does not lengthen the time for which a visit to the whole site speaks.
            whole = whole if kind == AuditKind.FOLLOW_UP else day
            visit = self._visit(place, day, kind, judge(rng, rules, facts, care, before))
            due = self.settings.renewal_due(visit.result.grade, whole)
            visit.result.renewal_due_on = due
            visit.result.expires_on = self.settings.expires(due)
            visits.append(visit)
            before = {row.rule.code for row in visit.unmet}
            care *= 0.75
            again = kind != AuditKind.FOLLOW_UP and visit.result.grade != GradeLetter.A
            if again and rng.random() < FOLLOWED_UP:
                kind, wait = AuditKind.FOLLOW_UP, rng.randint(150, 270)
            elif rng.random() < LEAVES:
                break
            elif rng.random() < SPECIAL:
                kind, wait = AuditKind.SPECIAL, rng.randint(200, 500)
            else:
                kind, wait = AuditKind.RENEWAL, rng.randint(640, 760)
            day += timedelta(days=wait)
        _supersede(visits)
        return visits

    def _visit(self, place: Place, day: date, kind: AuditKind, judged: list[Judged]) -> Visit:
        at = self._moments(day)
        audit = self._audit(place, kind, at)
        result = self._result(audit, judged, place, at[Act.ISSUE])
        return Visit(place, audit, self._team(place, audit, at), judged, at, result)

    def _moments(self, day: date) -> dict[str, datetime]:
        """Return when each step was done, back from the day of the issue; all in office hours."""
        # 1 to 7 o'clock UTC is the same day in Japan, from 10 to 16 o'clock.
        moment = datetime.combine(day, time(7, self.rng.randrange(60)), UTC)
        found = {}
        for act, (least, most) in reversed(WAY.items()):
            found[act] = moment
            moment -= timedelta(days=self.rng.randint(least, most), minutes=self.rng.randint(1, 36))
        return {OPENED: moment, **dict(reversed(found.items()))}

    def _audit(self, place: Place, kind: AuditKind, at: dict[str, datetime]) -> Audit:
        start, finish = at[Act.START], at[Act.FINISH_VISIT]
        return Audit(
            pk=key(self.rng, at[OPENED]),
            number=self.numbers.next(at[OPENED].year),
            site=place.site,
            profile=place.profile,
            standard=self.rules.standard,
            kind=kind,
            secretariat=place.body.secretariat,
            body=place.body.organisation,
            terms_accepted_at=at[Act.SUBMIT],
            preferred_from=start.date(),
            preferred_until=finish.date(),
            planned_from=start.date(),
            planned_until=finish.date(),
            person_days=Decimal(self.settings.person_days_for(place.profile.workers)),
            team_agreed_at=at[Act.SCHEDULE],
            started_at=start,
            finished_at=finish,
            closing_meeting_at=finish,
            signed_at=at[Act.SIGN],
            reviewed_by=ReviewPool.SECRETARIAT,
            reviewer=place.body.reviewer,
            issued_at=at[Act.ISSUE],
            created_by=place.manager,
            created_at=at[OPENED],
        )

    def _team(self, place: Place, audit: Audit, at: dict[str, datetime]) -> list[TeamMember]:
        lead, member = self.rng.choice(place.body.leads), self.rng.choice(place.body.members)
        return [
            TeamMember(
                audit=audit,
                auditor=auditor,
                function=function,
                answer=Answer.ACCEPTED,
                declaration=dict.fromkeys(Threat.values, False),
                offered_at=at[Act.PROPOSE_TEAM],
                answered_at=at[Act.SCHEDULE],
            )
            for auditor, function in ((lead, Level.LEAD), (member, Level.MEMBER))
        ]

    def _result(
        self, audit: Audit, judged: list[Judged], place: Place, issued_at: datetime
    ) -> Result:
        outcomes = [Outcome(row.rule.code, row.judgement, row.at_stake) for row in judged]
        computed = grade(self.rules.parameters, outcomes)
        return Result(
            pk=key(self.rng, issued_at),
            audit=audit,
            number=audit.number,
            computed_grade=computed.grade,
            score=computed.score,
            grade=computed.grade,
            decided_by=place.body.decider,
            inputs={
                "parameters": self.rules.standard.grading,
                "outcomes": [[row.code, str(row.judgement), row.severity] for row in outcomes],
            },
            official=self.rules.standard.official,
            issued_on=issued_at.date(),
            verification_code="".join(self.rng.choices(CODE_ALPHABET, k=12)),
            updated_at=issued_at,
        )


def _supersede(visits: list[Visit]) -> None:
    """Let each result be superseded by the next, and each follow-up follow the audit before it."""
    for earlier, later in pairwise(visits):
        result = earlier.result
        result.status, result.superseded_by = ResultStatus.SUPERSEDED, later.result
        result.updated_at = later.result.updated_at
        if later.audit.kind == AuditKind.FOLLOW_UP:
            later.audit.follows = earlier.audit
