"""One audit of the demo up to the fixed visit: application, team, dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from audits.auditors.terms import Level
from audits.models import SchemeSettings, TeamMember
from audits.services import applying, teams
from audits.services.candidates import rank
from audits.services.perform import perform
from audits.terms import Act, Answer, AuditKind, Document, DocumentAnswer, Payer, Threat
from reports.demo import texts
from reports.demo.next_version import next_effective_on
from reports.demo.sign_ins import address
from reports.demo.suppliers import describe

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from audits.auditors.models import Auditor
    from audits.models import Audit
    from reports.demo.clock import Clock
    from reports.demo.people import Office, Scheme
    from reports.demo.plan import Plan
    from reports.demo.suppliers import Place


@dataclass
class Application:
    """The first half of a walk, and its state: who acts, the audit so far, what the plan says."""

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

    @property
    def office(self) -> Office:
        """Return the secretariat in charge."""
        return self.scheme.office_of(self.place.body)

    @property
    def visit_day(self) -> date:
        """Return the first day of the visit, past or ahead."""
        if self.plan.ahead:
            return next_effective_on(self.clock.today) + timedelta(days=16)
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
        person_days = Decimal(str(SchemeSettings.objects.current().person_days_of(self.audit)))
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
