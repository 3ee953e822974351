"""The checks of a report: those that block the signature and those that advise, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from audits.auditors.terms import Level
from audits.checks import ADVICE, SIGN_CHECKS, Report, advise, completeness, gaps
from audits.checks.likeness import Text, alike, likeness, shingles
from audits.models import Audit, Evidence, Finding, SchemeSettings
from audits.services.assessment import facts_of
from audits.services.checking import advice_on
from audits.standards.conditions import SiteFacts
from audits.standards.models import Requirement
from audits.terms import EvidenceClass, Judgement, Status
from tests.factories import Scheme, audit_at, make_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

LONG = "一階の仕上げ場で、避難通路の幅が45cmに狭められていた。床の表示は消えており、台車が3台置かれていた。"
OTHER = "賃金台帳と出勤簿を照合した。月の時間外労働が協定の限度を超えた者が、三か月で4名あった。"


class Plain:
    """A finding at hand, without a database."""

    def __init__(
        self, code: str, condition: str, pieces: int, caption: str = "", **fields: Any
    ) -> None:
        self.pk = hash(code)
        self.requirement = Requirement(code=code, condition=condition, severity="minor")
        self.judgement, self.preset = Judgement.CONFORMING.value, False
        self.severity = self.report_text = self.reason = ""
        self.methods: list[str] = []
        self.evidence = self
        self._pieces = [Evidence(evidence_class=EvidenceClass.PUBLIC, caption=caption)] * pieces
        self.__dict__.update(fields)

    def all(self) -> list[Evidence]:
        return self._pieces


def finding(code: str = "5-7", condition: str = "", pieces: int = 0, **fields: Any) -> Any:
    return Plain(code, condition, pieces, **fields)


COMPLETE: dict[str, Any] = {
    "judgement": Judgement.NONCONFORMING,
    "severity": "major",
    "report_text": "台車があった。",
    "pieces": 1,
}


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        (completeness.judged, {"judgement": Judgement.UNASSESSED}),
        (completeness.severity_given, {"severity": ""}),
        (completeness.text_given, {"report_text": " \n"}),
        (completeness.evidence_given, {"pieces": 0}),
        (completeness.not_applicable_reasoned, {"judgement": Judgement.NOT_APPLICABLE}),
        (completeness.unverifiable_reasoned, {"judgement": Judgement.UNVERIFIABLE}),
        (completeness.without_personal_data, {"report_text": "電話は090-1234-5678"}),
        (completeness.captions_without_personal_data, {"caption": "佐藤さんの作業台"}),
    ],
)
def test_each_blocking_check_finds_its_own_gap_and_no_other(
    check: Callable[[Any], Any], broken: dict[str, Any]
) -> None:
    assert [one for one in SIGN_CHECKS if list(one(finding(**COMPLETE)))] == []
    assert [one for one in SIGN_CHECKS if list(one(finding(**(COMPLETE | broken))))] == [check]


def test_gaps_come_in_the_order_of_the_findings() -> None:
    rows = [finding(code, **(COMPLETE | {"pieces": 0})) for code in ("1-2", "5-7")]

    assert [str(gap)[:4] for gap in gaps(rows, SIGN_CHECKS)] == ["1-2:", "5-7:"]


VISIT = (date(2026, 11, 10), date(2026, 11, 11))
GOOD = Report(
    findings=[finding("5-7", **COMPLETE), finding("1-1", methods=["interview"])],
    facts=SiteFacts(workers=46),
    first=VISIT[0],
    last=VISIT[1],
    auditors=2,
    person_days=1,
    interviews=3,
)


def named(report: Report) -> dict[str, list[str]]:
    found = {check.__name__: [gap.code for gap in check(report)] for check in ADVICE}
    return {name: codes for name, codes in found.items() if codes}


def test_nothing_is_advised_on_a_good_report() -> None:
    assert named(GOOD) == {}
    assert advise(Report(findings=[])) == []


def test_not_applicable_against_the_profile_is_pointed_out_both_ways() -> None:
    away: dict[str, Any] = {"judgement": Judgement.NOT_APPLICABLE, "reason": "なし"}
    rows = [
        finding("1-1", **away),  # applies to every site
        finding("5-7", "workers_10", **away),
        finding("5-8", "workers_50", **away),  # 46 workers: rightly
        finding("5-9", "dormitory"),  # assessed, and there is no dormitory
        finding("5-10", "dormitory", judgement=Judgement.UNASSESSED),
    ]

    assert named(replace(GOOD, findings=rows)) == {
        "applicability_fits_profile": ["1-1", "5-7", "5-9"]
    }
    assert named(replace(GOOD, findings=rows, facts=None)) == {}


@pytest.mark.parametrize(("days", "auditors", "short"), [(1, 2, True), (2, 1, True), (2, 2, False)])
def test_short_visit_is_pointed_out(days: int, auditors: int, short: bool) -> None:
    report = replace(
        GOOD, last=VISIT[0] + timedelta(days=days - 1), auditors=auditors, person_days=3
    )

    assert named(report) == ({"long_enough_on_site": [""]} if short else {})


def test_conformity_without_an_interview_is_pointed_out() -> None:
    rows = [finding("1-1"), finding("5-7", judgement=Judgement.NOT_APPLICABLE, condition="minors")]
    silent = replace(GOOD, findings=rows, interviews=0)

    assert named(silent) == {"conformity_heard": [""]}
    assert named(replace(silent, interviews=1)) == {}
    assert named(replace(silent, findings=[*rows, finding("5-8", **COMPLETE)])) == {}
    assert named(replace(silent, findings=[*rows, finding("2-1", methods=["interview"])])) == {}


def test_photos_from_other_days_are_pointed_out() -> None:
    row = GOOD.findings[0]
    # The last one is taken at half past midnight in Japan, on the day after the visit.
    moments = [
        datetime(2026, 11, 10, 1, tzinfo=UTC),
        datetime(2026, 11, 9, 14, tzinfo=UTC),
        datetime(2026, 11, 11, 15, 30, tzinfo=UTC),
    ]
    pieces = [
        Evidence(number=number, taken_at=moment, finding_id=row.pk)
        for number, moment in enumerate(moments, 1)
    ]
    pieces.append(Evidence(number=4, taken_at=moments[1]))
    pieces.append(Evidence(number=5))

    found = [gap for check in ADVICE for gap in check(replace(GOOD, evidence=pieces))]
    assert [(gap.code, str(gap.sentence)[:5]) for gap in found] == [
        ("5-7", "E-002"),
        ("5-7", "E-003"),
        ("", "E-004"),
    ]


def test_advice_on_the_whole_report_comes_first() -> None:
    rows = [
        finding("1-1", judgement=Judgement.NOT_APPLICABLE, reason="なし"),
        finding("2-1"),
    ]

    found = advise(replace(GOOD, findings=rows, interviews=0))

    assert [gap.code for gap in found] == ["", "1-1"]
    assert ":" not in str(found[0])


def test_likeness_is_that_of_the_words() -> None:
    assert likeness(shingles(LONG), shingles(LONG)) == 100
    assert likeness(shingles(LONG), shingles(f" {LONG[:20]}\n{LONG[20:]}")) == 100
    assert 85 <= likeness(shingles(LONG), shingles(LONG.replace("45cm", "50cm"))) < 100
    assert likeness(shingles(LONG), shingles(OTHER)) < 20
    assert likeness(shingles("台車があった。"), shingles("台車があった。")) == 0  # too short to say


def test_the_most_alike_text_of_the_same_requirement_is_named() -> None:
    others = [
        Text("5-7", LONG.replace("45cm", "50cm"), "A-1"),
        Text("5-7", LONG, "A-2"),
        Text("5-8", LONG, "A-3"),
        Text("8-1", OTHER, "A-4"),
    ]

    found = alike({"5-7": LONG, "8-1": LONG}, others, 80)

    assert [(row.code, row.percent, row.where) for row in found] == [("5-7", 100, "A-2")]
    assert alike({"5-7": LONG}, others[:1], 99) == []


def write(audit: Audit, text: str, code: str = "5-7") -> None:
    Finding.objects.filter(audit=audit, requirement__code=code).update(report_text=text)


def advice(audit: Audit, reader: Any) -> list[tuple[str, str]]:
    audit = Audit.objects.with_people().select_related("profile").get(pk=audit.pk)
    findings = list(audit.findings.in_order())
    return [
        (gap.code, str(gap.sentence))
        for gap in advice_on(audit=audit, findings=findings, reader=reader)
    ]


@pytest.mark.django_db
def test_copied_texts_are_found_among_audits_of_the_same_lead_only() -> None:
    scheme, stranger = Scheme(), Scheme()
    before = audit_at(Status.DRAFTING, scheme, site=make_site(scheme.supplier))
    foreign = audit_at(Status.DRAFTING, stranger)
    audit = audit_at(Status.DRAFTING, scheme)
    for one in (before, foreign, audit):
        write(one, LONG)

    found = advice(audit, scheme.lead.user)
    assert [code for code, _sentence in found] == ["5-7"]
    assert before.number in found[0][1]
    assert foreign.number not in found[0][1]
    # Somebody who may not see the other audit is not told which one it is.
    assert before.number not in advice(audit, stranger.reviewer)[0][1]
    SchemeSettings.objects.update(similar_text_percent=100)
    write(before, LONG.replace("45cm", "50cm"))
    assert advice(audit, scheme.lead.user) == []
    SchemeSettings.objects.update(similar_text_percent=85)
    assert advice(audit, scheme.lead.user) != []
    before.team.filter(function=Level.LEAD).update(function=Level.MEMBER)
    assert advice(audit, scheme.lead.user) == []


@pytest.mark.django_db
def test_advice_is_gathered_from_the_audit() -> None:
    scheme = Scheme()
    audit = audit_at(Status.DRAFTING, scheme, nonconforming=())
    assert advice(audit, scheme.lead.user) == []

    audit.samples.all().delete()
    SchemeSettings.objects.update(person_days=[[100000, 5]])
    audit.findings.filter(requirement__code="1-1").update(judgement=Judgement.NOT_APPLICABLE)
    Evidence.objects.create(
        audit=audit,
        number=9,
        name="x.jpg",
        sha256="0" * 64,
        media_type="image/jpeg",
        size=1,
        taken_at=timezone.now() - timedelta(days=9),
        added_by=scheme.lead.user,
    )
    assert [code for code, _sentence in advice(audit, scheme.lead.user)] == [*[""] * 4, "1-1"]
    assert facts_of(audit.profile).workers == 46  # type: ignore[arg-type]  # there is a profile


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_advice_needs_no_more_queries_for_more_audits(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scheme = Scheme()
    for _one in range(count):
        write(audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier)), LONG)
    audit = audit_at(Status.DRAFTING, scheme, nonconforming=("5-7", "5-8", "8-1")[:count])
    write(audit, LONG)
    audit = Audit.objects.with_people().select_related("profile").get(pk=audit.pk)
    findings = list(audit.findings.in_order())
    reader = type(scheme.reviewer).objects.get(pk=scheme.reviewer.pk)

    with django_assert_num_queries(9):
        advice_on(audit=audit, findings=findings, reader=reader)
