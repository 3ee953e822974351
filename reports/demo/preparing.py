"""Around a visit of the demo: documents sent and looked at, the work divided, workers heard."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from audits.models import Finding, InterviewSample, TeamMember
from audits.services import documents
from audits.services.dividing import divide_work
from audits.services.document_list import DocumentList
from audits.services.interviews import add_interpreter, write_note
from audits.terms import Employer, InterviewForm, SupplierAnswer
from reports.demo import texts
from reports.demo.findings import OF_LEAD
from reports.demo.pictures import draw
from suppliers.terms import Language

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit
    from reports.demo.clock import Clock

# Of the documents in the order of the list: how many are sent, and how many seen on site.
SENT, ON_SITE = 4, 8


class Preparation:
    """What supplier and team do beside the findings, with random numbers of their own."""

    def __init__(self, audit: Audit, clock: Clock) -> None:
        self.audit, self.clock = audit, clock
        self.words = texts.read("remarks")["preparing"]
        self.rng = Random(audit.number)  # noqa: S311  repeatable on purpose, guards nothing

    def send_documents(self, manager: User) -> None:
        """The supplier sends some documents, answers for others, and has one of them not."""
        keys = [item.key for item in DocumentList(self.audit, manager).items]
        for number, key in enumerate(keys[:SENT]):
            self.clock.tick(4)
            documents.send_file(
                actor=manager,
                audit=self.audit,
                key=key,
                file=draw(self.rng),
                name=f"scan-{number + 1}.png",
            )
        self.clock.tick(5)
        documents.answer_for(
            actor=manager,
            audit=self.audit,
            keys=keys[SENT : SENT + ON_SITE],
            answer=SupplierAnswer.ON_SITE,
        )
        documents.answer_for(
            actor=manager,
            audit=self.audit,
            keys=keys[SENT + ON_SITE : SENT + ON_SITE + 1],
            answer=SupplierAnswer.NONE,
            remark=self.words["none"],
        )

    def look_at_documents(self, lead: User) -> None:
        """The team accepts what is good, says what is missing, and asks for one more."""
        keys = [item.key for item in DocumentList(self.audit, lead).items]
        documents.accept_documents(actor=lead, audit=self.audit, keys=keys[: SENT - 2])
        documents.flag_document(
            actor=lead, audit=self.audit, key=keys[SENT - 2], reason=self.words["flagged"]
        )
        documents.ask_for(actor=lead, audit=self.audit, name=self.words["asked"], code="5-6")

    def divide(self, lead: User) -> None:
        """The lead divides the sections among the two of the team."""
        places = TeamMember.objects.filter(audit=self.audit, answer="accepted")
        mine = places.filter(auditor__user=lead).values_list("pk", flat=True)[0]
        others = list(places.exclude(pk=mine).order_by("pk").values_list("pk", flat=True))
        if not others:
            return
        rows = Finding.objects.filter(audit=self.audit).values_list(
            "requirement__code", "requirement__category__number"
        )
        divide_work(
            actor=lead,
            audit=self.audit,
            holders={code: mine if number in OF_LEAD else others[0] for code, number in rows},
        )

    def hear(self, lead: User) -> None:
        """Interpreters are recorded by their employer, and two interviews have a sealed note."""
        spoken = self.audit.profile.languages if self.audit.profile else []
        for code in spoken:
            if code != Language.JAPANESE:
                add_interpreter(
                    actor=lead,
                    audit=self.audit,
                    language=Language(code),
                    employer=Employer.AGENCY,
                    employer_name=self.words["agency"],
                )
        samples = InterviewSample.objects.filter(audit=self.audit, across=False).order_by("pk")
        for sample, text in zip(samples, self.words["notes"], strict=False):
            self.clock.tick(6)
            write_note(
                actor=lead,
                audit=self.audit,
                stratum=sample.stratum,
                language=Language(sample.language),
                form=InterviewForm.INDIVIDUAL,
                text=text,
            )
