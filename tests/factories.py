"""Typed, plain factories: `make_*` returns a saved row, `audit_at` walks an audit to a state."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from PIL import Image

from accounts.models import Designation, Membership, Organisation, User
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor, Engagement, Qualification
from audits.auditors.terms import EngagementKind, Level, QualificationStatus
from audits.models import Audit, CorrectiveAction, Finding, TeamMember
from audits.services import applying, deciding, fieldwork, teams
from audits.services.assessment import computed_grade
from audits.services.closing import close_when_done
from audits.services.correcting import take_step
from audits.services.evidence import add_evidence
from audits.standards.catalogue import SHIPPED, Catalogue, read_catalogue
from audits.standards.models import Standard
from audits.standards.services import activate_standard, load_catalogue
from audits.terms import (
    Document,
    DocumentAnswer,
    EvidenceClass,
    Judgement,
    Status,
    Threat,
)
from suppliers.models import SharingGrant, Site, SiteProfile, Supplier
from suppliers.terms import Level as SharingLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

_count = itertools.count(1)


def make_user(
    organisation: Organisation | None = None, role: Role = Role.READER, **fields: Any
) -> User:
    number = next(_count)
    fields.setdefault("name", f"利用者 {number}")
    user = User.objects.create_user(f"user{number}@example.org", "password", **fields)
    if organisation is not None:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_organisation(kind: Kind = Kind.SECRETARIAT, **fields: Any) -> Organisation:
    number = next(_count)
    if kind == Kind.AUDIT_BODY and "parent" not in fields:
        fields["parent"] = make_organisation(Kind.SECRETARIAT)
    fields.setdefault("name_ja", f"組織 {number}")
    fields.setdefault("name_en", f"Organisation {number}")
    organisation = Organisation.objects.create(kind=kind, **fields)
    if kind in (Kind.SECRETARIAT, Kind.AUDIT_BODY):
        Designation.objects.create(organisation=organisation, starts_on=date(2025, 4, 1))
    return organisation


def make_supplier(**fields: Any) -> Supplier:
    number = next(_count)
    fields.setdefault("name_ja", f"株式会社 織物{number}")
    fields.setdefault("name_en", f"Orimono {number} Co.")
    fields.setdefault("prefecture", 38)
    organisation = fields.pop("organisation", None) or make_organisation(
        Kind.SUPPLIER, name_ja=fields["name_ja"]
    )
    return Supplier.objects.create(organisation=organisation, **fields)


def make_site(supplier: Supplier | None = None, **fields: Any) -> Site:
    number = next(_count)
    fields.setdefault("name_ja", f"第{number}工場")
    fields.setdefault("name_en", f"Mill {number}")
    fields.setdefault("prefecture", 38)
    fields.setdefault("processes", ["weaving", "dyeing"])
    return Site.objects.create(supplier=supplier or make_supplier(), **fields)


def make_profile(site: Site | None = None, **fields: Any) -> SiteProfile:
    fields.setdefault("as_of", timezone.localdate())
    fields.setdefault("workers_male", 20)
    fields.setdefault("workers_female", 26)
    fields.setdefault("workers_fixed_term", 6)
    total = fields["workers_male"] + fields["workers_female"]
    fields.setdefault("workers_regular", total - fields["workers_fixed_term"])
    fields.setdefault("technical_interns", 9)
    fields.setdefault("languages", ["ja", "vi"])
    fields.setdefault("has_dormitory", True)
    return SiteProfile.objects.create(site=site or make_site(), **fields)


@cache
def shipped() -> Catalogue:
    """The catalogue that ships; reading and checking its files for every test took a minute."""
    catalogue = read_catalogue(SHIPPED)
    assert isinstance(catalogue, Catalogue)
    return catalogue


def make_standard() -> Standard:
    """The catalogue that ships, active; made once per test."""
    existing = Standard.objects.filter(version="2025").first()
    if existing:
        return existing
    return activate_standard(standard=load_catalogue(catalogue=shipped()).standard)


def next_catalogue(
    version: str = "2027",
    *,
    effective_on: date,
    mandatory_from: date | None = None,
    changed: Iterable[str] = ("5-7",),
) -> Catalogue:
    """The shipped catalogue as a later version: the texts of some requirements are others."""
    contents = shipped().contents
    codes = set(changed)
    requirements = tuple(
        replace(row, text_ja=f"別の内容を求める({row.code})。", text_en="Something else.")
        if row.code in codes
        else row
        for row in contents.requirements
    )
    later = replace(contents, version=version, effective_on=effective_on, requirements=requirements)
    return Catalogue(later, mandatory_from=mandatory_from, activate=False)


def make_next_standard(
    version: str = "2027",
    *,
    effective_on: date | None = None,
    mandatory_from: date | None = None,
    changed: Iterable[str] = ("5-7",),
    active: bool = True,
) -> Standard:
    """A version after the shipped one, mapped to it; `changed` are codes with another text.

    By default it takes effect in 30 days and is mandatory in 60.
    """
    make_standard()
    today = timezone.localdate()
    effective_on = effective_on or today + timedelta(days=30)
    catalogue = next_catalogue(
        version,
        effective_on=effective_on,
        mandatory_from=mandatory_from or effective_on + timedelta(days=30),
        changed=changed,
    )
    standard = load_catalogue(catalogue=catalogue).standard
    return activate_standard(standard=standard) if active else standard


def make_auditor(
    body: Organisation | None = None,
    level: Level = Level.LEAD,
    standard: Standard | None = None,
    **fields: Any,
) -> Auditor:
    body = body or make_organisation(Kind.AUDIT_BODY)
    fields.setdefault("languages", ["ja", "vi"])
    fields.setdefault("prefectures", [38, 37])
    fields.setdefault("registration_number", f"JA-{next(_count):05d}")
    auditor = Auditor.objects.create(user=make_user(body, Role.AUDITOR), body=body, **fields)
    Qualification.objects.create(
        auditor=auditor,
        standard=standard or make_standard(),
        level=level,
        status=QualificationStatus.QUALIFIED,
        starts_on=date(2025, 4, 1),
    )
    return auditor


def make_engagement(supplier: Supplier, person: User | None = None, **fields: Any) -> Engagement:
    fields.setdefault("kind", EngagementKind.RETAINER)
    fields.setdefault("starts_on", date(2024, 4, 1))
    fields.setdefault("declared_by", person or make_user())
    return Engagement.objects.create(supplier=supplier, person=person, **fields)


class Scheme:
    """People and organisations for one audit, made on first use and named by what they do."""

    def __init__(self) -> None:
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
    site = site or scheme.site
    audit = open_draft(scheme, site)
    for step in PATH[1 : PATH.index(status) + 1]:
        audit = STEPS[step](scheme, audit, tuple(nonconforming))
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
    wanted = set(nonconforming)
    findings = Finding.objects.filter(audit=audit).select_related("requirement")
    for finding in findings.exclude(judgement=Judgement.NOT_APPLICABLE):
        bad = finding.requirement.code in wanted
        fieldwork.save_finding(
            actor=scheme.lead.user,
            finding=finding,
            version=finding.version,
            judgement=Judgement.NONCONFORMING if bad else Judgement.CONFORMING,
            methods=["document", "observation"],
            report_text="避難通路に台車が置かれていた。" if bad else "",
        )
        if bad:
            add_evidence(
                actor=scheme.lead.user,
                audit=audit,
                finding=finding,
                file=picture(),
                name="photo.jpg",
                caption="避難通路",
                evidence_class=EvidenceClass.PUBLIC,
            )


def picture(colour: tuple[int, int, int] | None = None, edge: int = 64) -> io.BytesIO:
    """A small JPEG; without a colour each one is different."""
    image = Image.new("RGB", (edge, edge), colour or (90, 110, 120))
    if colour is None:
        # The bits of a running number as blocks: JPEG must not make two of them the same.
        number = next(_count)
        for bit in range(16):
            if number >> bit & 1:
                x, y = bit % 4 * 16, bit // 4 * 16
                image.paste((240, 220, 60), (x, y, x + 16, y + 16))
    out = io.BytesIO()
    image.save(out, "JPEG")
    out.seek(0)
    return out


def _finish(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    judge_all(scheme, audit, codes)
    fieldwork.record_sample(
        actor=scheme.lead.user, audit=audit, stratum="技能実習", language="vi", planned=3, done=3
    )
    return fieldwork.finish_visit(
        actor=scheme.lead.user, audit=audit, closing_meeting_at=timezone.now()
    )


def _issue(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    grade = computed_grade(audit).grade
    return deciding.issue(actor=scheme.decider, audit=audit, grade=grade)


def _close(scheme: Scheme, audit: Audit, codes: tuple[str, ...]) -> Audit:
    for action in CorrectiveAction.objects.filter(finding__audit=audit):
        take_step(
            actor=scheme.manager,
            action=action,
            step="plan",
            root_cause="置き場が決まっていない。",
            correction="台車を移した。",
            prevention="床に線を引く。",
            responsible="製造課長",
        )
        take_step(actor=scheme.desk, action=action, step="accept_plan")
        take_step(
            actor=scheme.manager,
            action=action,
            step="submit_evidence",
            evidence_note="線を引いた。",
        )
        take_step(actor=scheme.desk, action=action, step="close")
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


def make_grant(
    site: Site,
    brand: Organisation,
    level: SharingLevel = SharingLevel.FULL,
    granted_by: User | None = None,
    **fields: Any,
) -> SharingGrant:
    today = timezone.localdate()
    fields.setdefault("starts_on", today - timedelta(days=1))
    fields.setdefault("ends_on", today + timedelta(days=365))
    return SharingGrant.objects.create(
        site=site, brand=brand, level=level, granted_by=granted_by or make_user(), **fields
    )
