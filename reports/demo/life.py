"""The whole life of one audit of the demo, and what becomes of its result once it is shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from audits.auditors.terms import EngagementKind
from audits.models import Appeal, Result
from audits.services import appealing
from audits.services.conflicts import declare_engagement
from audits.services.perform import perform
from audits.services.results import change_result
from audits.terms import Act, Judgement, Severity
from reports.demo.plan import LATER
from reports.demo.walk import Walk
from ui.calendars import add_months

APART = timedelta(minutes=20)


class Life(Walk):
    """A whole walk with its other ends; every step is taken by whose act it is."""

    # When the latest step ended.
    moment = datetime.min.replace(tzinfo=UTC)

    def go(self) -> None:
        """Take the steps of the plan, each on its day, up to the result."""
        self._take([step for step in self.plan.steps if step not in LATER])

    def go_on(self) -> None:
        """Take the steps that follow once the result is shared."""
        self._take([step for step in self.plan.steps if step in LATER])

    def _take(self, steps: list[str]) -> None:
        for step in steps:
            day = self.plan.days[step]
            if step == "finish":
                day = min(self.audit.planned_until or day, self.clock.today)
            before = self.moment
            self.clock.at(day, *HOURS.get(step, (10, self.rng.randint(0, 59))))
            # Two steps on one day: never earlier than the one before.
            self.clock.set(max(self.clock.moment, before + APART))
            STEPS[step](self)
            self.moment = self.clock.moment

    def find_tie(self) -> None:
        """The supplier remembers an engagement of the lead that ends to matter in a month."""
        lead = self._people()[0]
        over = add_months(self.clock.today, -24)
        declare_engagement(
            actor=self.manager,
            supplier=self.place.supplier,
            kind=EngagementKind.TRAINING,
            starts_on=add_months(over, -3),
            ends_on=over + timedelta(days=30),
            person=lead,
            note=self.remarks["tie"],
        )

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

    # --- after the result ----------------------------------------------------------------
    def appeal(self) -> None:
        """The supplier appeals against the result."""
        appealing.raise_appeal(
            actor=self.manager, result=self._result(), grounds=self.remarks["appeal"]["grounds"]
        )

    def dismiss_appeal(self) -> None:
        """The coordinator of the secretariat, who had no part in the result, dismisses it."""
        appealing.dismiss_appeal(
            actor=self.office.coordinator,
            appeal=self._open_appeal(),
            decision=self.remarks["appeal"]["dismissed"],
        )

    def uphold_appeal(self) -> None:
        """The coordinator upholds it: some requirements were met, a revision is issued."""
        words = self.remarks["appeal"]
        changes = {
            code: {"judgement": Judgement.CONFORMING, "reason": words["met"]}
            for code in self._some_codes(2, severity=Severity.MAJOR)
        }
        appealing.uphold_appeal(
            actor=self.office.coordinator,
            appeal=self._open_appeal(),
            decision=words["upheld"],
            changes=changes,
        )

    def suspend_result(self) -> None:
        """The decision maker suspends the result."""
        self._change("suspend")

    def withdraw_result(self) -> None:
        """The decision maker withdraws the result."""
        self._change("withdraw")

    def _change(self, change: str) -> None:
        change_result(
            actor=self.office.decider,
            result=self._result(),
            change=change,
            reason=self.remarks[f"{change}_result"],
        )

    def _result(self) -> Result:
        return Result.objects.filter(audit=self.audit).order_by("-revision")[0]

    def _open_appeal(self) -> Appeal:
        return Appeal.objects.open().get(result__audit=self.audit)


HOURS = {"start": (9, 0), "finish": (16, 30), "issue": (15, 0), "abort": (11, 0)}
STEPS: dict[str, Callable[[Life], object]] = {
    "open": Life.open,
    "submit": Life.submit,
    "return": Life.give_back,
    "submit_again": Life.submit,
    "accept": Life.accept,
    "propose": Life.propose,
    "object": Life.object,
    "propose_again": Life.propose,
    "answer": Life.answer,
    "agree": Life.agree,
    "schedule": Life.schedule,
    "start": Life.start,
    "finish": Life.finish,
    "sign": Life.sign,
    "send_back": Life.send_back,
    "sign_again": Life.sign_again,
    "pass_review": Life.pass_review,
    "dispute": Life.dispute,
    "sign_disputed": Life.sign_again,
    "pass_again": Life.pass_review,
    "accept_facts": Life.accept_facts,
    "facts_over": Life.facts_over,
    "defer": Life.defer,
    "pass_deferred": Life.pass_review,
    "facts_deferred": Life.accept_facts,
    "issue": Life.issue,
    "abort": Life.abort,
    "withdraw": Life.withdraw,
    "cancel": Life.cancel,
    "void": Life.void,
    "find_tie": Life.find_tie,
    "answer_some": Life.answer_some,
    "propose_grade": Life.propose_grade,
    "appeal": Life.appeal,
    "dismiss_appeal": Life.dismiss_appeal,
    "uphold_appeal": Life.uphold_appeal,
    "suspend_result": Life.suspend_result,
    "withdraw_result": Life.withdraw_result,
}
