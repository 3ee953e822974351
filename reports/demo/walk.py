"""One audit of the demo, walked through its life by the people whose acts they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from audits.models import FindingComment, TeamMember
from audits.services import deciding, fieldwork
from audits.services.assessment import computed_grade
from audits.services.perform import perform
from audits.terms import Act, CommentKind, GradeLetter, Judgement
from reports.demo.application import Application
from reports.demo.corrections import correct
from reports.demo.findings import Visit

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit


class Walk(Application):
    """A whole walk: the application's steps, then visit, review, result and other ends."""

    def go(self) -> Audit:
        """Take every step of the plan on its day and return the audit."""
        for step in self.plan.steps:
            day = self.plan.days[step]
            if step == "finish":
                day = min(self.audit.planned_until or day, self.clock.today)
            self.clock.at(day, *HOURS.get(step, (10, self.rng.randint(0, 59))))
            STEPS[step](self)
        return self.audit

    # --- the visit -----------------------------------------------------------------------
    def _people(self) -> list[User]:
        members = TeamMember.objects.filter(audit=self.audit).select_related("auditor__user")
        return [row.auditor.user for row in members.order_by("function", "pk")]

    def start(self) -> None:
        """Start; the visit that goes on today is half done."""
        people = self._people()
        self.audit = fieldwork.start(actor=people[0], audit=self.audit)
        visit = Visit(self.audit, people, self.clock, self.rng)
        visit.photograph(None, people[0], "工場の全景")
        over = "finish" in self.plan.steps
        visit.interview(finished=over)
        visit.judge(
            self.plan.worst,
            grave=self.plan.grave,
            share=1 if over else 0.5,
            loose_end=over and self.plan.half,
        )

    def finish(self) -> None:
        """Hold the closing meeting."""
        held = self.clock.moment
        self.clock.tick(30)
        self.audit = fieldwork.finish_visit(
            actor=self._people()[0],
            audit=self.audit,
            closing_meeting_at=held,
            closing_meeting_note=self.remarks["closing"],
        )

    def sign(self) -> None:
        """Sign the report."""
        self.audit = fieldwork.sign(actor=self._people()[0], audit=self.audit)

    # --- review and facts ----------------------------------------------------------------
    def _some_codes(self, count: int) -> list[str]:
        bad = self.audit.findings.filter(judgement=Judgement.NONCONFORMING)
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
        lead = self._people()[0]
        waiting = FindingComment.objects.filter(finding__audit=self.audit, answered_at=None)
        for number, comment in enumerate(waiting.exclude(kind=CommentKind.ANSWER)):
            answers = self.remarks[f"{comment.kind}_answer"]
            self.clock.tick(25)
            fieldwork.answer_comment(
                actor=lead, comment=comment, text=answers[number % len(answers)]
            )
        self.sign()

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
        grade = computed_grade(self.audit).grade
        if not self.plan.deviate:
            self.audit = deciding.issue(actor=self.office.decider, audit=self.audit, grade=grade)
        else:
            # Where the computed grade leaves no way up, the decision goes one down.
            better = grade == GradeLetter.B
            reason = self.remarks["deviation_up" if better else "deviation_down"]
            proposal = deciding.propose_grade(
                actor=self.office.decider,
                audit=self.audit,
                grade=GradeLetter.A.value if better else GradeLetter.B.value,
                reason=reason,
            )
            self.clock.tick(60)
            self.audit = deciding.agree_grade(actor=self.office.reviewer, proposal=proposal)
        correct(
            self.audit,
            self.plan.corrections,
            clock=self.clock,
            manager=self.manager,
            desk=self.desk,
            coordinator=self.office.coordinator,
        )
        self.audit.refresh_from_db()

    # --- other ends ----------------------------------------------------------------------
    def abort(self) -> None:
        """The lead aborts the visit."""
        self.clock.tick(30)
        self.audit = perform(
            self.audit, Act.ABORT, actor=self._people()[0], comment=self.remarks["abort"]
        )

    def withdraw(self) -> None:
        """The supplier withdraws."""
        self.audit = perform(self.audit, Act.WITHDRAW, actor=self.manager)

    def cancel(self) -> None:
        """The coordinator cancels."""
        self.audit = perform(
            self.audit, Act.CANCEL, actor=self.desk, comment=self.remarks["cancel"]
        )

    def void(self) -> None:
        """The scheme owner declares the audit void."""
        self.audit = perform(
            self.audit, Act.VOID, actor=self.scheme.owner, comment=self.remarks["void"]
        )


HOURS = {"start": (9, 0), "finish": (16, 30), "issue": (15, 0), "abort": (11, 0)}
STEPS: dict[str, Callable[[Walk], None]] = {
    "open": Walk.open,
    "submit": Walk.submit,
    "return": Walk.give_back,
    "submit_again": Walk.submit,
    "accept": Walk.accept,
    "propose": Walk.propose,
    "object": Walk.object,
    "propose_again": Walk.propose,
    "answer": Walk.answer,
    "agree": Walk.agree,
    "schedule": Walk.schedule,
    "start": Walk.start,
    "finish": Walk.finish,
    "sign": Walk.sign,
    "send_back": Walk.send_back,
    "sign_again": Walk.sign_again,
    "pass_review": Walk.pass_review,
    "dispute": Walk.dispute,
    "sign_disputed": Walk.sign_again,
    "pass_again": Walk.pass_review,
    "accept_facts": Walk.accept_facts,
    "facts_over": Walk.facts_over,
    "defer": Walk.defer,
    "pass_deferred": Walk.pass_review,
    "facts_deferred": Walk.accept_facts,
    "issue": Walk.issue,
    "abort": Walk.abort,
    "withdraw": Walk.withdraw,
    "cancel": Walk.cancel,
    "void": Walk.void,
}
