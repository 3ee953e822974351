"""The demo's institutions and the people who work for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.models import Designation, Membership, Organisation, User
from accounts.services.designating import designate, suspend
from accounts.services.people import add_member
from accounts.terms import Effect, Kind, Practice, Role
from audits.auditors.terms import Level
from reports.demo import texts
from reports.demo.register import Entry, enter
from reports.demo.sign_ins import OWNER, address

if TYPE_CHECKING:
    from audits.auditors.models import Auditor
    from audits.standards.models import Standard
    from reports.demo.clock import Clock

BodyRow = tuple[str, str, bool, str, tuple[tuple[str, str, str, str], ...]]
CONSORTIUM = (
    "人権デュー・ディリジェンス推進コンソーシアム",
    "Human Rights Due Diligence Consortium",
)
FEDERATION = (
    "全国社会保険労務士会連合会",
    "Japan Federation of Labor and Social Security Attorneys",
)
BRANDS = (
    ("アオイトリ株式会社", "Aoitori Inc."),
    ("ノルデン・アパレル・ジャパン株式会社", "Norden Apparel Japan K.K."),
    ("株式会社ひなた生活", "Hinata Living Co., Ltd."),
)
# Body: names, whether of the federation, e-mail domain; then its auditors as name, level,
# languages, prefectures served. The first body is the one of the sign-ins.
BODIES: tuple[BodyRow, ...] = (
    (
        "一般財団法人 あけぼの繊維検査協会",
        "Akebono Textile Inspection Association",
        False,
        "akebono",
        (
            ("佐伯 千里", "lead", "ja vi en", "38 33 34 40"),
            ("真鍋 亮介", "member", "ja zh", "38 33 37"),
            ("グエン・ティ・ラン", "member", "ja vi", "38 34 27 28"),
            ("越智 文彦", "lead", "ja id", "38 28 27 33"),
            ("宇都宮 由紀", "lead", "ja vi", "34 33 40 28"),
            ("高須賀 直人", "trainee", "ja tl", "38 40"),
        ),
    ),
    (
        "公益財団法人 みずほ労働環境評価機構",
        "Mizuho Labour Conditions Institute",
        False,
        "mizuho",
        (
            ("加納 朋子", "lead", "ja zh en", "23 22 21"),
            ("林 暁明", "member", "ja zh", "23 26 27"),
            ("服部 誠一", "lead", "ja id vi", "23 22 19"),
            ("ムルヤニ・デウィ", "member", "ja id", "23 24"),
            ("水谷 さくら", "trainee", "ja pt", "22 23"),
        ),
    ),
    (
        "一般社団法人 北陸品質監査センター",
        "Hokuriku Quality Audit Centre",
        False,
        "hokuriku",
        (
            ("宮下 健吾", "lead", "ja vi", "17 18 15"),
            ("チャン・ヴァン・ナム", "member", "ja vi", "17 18 16"),
            ("山岸 美和", "lead", "ja zh", "18 17 26"),
            ("サントス 恵", "member", "ja tl en", "18 17"),
        ),
    ),
    (
        "株式会社 東日本ソーシャル監査",
        "Higashi-Nihon Social Audit Inc.",
        False,
        "higashi",
        (
            ("須藤 和也", "lead", "ja vi", "10 19 6 15"),
            ("小林 真希", "lead", "ja pt", "10 19 22"),
            ("ファム・クオック・フイ", "member", "ja vi", "10 6 15"),
        ),
    ),
    (
        "つむぎ社会保険労務士事務所",
        "Tsumugi Labour and Social Security Attorney Office",
        True,
        "tsumugi",
        (("桐原 真紀子", "lead", "ja vi", "26 27 28"),),
    ),
    (
        "おりひめ社労士オフィス",
        "Orihime Sharoushi Office",
        True,
        "orihime",
        (("伊東 孝之", "lead", "ja en", "40 19 10 26"),),
    ),
)
DESKS = ("河野 典子", "鈴村 孝", "笠原 弘美", "大谷 隼")


@dataclass
class Body:
    """An audit body with the people who act for it; `desk` coordinates, `number` is its place."""

    number: int
    organisation: Organisation
    desk: User
    auditors: list[Auditor]


@dataclass
class Office:
    """A secretariat with those who coordinate, review and decide."""

    organisation: Organisation
    coordinator: User
    reviewer: User
    decider: User


@dataclass
class Scheme:
    """Everybody in the demo but the suppliers."""

    owner: User
    consortium: Office
    federation: Office
    bodies: list[Body] = field(default_factory=list)
    brands: list[Organisation] = field(default_factory=list)

    def office_of(self, body: Body) -> Office:
        """Return the secretariat under which the body is approved."""
        mine = self.federation.organisation.pk == body.organisation.parent_id
        return self.federation if mine else self.consortium


class Hiring:
    """Takes on people: e-mail address and name in, user with the role out."""

    def __init__(self, owner: User) -> None:
        self.owner = owner

    def __call__(self, organisation: Organisation, email: str, name: str, role: Role) -> User:
        """Give the person the role."""
        return add_member(
            actor=self.owner, organisation=organisation, email=email, name=name, role=role
        ).user


def make_scheme(standard: Standard, clock: Clock) -> Scheme:
    """Make the scheme owner, both secretariats, bodies with their auditors, and brands.

    Institutions are reference data, which has no services of its own; people, designations and the
    register of auditors go through theirs.
    """
    seat = _organisation(Kind.SCHEME_OWNER, ("統括事務局(日本繊維産業連盟)", "Scheme office (JTF)"))
    owner = User.objects.create_user(address(OWNER), name="統括 慎一")
    Membership.objects.create(user=owner, organisation=seat, role=Role.ADMINISTRATOR)
    hire = Hiring(owner)
    observer = _organisation(Kind.OBSERVER, ("繊維行政担当室", "Textile policy office"))
    hire(observer, "observer@ministry.example", "観察 明", Role.READER)

    since = standard.effective_on
    consortium, federation = (
        _organisation(Kind.SECRETARIAT, names) for names in (CONSORTIUM, FEDERATION)
    )
    practices = (Practice.INSPECTION, Practice.ATTORNEY)
    for secretariat, practice in zip((consortium, federation), practices, strict=True):
        secretariat.practice = practice
        secretariat.save(update_fields=["practice"])
        designate(actor=owner, organisation=secretariat, starts_on=since, scope="JASTI")
    # The sign-ins serve both secretariats, so that one person can show everything.
    for secretariat in (consortium, federation):
        hire(secretariat, address("secretariat"), "相原 明子", Role.COORDINATOR)
        hire(secretariat, address("reviewer"), "九条 玲", Role.REVIEWER)
    offices = [
        Office(
            organisation=secretariat,
            coordinator=hire(secretariat, f"desk@{name}.example", desk, Role.COORDINATOR),
            reviewer=hire(secretariat, f"review@{name}.example", reviewer, Role.REVIEWER),
            decider=hire(secretariat, f"decision@{name}.example", decider, Role.ADMINISTRATOR),
        )
        for secretariat, name, desk, reviewer, decider in (
            (consortium, "consortium", "小野寺 拓", "三枝 律子", "久保田 実"),
            (federation, "federation", "坂井 俊", "榊原 美保", "武藤 康夫"),
        )
    ]
    scheme = Scheme(owner, offices[0], offices[1])
    for body in BODIES:
        scheme.bodies.append(_body(scheme, hire, body, standard, clock))
    for number, names in enumerate(BRANDS):
        brand = _organisation(Kind.BRAND, names)
        scheme.brands.append(brand)
        hire(
            brand,
            address("brand") if number == 0 else f"csr@brand{number + 1}.example",
            ("青井 鈴", "ハンセン 直美", "日向 公平")[number],
            Role.READER,
        )
    return scheme


def _organisation(
    kind: Kind, names: tuple[str, str], parent: Organisation | None = None
) -> Organisation:
    organisation = Organisation(kind=kind, name_ja=names[0], name_en=names[1], parent=parent)
    organisation.full_clean()
    organisation.save()
    return organisation


def _body(scheme: Scheme, hire: Hiring, row: BodyRow, standard: Standard, clock: Clock) -> Body:
    """Approve a body and register its auditors under the version of the standard in force."""
    name_ja, name_en, of_federation, domain, auditors = row
    office = scheme.federation if of_federation else scheme.consortium
    organisation = _organisation(Kind.AUDIT_BODY, (name_ja, name_en), office.organisation)
    designate(
        actor=office.coordinator,
        organisation=organisation,
        starts_on=standard.effective_on,
        scope=f"JASTI {standard.version}",
    )
    registered = []
    for number, (name, level, languages, prefectures) in enumerate(auditors, start=1):
        demo = {"佐伯 千里": "lead", "真鍋 亮介": "auditor"}.get(name)
        entry = Entry(
            name=name,
            email=address(demo) if demo else f"auditor{number}@{domain}.example",
            number=f"JA-{len(scheme.bodies) + 1}{number:03d}",
            level=Level(level),
            languages=languages.split(),
            prefectures=[int(code) for code in prefectures.split()],
        )
        registered.append(
            enter(entry, body=organisation, desk=office.coordinator, standard=standard, clock=clock)
        )
    if len(registered) == 1:
        # The attorney coordinates as well; the review is the secretariat's.
        user = registered[0].user
        desk = hire(organisation, user.email, user.name, Role.COORDINATOR)
    else:
        email = address("body") if not scheme.bodies else f"desk@{domain}.example"
        desk = hire(organisation, email, DESKS[len(scheme.bodies)], Role.COORDINATOR)
    return Body(len(scheme.bodies), organisation, desk, registered)


def suspend_approval(body: Body, scheme: Scheme, clock: Clock) -> None:
    """Suspend what a body's approval permits in part: what it audits already goes on."""
    clock.at(clock.today - timedelta(days=1), 17)
    suspend(
        actor=scheme.office_of(body).coordinator,
        designation=Designation.objects.get(organisation=body.organisation),
        stops=(Effect.ACCEPT, Effect.SCHEDULE),
        reason=texts.read("remarks")["suspend_approval"],
    )
