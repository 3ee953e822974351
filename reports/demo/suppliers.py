"""The demo's suppliers, their sites and profiles, and ties of auditors to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from accounts.services.people import add_member
from accounts.terms import Role
from audits.auditors.models import Auditor
from audits.auditors.services.engaging import declare_engagement
from audits.auditors.terms import EngagementKind
from reports.demo import texts
from reports.demo.sign_ins import address
from suppliers.corporate_numbers import make_corporate_number
from suppliers.services.registering import create_site, create_supplier, save_profile
from ui.calendars import add_months

if TYPE_CHECKING:
    from random import Random

    from accounts.models import User
    from reports.demo.clock import Clock
    from reports.demo.people import Body, Scheme
    from suppliers.models import Site, SiteProfile, Supplier

SURNAMES = (
    "青木 石井 上田 大西 片岡 北村 栗原 佐野 清水 杉本 高木 土屋 "
    "中島 西村 野口 浜田 藤井 松岡 宮本 村上 森田 安田 山根 吉川"
)
GIVEN = "和子 健一 恵子 浩二 久美 聡 真理 達也 直美 博 美咲 康弘 裕子 義明"
# Which body audits where; small sites of some places go to a one-person office instead.
BODY_BY_PREFECTURE = {
    **dict.fromkeys((38, 33, 34, 40, 27, 28), 0),
    **dict.fromkeys((23, 22, 26), 1),
    **dict.fromkeys((17, 18), 2),
    **dict.fromkeys((10, 19, 6, 15), 3),
}
OFFICE_BY_PREFECTURE = {26: 4, 28: 4, 40: 5, 19: 5}
SMALL = 50
# Auditor, supplier, kind, begun and ended that many months ago (None: running). What ended long
# ago has stopped to matter; the others keep the person and the colleagues from auditing.
TIES: tuple[tuple[str, str, EngagementKind, int, int | None], ...] = (
    ("桐原 真紀子", "株式会社杉原川染工", EngagementKind.RETAINER, 40, 10),
    ("桐原 真紀子", "播州比延織布株式会社", EngagementKind.ADVISORY, 70, 48),
    ("伊東 孝之", "株式会社やまと刺繍", EngagementKind.RETAINER, 20, None),
    ("伊東 孝之", "株式会社桂川ネクタイ", EngagementKind.TRAINING, 60, 50),
    ("越智 文彦", "佐野浦タオル株式会社", EngagementKind.ADVISORY, 30, 8),
    ("服部 誠一", "越前九頭竜合繊株式会社", EngagementKind.EMPLOYMENT, 84, 20),
    ("須藤 和也", "米沢松川機業株式会社", EngagementKind.PRE_AUDIT, 62, 49),
)
TIED_BODY = {"佐野浦タオル株式会社": 1}


@dataclass
class Place:
    """A site with those who stand for it, and what is known of it from the text file."""

    site: Site
    supplier: Supplier
    manager: User
    body: Body
    spec: dict[str, Any]


def make_suppliers(scheme: Scheme, rng: Random) -> list[Place]:
    """Register every supplier and site of the text file; return the sites in its order."""
    places: list[Place] = []
    for number, row in enumerate(texts.read("suppliers"), start=1):
        supplier = create_supplier(
            actor=scheme.consortium.coordinator,
            # No registry office has these numbers, so they belong to no real company.
            corporate_number=make_corporate_number(f"99{number:010d}"),
            name_ja=row["ja"],
            name_kana=row["kana"],
            name_en=row["en"],
            prefecture=row["prefecture"],
            address=row["address"],
            established_on=row["since"],
        )
        slug = row["en"].split()[0].lower()
        manager = add_member(
            actor=scheme.owner,
            organisation=supplier.organisation,
            email=address(row["demo"]) if "demo" in row else f"manager@{slug}{number}.example",
            name=f"{rng.choice(SURNAMES.split())} {rng.choice(GIVEN.split())}",
            role=Role.MANAGER,
        ).user
        for spec in row["sites"]:
            site = create_site(
                actor=manager,
                supplier=supplier,
                name_ja=spec["ja"],
                name_en=spec["en"],
                prefecture=row["prefecture"],
                address=f"{row['address']}{rng.randint(1, 480)}-{rng.randint(1, 30)}",
                processes=spec["make"],
            )
            body = scheme.bodies[_body_for(supplier, spec)]
            places.append(Place(site, supplier, manager, body, spec))
    return places


def _body_for(supplier: Supplier, spec: dict[str, Any]) -> int:
    if supplier.name_ja in TIED_BODY:
        return TIED_BODY[supplier.name_ja]
    if spec["workers"] < SMALL and supplier.prefecture in OFFICE_BY_PREFECTURE:
        return OFFICE_BY_PREFECTURE[supplier.prefecture]
    return BODY_BY_PREFECTURE[supplier.prefecture]


def make_ties(places: list[Place], clock: Clock) -> None:
    """Let the auditors declare their engagements with suppliers."""
    suppliers = {place.supplier.name_ja: place.supplier for place in places}
    auditors = {row.user.name: row for row in Auditor.objects.select_related("user", "body")}
    for name, supplier, kind, begun, ended in TIES:
        declare_engagement(
            actor=auditors[name].user,
            person=auditors[name].user,
            body=auditors[name].body,
            supplier=suppliers[supplier],
            kind=kind,
            starts_on=add_months(clock.today, -begun),
            ends_on=None if ended is None else add_months(clock.today, -ended),
        )


def describe(place: Place, rng: Random, as_of: date) -> SiteProfile:
    """Write the site's profile as of a day; head-counts vary a little from time to time."""
    spec = place.spec
    workers = max(1, round(spec["workers"] * rng.uniform(0.97, 1.03)))
    female = round(workers * spec.get("women", 0.5))
    fixed_term = round(workers * rng.uniform(0.12, 0.25))
    dispatched = round(workers * rng.choice((0, 0, 0.04)))
    return save_profile(
        actor=place.manager,
        site=place.site,
        as_of=as_of,
        workers_male=workers - female,
        workers_female=female,
        workers_regular=workers - fixed_term - dispatched,
        workers_fixed_term=fixed_term,
        workers_dispatched=dispatched,
        technical_interns=spec.get("interns", 0),
        specified_skilled=spec.get("skilled", 0),
        foreign_other=spec.get("other", 0),
        minors=spec.get("minors", 0),
        homeworkers=spec.get("homeworkers", 0),
        languages=["ja", *spec.get("languages", [])],
        shifts=spec.get("shifts", 1),
        has_dormitory=spec.get("dormitory", False),
        has_canteen=spec.get("canteen", False),
        uses_brokers=spec.get("brokers", False),
        uses_chemicals=spec.get("chemicals", False),
    )
