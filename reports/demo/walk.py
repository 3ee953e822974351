"""One audit of the demo from the visit to the result, by the people whose acts they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.models import FindingComment, TeamMember
from audits.services import deciding, fieldwork
from audits.services.alerting import cancel_alert, confirm_alert, raise_alert, tell_supplier
from audits.services.assessment import computed_grade
from audits.services.meetings import findings_to_tell, hold_closing, seal_of
from audits.services.perform import perform
from audits.terms import Act, CommentKind, GradeLetter, Judgement
from reports.demo.application import Application
from reports.demo.corrections import correct
from reports.demo.findings import Visit
from reports.demo.plan import AlertWay
from reports.demo.preparing import Preparation

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import GradeProposal


class Walk(Application):
    """The second part of a walk: visit, review, check of facts and result."""

    # --- the visit -----------------------------------------------------------------------
    def _people(self) -> list[User]:
        members = TeamMember.objects.filter(audit=self.audit).select_related("auditor__user")
        return [row.auditor.user for row in members.order_by("function", "pk")]

    def start(self) -> None:
        """Start; the visit that goes on today is half done."""
        people = self._people()
        # The others would be the same over and over, and the demo is made while somebody waits.
        beside = Preparation(self.audit, self.clock) if self.plan.half else None
        if beside:
            beside.send_documents(self.manager)
            self.clock.tick(10)
        self.audit = fieldwork.start(actor=people[0], audit=self.audit)
        if beside:
            beside.divide(people[0])
            beside.look_at_documents(people[0])
        visit = Visit(self.audit, people, self.clock, self.rng)
        visit.photograph(None, people[0], "工場の全景")
        over = "finish" in self.plan.steps
        visit.interview(finished=over)
        if beside:
            beside.hear(people[0])
        if self.plan.alert:
            self._alert(people[0], self.plan.alert)
        visit.judge(
            self.plan.worst,
            grave=self.plan.grave,
            share=1 if over else 0.5,
            loose_end=over and self.plan.half,
        )

    def _alert(self, lead: User, way: AlertWay) -> None:
        """Raise a critical alert; the secretariat settles it the same morning if the plan says so."""
        words = self.remarks["alert"]
        desk = self.office.coordinator
        self.clock.tick(10)
        alert = raise_alert(actor=lead, audit=self.audit, reason=words["reason"][way])
        if way in (AlertWay.OPEN, AlertWay.LATE):
            return
        self.clock.tick(15)
        if way == AlertWay.CANCELLED:
            cancel_alert(actor=desk, alert=alert, settlement=words["cancelled"])
            return
        confirm_alert(actor=desk, alert=alert, settlement=words["confirmed"])
        self.clock.tick(5)
        tell_supplier(actor=desk, alert=alert, note=words["told"])

    def finish(self) -> None:
        """Hold the closing meeting and finish; what is disputed later was contested there."""
        told = findings_to_tell(self.audit)
        held = self.clock.moment
        contested = self._some_codes(2) if "dispute" in self.plan.steps else []
        self.clock.tick(25)
        hold_closing(
            actor=self._people()[0],
            audit=self.audit,
            seal=seal_of(told),
            held_at=held,
            representative=self.manager.name,
            function=self.remarks["closing"]["function"],
            contested=dict(zip(contested, self.remarks["closing"]["contested"], strict=False)),
            strokes=self.remarks["closing"]["strokes"],
            remarks=self.remarks["closing"]["remarks"],
        )
        self.clock.tick(5)
        self.audit = fieldwork.finish_visit(actor=self._people()[0], audit=self.audit)

    def sign(self) -> None:
        """Sign the report."""
        self.audit = fieldwork.sign(actor=self._people()[0], audit=self.audit)

    # --- review and facts ----------------------------------------------------------------
    def _some_codes(self, count: int, **only: str) -> list[str]:
        bad = self.audit.findings.filter(judgement=Judgement.NONCONFORMING, **only)
        rows = bad.order_by("requirement__order").values_list("requirement__code", flat=True)
        return list(rows[:count])

    def send_back(self) -> None:
        """The reviewer sends the report back with comments on findings."""
        comments = dict(zip(self._some_codes(2), self.remarks["review"], strict=False))
        self.audit = deciding.send_back(
            actor=self.office.reviewer,
            audit=self.audit,
            comment=self.remarks["send_back"],
            comments=comments,
        )

    def pass_review(self) -> None:
        """The reviewer passes it on."""
        self.audit = deciding.pass_review(
            actor=self.office.reviewer, audit=self.audit, comment=self.remarks["passed"]
        )

    def dispute(self) -> None:
        """The supplier disputes facts."""
        disputes = dict(zip(self._some_codes(2), self.remarks["dispute"], strict=False))
        self.audit = deciding.dispute(actor=self.manager, audit=self.audit, disputes=disputes)

    def sign_again(self) -> None:
        """The lead answers every comment and signs anew."""
        self._answer_comments()
        self.sign()

    def answer_some(self) -> None:
        """The lead has answered the first of the comments so far."""
        self._answer_comments(most=1)

    def _answer_comments(self, most: int | None = None) -> None:
        waiting = FindingComment.objects.filter(finding__audit=self.audit, answered_at=None)
        waiting = waiting.exclude(kind=CommentKind.ANSWER).order_by("finding__requirement__order")
        for number, comment in enumerate(waiting[:most]):
            answers = self.remarks[f"{comment.kind}_answer"]
            self.clock.tick(25)
            fieldwork.answer_comment(
                actor=self._people()[0], comment=comment, text=answers[number % len(answers)]
            )

    def accept_facts(self) -> None:
        """The supplier accepts the facts."""
        self.audit = deciding.accept_facts(actor=self.manager, audit=self.audit)

    def facts_over(self) -> None:
        """The time to check the facts is over: the clock accepts them."""
        self.audit = deciding.accept_facts(actor=None, audit=self.audit)

    # --- the result ----------------------------------------------------------------------
    def defer(self) -> None:
        """The decision maker asks the review again."""
        self.audit = perform(
            self.audit, Act.DEFER, actor=self.office.decider, comment=self.remarks["defer"]
        )

    def issue(self) -> None:
        """Issue the result and bring its corrective actions as far as the plan says."""
        if self.plan.deviate:
            proposal = self.propose_grade()
            self.clock.tick(60)
            self.audit = deciding.agree_grade(actor=self.office.reviewer, proposal=proposal)
        else:
            grade = computed_grade(self.audit).grade
            self.audit = deciding.issue(actor=self.office.decider, audit=self.audit, grade=grade)
        correct(
            self.audit,
            self.plan.corrections,
            clock=self.clock,
            manager=self.manager,
            desk=self.desk,
            coordinator=self.office.coordinator,
        )
        self.audit.refresh_from_db()

    def propose_grade(self) -> GradeProposal:
        """Propose a grade that differs from the computed one; a second person must agree."""
        # Where the computed grade leaves no way up, the decision goes one down.
        better = computed_grade(self.audit).grade == GradeLetter.B
        return deciding.propose_grade(
            actor=self.office.decider,
            audit=self.audit,
            grade=GradeLetter.A.value if better else GradeLetter.B.value,
            reason=self.remarks["deviation_up" if better else "deviation_down"],
        )
