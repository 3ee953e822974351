"""The assignment page with 20 and with 2,000 auditors in the body: time, queries, size."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.terms import Role
from audits.auditors.models import Absence, Auditor, Engagement, Qualification
from audits.auditors.terms import EngagementKind, Level, QualificationStatus
from audits.models import Audit, TeamMember
from audits.terms import Answer, Status
from benchmarks.measuring import Measured, queries, timed
from tests.factories import Scheme, audit_at, make_site

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, MANY = 20, 2000
SPOKEN = (["ja"], ["ja", "vi"], ["ja", "en"], ["ja", "zh"], ["ja", "vi", "en"], ["ja", "id"])


def measure(runs: int) -> Measured:
    """Open the page, and propose from it, with few and with many auditors."""
    random.seed(84)
    scheme = Scheme()
    audit = audit_at(Status.ACCEPTED, scheme)
    # Of somebody who works for no office: the whole body would be out otherwise.
    adviser = User.objects.create_user("tied@bench.example", name="顧問")
    Engagement.objects.create(
        person=adviser,
        supplier=scheme.supplier,
        kind=EngagementKind.RETAINER,
        starts_on=date(2024, 4, 1),
        declared_by=adviser,
    )
    figures: dict[str, Any] = {}
    there = Auditor.objects.filter(body=scheme.body).count()
    for count in (FEW, MANY):
        employ(scheme, audit, count - there)
        there = count
        figures |= {f"{name}, {count} auditors": one for name, one in _pages(scheme, audit, runs)}
    wide = f"page, {MANY} auditors", f"page, {FEW} auditors"
    return Measured(
        runs,
        figures,
        {
            "time of the page, 2,000 to 20 auditors": _ratio(figures, "median_ms", *wide),
            "queries of the page, 2,000 to 20 auditors": _ratio(figures, "queries", *wide),
        },
    )


def _ratio(figures: dict[str, Any], what: str, over: str, under: str) -> float:
    return float(round(figures[over][what] / figures[under][what], 2))


def _pages(scheme: Scheme, audit: Audit, runs: int) -> list[tuple[str, dict[str, Any]]]:
    url = reverse("console:assign", args=[audit.number])
    client = Client(headers={"accept-language": "ja"})
    client.force_login(scheme.desk)
    asked = {
        "page": {},
        "search": {"q": "12"},
        "second page of the others": {"rest": "2"},
    }
    return [(name, _one(partial(client.get, url, data), runs)) for name, data in asked.items()]


def _one(get: Callable[[], Any], runs: int) -> dict[str, Any]:
    answer = get()
    assert answer.status_code == 200, answer.status_code  # noqa: S101  a page that fails is quick
    return {
        **timed(get, runs),
        "queries": queries(get),
        "html_kB": round(len(answer.content) / 1000, 1),
    }


def employ(scheme: Scheme, audit: Audit, count: int) -> None:
    """Add auditors to the scheme's body: languages, places, absences, ties and visits vary."""
    first = Auditor.objects.count()
    users = User.objects.bulk_create(
        User(email=f"a{first + n}@bench.example", name=f"監査 {first + n}") for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=scheme.body, role=Role.AUDITOR) for user in users
    )
    auditors = Auditor.objects.bulk_create(
        Auditor(
            user=user,
            body=scheme.body,
            registration_number=f"JB-{first + n:05d}",
            languages=random.choice(SPOKEN),
            prefectures=random.sample(range(1, 48), 2),
            is_active=random.random() > 0.03,
        )
        for n, user in enumerate(users)
    )
    Qualification.objects.bulk_create(
        Qualification(
            auditor=auditor,
            standard=audit.pinned_standard,
            level=random.choice(Level.values),
            status=QualificationStatus.QUALIFIED,
            starts_on=date(2025, 4, 1),
            ends_on=date(2025, 5, 1) if random.random() < 0.1 else None,
        )
        for auditor in auditors
        if random.random() > 0.1
    )
    _take_time(scheme, auditors)


def _take_time(scheme: Scheme, auditors: list[Auditor]) -> None:
    """Give one in ten an absence, and one in three a visit, in the month of the planned one."""
    today = timezone.localdate()
    Absence.objects.bulk_create(
        Absence(
            auditor=auditor,
            starts_on=today + timedelta(days=random.randrange(10)),
            ends_on=today + timedelta(days=10 + random.randrange(10)),
        )
        for auditor in auditors
        if random.random() < 0.1
    )
    busy = [auditor for auditor in auditors if random.random() < 0.33]
    sites = [make_site(scheme.supplier) for _team in busy[::3]]
    first = Audit.objects.count()
    others = Audit.objects.bulk_create(
        Audit(
            number=f"JASTI-B-{first + n:05d}",
            site=site,
            secretariat=scheme.secretariat,
            body=scheme.body,
            status=Status.SCHEDULED,
            planned_from=today + timedelta(days=n % 20),
            planned_until=today + timedelta(days=n % 20 + 1),
            created_by=scheme.manager,
        )
        for n, site in enumerate(sites)
    )
    TeamMember.objects.bulk_create(
        TeamMember(
            audit=others[n // 3],
            auditor=auditor,
            function=Level.MEMBER if n % 3 else Level.LEAD,
            answer=Answer.ACCEPTED,
        )
        for n, auditor in enumerate(busy)
    )
