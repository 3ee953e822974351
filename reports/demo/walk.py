"""One audit of the demo, walked through its life by the people whose acts they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from audits.auditors.terms import Level
from audits.models import FindingComment, SchemeSettings, TeamMember
from audits.services import applying, deciding, fieldwork, teams
from audits.services.assessment import computed_grade
from audits.services.candidates import rank
from audits.services.perform import perform
from audits.terms import (
    Act,
    Answer,
    AuditKind,
    CommentKind,
    Document,
    DocumentAnswer,
    GradeLetter,
    Judgement,
    Payer,
    Threat,
)
from reports.demo import texts
from reports.demo.corrections import correct
from reports.demo.findings import Visit
from reports.demo.sign_ins import address
from reports.demo.suppliers import describe

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from accounts.models import User
    from audits.auditors.models import Auditor
    from audits.models import Audit
    from reports.demo.clock import Clock
    from reports.demo.people import Office, Scheme
    from reports.demo.plan import Plan
    from reports.demo.suppliers import Place


@dataclass
class Walk:
    """The state of one walk: who acts, the audit so far, and what the plan says."""

    plan: Plan
    place: Place
    kind: AuditKind
    scheme: Scheme
    clock: Clock
    rng: Random
    audit: Audit = field(init=False)

    def __post_init__(self) -> None:
        self.remarks = texts.read("remarks")
        self.manager = self.place.manager
        self.desk = self.place.body.desk

    def go(self) -> Audit:
        """Take every step of the plan on its day and return the audit."""
        for step in self.plan.steps:
            day = self.plan.days[step]
            if step == "finish":
                day = min(self.audit.planned_until or day, self.clock.today)
            self.clock.at(day, *HOURS.get(step, (10, self.rng.randint(0, 59))))
            STEPS[step](self)
        return self.audit

    @property
    def office(self) -> Office:
        """Return the secretariat in charge."""
        return self.scheme.office_of(self.place.body)

    @property
    def visit_day(self) -> date:
        """Return the first day of the visit, past or ahead."""
        return self.plan.days.get("start") or self.clock.today + timedelta(days=self.plan.visit)

    # --- the application -----------------------------------------------------------------
    def open(self) -> None:
        """Open the application, describe the site and, unless it stays a draft, complete it."""
        self.audit = applying.open_application(
            actor=self.manager,
            site=self.place.site,
            secretariat=self.office.organisation,
            body=self.place.body.organisation,
            kind=self.kind,
            purpose=self.plan.purpose or self.rng.choice(self.remarks["purposes"]),
            payer=self.rng.choice((Payer.SUPPLIER, Payer.SUPPLIER, Payer.BRAND)),
            preferred_from=self.visit_day,
            preferred_until=self.visit_day + timedelta(days=4),
        )
        profile = describe(self.place, self.rng, self.plan.days["open"])
        applying.use_profile(actor=self.manager, audit=self.audit, profile=profile)
        documents = dict.fromkeys(Document.values, DocumentAnswer.READY.value)
        documents[Document.FIRE_RECORDS] = DocumentAnswer.ON_SITE
        if not profile.uses_chemicals:
            documents[Document.CHEMICALS] = DocumentAnswer.NOT_APPLICABLE
        if not profile.foreign_workers:
            documents[Document.FOREIGN_WORKERS] = DocumentAnswer.NOT_APPLICABLE
        if self.plan.steps == ("open",):
            for left in (Document.WAGE_LEDGER, Document.SAFETY_RECORDS):
                del documents[left]
        self.clock.tick(40)
        self.audit = applying.fill_in(actor=self.manager, audit=self.audit, documents=documents)

    def submit(self) -> None:
        """Accept the terms and submit."""
        applying.accept_terms(actor=self.manager, audit=self.audit)
        self.clock.tick(2)
        self.audit = applying.submit(actor=self.manager, audit=self.audit)

    def give_back(self) -> None:
        """Return the application to the supplier."""
        self.audit = perform(
            self.audit, Act.RETURN, actor=self.desk, comment=self.remarks["return"]
        )

    def accept(self) -> None:
        """Accept it for the body."""
        self.audit = applying.accept(actor=self.desk, audit=self.audit)

    # --- the team ------------------------------------------------------------------------
    def propose(self) -> None:
        """Propose the best of those who are eligible, with interpreters where needed."""
        team = self._team()
        spoken = {code for auditor, _function in team for code in auditor.languages}
        wanted = self.audit.profile.languages if self.audit.profile else []
        self.audit = teams.propose_team(
            actor=self.desk,
            audit=self.audit,
            team=[{"auditor": auditor, "function": function} for auditor, function in team],
            interpreters=not spoken.issuperset(wanted),
        )
        if self.plan.declined:
            member = TeamMember.objects.filter(audit=self.audit).order_by("-pk")[0]
            self.clock.tick(300)
            teams.decline_offer(
                actor=member.auditor.user, member=member, reason=self.remarks["decline"]
            )
        if self.plan.pending:
            self.clock.tick(120)
            self._accept_offers(but=address(self.plan.member))

    def _team(self) -> list[tuple[Auditor, str]]:
        rows = rank(self.audit)
        lead = self._wanted(
            self.plan.lead, [row.auditor for row in rows if "lead" in row.functions]
        )
        members = [
            row.auditor
            for row in rows
            if "member" in row.functions
            and row.auditor.pk != lead.pk
            # The auditor of the sign-ins keeps a quiet list: one offer.
            and (row.auditor.user.email != address("auditor") or self.plan.member)
        ]
        if not members:
            return [(lead, Level.LEAD)]
        return [(lead, Level.LEAD), (self._wanted(self.plan.member, members), Level.MEMBER)]

    @staticmethod
    def _wanted(name: str, auditors: list[Auditor]) -> Auditor:
        named = [row for row in auditors if name and row.user.email == address(name)]
        return (named or auditors)[0]

    def object(self) -> None:
        """The supplier objects to the team."""
        self.audit = perform(
            self.audit, Act.OBJECT, actor=self.manager, comment=self.remarks["object"]
        )

    def answer(self) -> None:
        """Everybody accepts and signs the conflict declaration."""
        self._accept_offers()

    def _accept_offers(self, but: str = "") -> None:
        offers = TeamMember.objects.filter(audit=self.audit, answer=Answer.OFFERED)
        for member in offers.exclude(auditor__user__email=but).select_related("auditor__user"):
            self.clock.tick(50)
            teams.accept_offer(
                actor=member.auditor.user,
                member=member,
                declaration=dict.fromkeys(Threat.values, False),
            )

    def agree(self) -> None:
        """The supplier agrees to the team."""
        self.audit = teams.agree_team(actor=self.manager, audit=self.audit)

    def schedule(self) -> None:
        """Fix the visit with the person-days that the size of the site asks for."""
        self.clock.tick(60)
        workers = self.audit.profile.workers if self.audit.profile else 0
        person_days = Decimal(str(SchemeSettings.objects.current().person_days_for(workers)))
        days = ceil(person_days / TeamMember.objects.filter(audit=self.audit).count())
        if self.plan.half and "finish" not in self.plan.steps:
            days = max(days, 2)  # still under way today
        self.audit = teams.schedule(
            actor=self.desk,
            audit=self.audit,
            planned_from=self.visit_day,
            planned_until=self.visit_day + timedelta(days=days - 1),
            person_days=max(person_days, Decimal(1)),
        )

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
        grade, reason = computed_grade(self.audit).grade, ""
        if self.plan.deviate and grade == GradeLetter.B:
            grade, reason = GradeLetter.A.value, self.remarks["deviation"]
        self.audit = deciding.issue(
            actor=self.office.decider,
            audit=self.audit,
            grade=grade,
            reason=reason,
            seconded_by=self.office.reviewer if reason else None,
        )
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
