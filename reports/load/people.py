"""Institutions, auditors, suppliers and their sites, in proportion to the number of audits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from typing import TYPE_CHECKING

from accounts.models import Designation, Membership, Organisation, User
from accounts.services.people import scheme_office
from accounts.terms import Kind, Role
from audits.auditors.models import Auditor, Qualification
from audits.auditors.terms import Level, QualificationStatus
from reports.load.industry import PREFECTURE_CODES, PREFECTURE_WEIGHTS, PROCESS_WEIGHTS
from reports.load.writing import key
from suppliers.corporate_numbers import make_corporate_number
from suppliers.models import Site, SiteProfile, Supplier

if TYPE_CHECKING:
    from random import Random

    from django.db.models import Model

    from audits.standards.models import Standard

AUDITS_PER_BODY, AUDITORS_PER_BODY, LEADS_PER_BODY = 400, 9, 4
# One supplier in five has a second site.
SECOND_SITE = 0.2
# Nobody signs in as one of them: no password has this hash.
NO_PASSWORD = "!made-in-bulk"  # noqa: S105  says that there is none


@dataclass
class Body:
    """An audit body with those who act for it and for its secretariat."""

    organisation: Organisation
    secretariat: Organisation
    owner: User
    desk: User
    reviewer: User
    decider: User
    leads: list[Auditor] = field(default_factory=list)
    members: list[Auditor] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A site with its profile, its supplier's manager, and the body that audits it."""

    site: Site
    profile: SiteProfile
    manager: User
    body: Body


class Register:
    """Makes people and organisations; `made` collects their rows in the order to be written.

    Numbers in names and addresses go on after what the database has.
    """

    def __init__(self, rng: Random, since: date) -> None:
        self.rng = rng
        self.since = since
        self.at = datetime.combine(since, time(0), UTC)
        self.people = count(User.objects.count() + 1)
        self.suppliers = count(Supplier.objects.count() + 1)
        self.auditors = count(Auditor.objects.count() + 1)
        self.made: list[Model] = []

    def take(self) -> list[Model]:
        """Return the rows made since the last call."""
        rows, self.made = self.made, []
        return rows

    def bodies(self, audits: int, standard: Standard) -> list[Body]:
        """Make two secretariats and bodies with their auditors; a scheme owner if there is none."""
        owner = next(iter(scheme_office()), None) or self._employ(
            self._organisation(Kind.SCHEME_OWNER, "測定用統括事務局"), Role.ADMINISTRATOR
        )
        offices = []
        for number in (1, 2):
            secretariat = self._organisation(Kind.SECRETARIAT, f"測定用事務局{number}")
            reviewer = self._employ(secretariat, Role.REVIEWER)
            offices.append((secretariat, reviewer, self._employ(secretariat, Role.ADMINISTRATOR)))
        bodies = []
        for number in range(max(4, audits // AUDITS_PER_BODY)):
            # One body in four is of the second secretariat.
            secretariat, reviewer, decider = offices[number % 4 == 3]
            name = f"測定用監査機関{number + 1}"
            organisation = self._organisation(Kind.AUDIT_BODY, name, secretariat)
            desk = self._employ(organisation, Role.COORDINATOR)
            body = Body(organisation, secretariat, owner, desk, reviewer, decider)
            for place in range(AUDITORS_PER_BODY):
                leads = place < LEADS_PER_BODY
                level = Level.LEAD if leads else Level.MEMBER
                auditor = self._auditor(organisation, level, standard)
                (body.leads if leads else body.members).append(auditor)
            bodies.append(body)
        return bodies

    def places(self, bodies: list[Body]) -> Iterator[Place]:
        """Make suppliers without end, and yield their sites."""
        rng = self.rng
        while True:
            number = next(self.suppliers)
            (prefecture,) = rng.choices(PREFECTURE_CODES, PREFECTURE_WEIGHTS)
            name = f"測定用織物{number}株式会社"
            organisation = self._organisation(Kind.SUPPLIER, name)
            manager = self._employ(organisation, Role.MANAGER)
            supplier = Supplier(
                pk=key(rng, self.at),
                organisation=organisation,
                # No registry office has these numbers, so they belong to no real company.
                corporate_number=make_corporate_number(f"98{number:010d}"),
                name_ja=name,
                name_en=f"Load Textiles {number} Co., Ltd.",
                prefecture=prefecture,
                created_at=self.at,
                updated_at=self.at,
            )
            self.made.append(supplier)
            body = rng.choice(bodies)
            for place in range(1 + (rng.random() < SECOND_SITE)):
                site = self._site(supplier, place + 1)
                yield Place(site, self._profile(site), manager, body)

    def _organisation(
        self, kind: Kind, name: str, parent: Organisation | None = None
    ) -> Organisation:
        row = Organisation(
            pk=key(self.rng, self.at), kind=kind, name_ja=name, parent=parent, created_at=self.at
        )
        self.made.append(row)
        if kind in (Kind.SECRETARIAT, Kind.AUDIT_BODY):
            pk = key(self.rng, self.at)
            self.made.append(Designation(pk=pk, organisation=row, starts_on=self.since))
        return row

    def _employ(self, organisation: Organisation, role: Role) -> User:
        number = next(self.people)
        user = User(
            pk=key(self.rng, self.at),
            email=f"person{number}@load.example",
            name=f"測定 {number}",
            password=NO_PASSWORD,
            created_at=self.at,
        )
        self.made += [user, Membership(user=user, organisation=organisation, role=role)]
        return user

    def _auditor(self, body: Organisation, level: Level, standard: Standard) -> Auditor:
        auditor = Auditor(
            pk=key(self.rng, self.at),
            user=self._employ(body, Role.AUDITOR),
            body=body,
            registration_number=f"JL-{next(self.auditors):06d}",
            languages=["ja", *self.rng.sample(("vi", "zh", "id", "en"), 1)],
            prefectures=sorted(self.rng.sample(PREFECTURE_CODES, 3)),
            created_at=self.at,
        )
        qualification = Qualification(
            auditor=auditor,
            standard=standard,
            level=level,
            status=QualificationStatus.QUALIFIED,
            starts_on=self.since,
        )
        self.made += [auditor, qualification]
        return auditor

    def _site(self, supplier: Supplier, number: int) -> Site:
        processes, weights = list(PROCESS_WEIGHTS), list(PROCESS_WEIGHTS.values())
        drawn = self.rng.choices(processes, weights, k=self.rng.choice((1, 1, 2)))
        site = Site(
            pk=key(self.rng, self.at),
            supplier=supplier,
            name_ja=f"第{number}工場",
            name_en=f"Mill {number}",
            prefecture=supplier.prefecture,
            processes=sorted({process.value for process in drawn}),
            created_at=self.at,
            updated_at=self.at,
        )
        self.made.append(site)
        return site

    def _profile(self, site: Site) -> SiteProfile:
        """Describe the site: most are small, and the larger have the dormitories and interns."""
        rng = self.rng
        workers = min(max(round(rng.lognormvariate(3.5, 1.0)), 2), 900)
        female, fixed_term = round(workers * rng.uniform(0.25, 0.85)), round(workers * 0.15)
        interns = round(workers * rng.uniform(0.05, 0.25)) if rng.random() < 0.5 else 0
        profile = SiteProfile(
            pk=key(rng, self.at),
            site=site,
            as_of=self.since,
            workers_male=workers - female,
            workers_female=female,
            workers_regular=workers - fixed_term,
            workers_fixed_term=fixed_term,
            technical_interns=interns,
            minors=int(rng.random() < 0.04),
            homeworkers=rng.randrange(1, 12) if rng.random() < 0.2 else 0,
            processes=site.processes,
            languages=["ja", "vi"] if interns else ["ja"],
            has_dormitory=bool(interns) and rng.random() < 0.8,
            has_canteen=workers > 80 and rng.random() < 0.6,
            uses_brokers=bool(interns) and rng.random() < 0.85,
            uses_chemicals="dyeing" in site.processes,
            frozen_at=self.at,
            created_at=self.at,
            updated_at=self.at,
        )
        self.made.append(profile)
        return profile
