"""A whole scheme, and audits that are walked to a state through the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from accounts.terms import Kind, Role
from audits.auditors.terms import Level
from audits.models import Audit, ClosingMeeting, CorrectiveAction, Finding, TeamMember
from audits.services import applying, deciding, fieldwork, interviews, meetings, teams
from audits.services.assessment import computed_grade
from audits.services.closing import close_when_done
from audits.services.evidence import add_evidence
from audits.terms import (
    Document,
    DocumentAnswer,
    EvidenceClass,
    Judgement,
    Status,
    Threat,
)
from suppliers.models import Site
from tests.factories.auditors import make_auditor
from tests.factories.corrections import correct
from tests.factories.memory import memory
from tests.factories.people import make_organisation, make_user
from tests.factories.pictures import picture
from tests.factories.standards import make_standard
from tests.factories.suppliers import make_profile, make_site, make_supplier

if TYPE_CHECKING:
    from collections.abc import Iterable


class Scheme:
    """People and organisations for one audit, named by what they do."""

    def __init__(self) -> None:
        self.__dict__.update(memory.take("scheme", self._make))

    def _make(self) -> dict[str, Any]:
        self.standard = make_standard()
        self.owner = make_user(
            make_organisation(Kind.SCHEME_OWNER, name_ja="統括事務局"), Role.ADMINISTRATOR
        )
        self.secretariat = make_organisation(Kind.SECRETARIAT)
        self.coordinator = make_user(self.secretariat, Role.COORDINATOR)
        self.reviewer = make_user(self.secretariat, Role.REVIEWER)
        self.decider = make_user(self.secretariat, Role.ADMINISTRATOR)
        self.body = make_organisation(Kind.AUDIT_BODY, parent=self.secretariat)
        self.desk = make_user(self.body, Role.COORDINATOR)
        self.lead = make_auditor(self.body)
        self.member = make_auditor(self.body, Level.MEMBER)
        self.supplier = make_supplier()
        self.manager = make_user(self.supplier.organisation, Role.MANAGER)
        self.site = make_site(self.supplier)
        self.brand = make_organisation(Kind.BRAND, name_ja="ブランド")
        self.brand_user = make_user(self.brand, Role.READER)
        self.observer = make_user(make_organisation(Kind.OBSERVER), Role.READER)
        return vars(self)


# The straight way through the life of an audit.
PATH = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.TEAM_PROPOSED,
    Status.SCHEDULED,
    Status.FIELDWORK,
    Status.DRAFTING,
    Status.IN_REVIEW,
    Status.FACT_CHECK,
    Status.DECISION,
    Status.ISSUED,
    Status.CLOSED,
)


def audit_at(
    status: Status,
    scheme: Scheme | None = None,
    *,
    site: Site | None = None,
    nonconforming: Iterable[str] = ("5-7",),
) -> Audit:
    """An audit that has come to `status` through the services, acting as the scheme's people."""
    scheme = scheme or Scheme()
    where = site or scheme.site
    codes = tuple(nonconforming)
    who = (scheme.owner.pk, where.pk)
    audit = memory.take((*who, Status.DRAFT), lambda: open_draft(scheme, where))
    for state in PATH[1 : PATH.index(status) + 1]:
        step = partial(STEPS[state], scheme, audit, codes)
        audit = memory.take((*who, state, codes), step)
    return audit


def open_draft(scheme: Scheme, site: Site) -> Audit:
    today = timezone.localdate()
    audit = applying.open_application(
        actor=scheme.manager,
        site=site,
        secretariat=scheme.secretariat,
        body=scheme.body,
        preferred_from=today,
        preferred_until=today + timedelta(days=2),
    )
    applying.use_profile(actor=scheme.manager, audit=audit, profile=make_profile(site))
    applying.fill_in(
        actor=scheme.manager,
        audit=audit,
        documents=dict.fromkeys(Document.values, DocumentAnswer.READY.value),
    )
    return applying.accept_terms(actor=scheme.manager, audit=audit)


def _propose(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    return teams.propose_team(
        actor=scheme.desk,
        audit=audit,
        team=[
            {"auditor": scheme.lead, "function": Level.LEAD},
            {"auditor": scheme.member, "function": Level.MEMBER},
        ],
    )


def answer_offers(audit: Audit) -> None:
    """Everybody who was asked accepts and declares no threat."""
    for member in TeamMember.objects.filter(audit=audit).select_related("auditor__user"):
        teams.accept_offer(
            actor=member.auditor.user,
            member=member,
            declaration=dict.fromkeys(Threat.values, False),
        )


def _schedule(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    answer_offers(audit)
    teams.agree_team(actor=scheme.manager, audit=audit)
    today = timezone.localdate()
    return teams.schedule(
        actor=scheme.desk,
        audit=audit,
        planned_from=today,
        planned_until=today + timedelta(days=1),
        person_days=Decimal(2),
    )


def judge_all(scheme: Scheme, audit: Audit, nonconforming: Iterable[str] = ()) -> None:
    """Judge every applicable requirement: conforming but for the given codes."""
    findings = Finding.objects.filter(audit=audit, carried_from=None)
    findings = findings.exclude(judgement=Judgement.NOT_APPLICABLE)
    bad = findings.filter(requirement__code__in=set(nonconforming))
    # At once: seventy calls of the service for every test took half of a walk's time.
    findings.exclude(pk__in=bad.values("pk")).update(
        judgement=Judgement.CONFORMING,
        methods=["document", "observation"],
        preset=False,
        version=F("version") + 1,
        changed_by=scheme.lead.user,
        changed_at=timezone.now(),
    )
    for finding in bad:
        fieldwork.save_finding(
            actor=scheme.lead.user,
            finding=finding,
            version=finding.version,
            judgement=Judgement.NONCONFORMING,
            methods=["document", "observation"],
            report_text="避難通路に台車が置かれていた。",
        )
        add_evidence(
            actor=scheme.lead.user,
            audit=audit,
            finding=finding,
            file=picture(),
            name="photo.jpg",
            caption="避難通路",
            evidence_class=EvidenceClass.PUBLIC,
        )


def hear_some(scheme: Scheme, audit: Audit) -> None:
    """As many workers are interviewed as a site of the usual size needs."""
    for stratum, language in (("技能実習", "vi"), ("正社員", "ja")):
        interviews.record_sample(
            actor=scheme.lead.user,
            audit=audit,
            stratum=stratum,
            language=language,
            planned=3,
            done=3,
        )


def _finish(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    judge_all(scheme, audit, codes)
    return finish_visit(scheme, audit)


def hold_closing(scheme: Scheme, audit: Audit, **given: Any) -> ClosingMeeting:
    """The site's representative acknowledges every finding and signs by name."""
    told = meetings.findings_to_tell(audit)
    values: dict[str, Any] = {
        "seal": meetings.seal_of(told),
        "held_at": timezone.now(),
        "representative": "織田 誠",
        "function": "工場長",
        "contested": {},
    }
    return meetings.hold_closing(actor=scheme.lead.user, audit=audit, **values | given)


def finish_visit(scheme: Scheme, audit: Audit) -> Audit:
    """Interviews and closing meeting are held and the visit finished."""
    hear_some(scheme, audit)
    hold_closing(scheme, audit)
    return fieldwork.finish_visit(actor=scheme.lead.user, audit=audit)


def _issue(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    grade = computed_grade(audit).grade
    return deciding.issue(actor=scheme.decider, audit=audit, grade=grade)


def _close(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    for action in CorrectiveAction.objects.filter(finding__audit=audit):
        correct(scheme, action)
    if not CorrectiveAction.objects.filter(finding__audit=audit).exists():
        close_when_done(audit)
    audit.refresh_from_db()
    return audit


STEPS: dict[Status, Any] = {
    Status.SUBMITTED: lambda s, a, c: applying.submit(actor=s.manager, audit=a),
    Status.ACCEPTED: lambda s, a, c: applying.accept(actor=s.desk, audit=a),
    Status.TEAM_PROPOSED: _propose,
    Status.SCHEDULED: _schedule,
    Status.FIELDWORK: lambda s, a, c: fieldwork.start(actor=s.lead.user, audit=a),
    Status.DRAFTING: _finish,
    Status.IN_REVIEW: lambda s, a, c: fieldwork.sign(actor=s.lead.user, audit=a),
    Status.FACT_CHECK: lambda s, a, c: deciding.pass_review(actor=s.reviewer, audit=a),
    Status.DECISION: lambda s, a, c: deciding.accept_facts(actor=s.manager, audit=a),
    Status.ISSUED: _issue,
    Status.CLOSED: _close,
}
