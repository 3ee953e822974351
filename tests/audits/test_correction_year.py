"""A year of corrective actions under a frozen clock: who is told of what, on which day, in which words."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Notice, User
from accounts.terms import Role
from audits.models import Audit, AuditEvent, CorrectiveAction
from audits.services.correcting import take_step
from audits.services.perform import perform
from audits.tasks import run_clocks
from audits.terms import Act, CorrectionStatus, Escalation, Severity, Status
from tests.factories import (
    Scheme,
    audit_at,
    make_site,
    make_supplier,
    make_user,
    plan_for,
    show,
)
from ui.calendars import is_business_day

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.past_the_record]

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST, LAST = date(2026, 12, 1), date(2027, 12, 1)
# The worker was dead for these days; on the others named it ran twice.
DEAD = {date(2027, 8, day) for day in range(9, 14)}
TWICE = {date(2027, 1, 4), date(2027, 1, 12), date(2027, 4, 30), date(2027, 8, 16)}
# One requirement of each severity.
CODES = ("5-7", "4-1", "6-14")

# Audit, requirement, day of the plan, day of closing: on New Year, in Golden Week, on weekends.
ACTIONS = [
    ("untouched", "5-7", "2027-01-03", "2027-05-05"),
    ("untouched", "4-1", "2027-01-15", "2027-03-20"),  # planned and closed in time
    ("untouched", "6-14", "2027-01-31", "2027-04-30"),  # its plan returned when it was late
    ("waiting", "5-7", "2027-02-11", "2027-06-12"),  # nobody checks what was sent
    ("waiting", "4-1", "2027-03-01", "2027-07-19"),  # carried over
    ("waiting", "6-14", "2027-08-11", "2027-11-23"),  # due while the worker was dead
    ("void", "5-7", "2027-03-21", "2027-05-03"),  # the audit is void before the closing is due
    ("void", "4-1", "2027-04-12", "2027-06-15"),
    ("void", "6-14", "2027-09-23", "2027-10-11"),
    ("together", "5-7", "2027-05-04", "2027-09-20"),  # two due on one day
    ("together", "4-1", "2027-05-04", "2027-10-10"),
    ("together", "6-14", "2027-06-01", "2027-10-10"),
]

# What the people do, at eight in the morning: day, audit, requirement, step.
DEEDS = [
    ("2027-01-06", "untouched", "4-1", "plan"),
    ("2027-01-07", "untouched", "4-1", "accept_plan"),
    ("2027-03-15", "untouched", "4-1", "submit_evidence"),
    ("2027-03-18", "untouched", "4-1", "close"),
    ("2027-01-25", "untouched", "6-14", "plan"),
    ("2027-02-08", "untouched", "6-14", "return_plan"),
    ("2027-02-09", "untouched", "6-14", "plan"),
    ("2027-02-10", "untouched", "6-14", "accept_plan"),
    ("2027-02-12", "untouched", "6-14", "submit_evidence"),
    ("2027-02-15", "untouched", "6-14", "return_evidence"),
    ("2027-02-16", "untouched", "6-14", "submit_evidence"),
    ("2027-02-17", "untouched", "6-14", "close"),
    ("2027-01-29", "waiting", "5-7", "plan"),
    ("2027-02-01", "waiting", "5-7", "accept_plan"),
    ("2027-06-07", "waiting", "5-7", "submit_evidence"),
    ("2027-03-02", "waiting", "4-1", "plan"),
    ("2027-07-13", "waiting", "4-1", "carry_over"),
    ("2027-04-20", "void", "", "void"),
    ("2027-05-06", "together", "5-7", "plan"),
    ("2027-05-06", "together", "5-7", "accept_plan"),
    ("2027-05-07", "together", "5-7", "submit_evidence"),
    ("2027-05-10", "together", "5-7", "close"),
    ("2027-05-31", "together", "6-14", "plan"),
    ("2027-06-01", "together", "6-14", "accept_plan"),
]

# Who is told, worked out by hand from the calendar: day, audit, audience, what, its day, of how many.
# Until the day itself the business day before a holiday, after it the business day that follows.
TOLD = """
2026-12-18 untouched supplier plan 2027-01-03 1
2026-12-25 untouched supplier plan 2027-01-03 1
2026-12-31 untouched supplier plan 2027-01-03 1
2027-01-04 untouched body plan 2027-01-03 1
2027-01-12 untouched supplier plan 2027-01-03 1
2027-01-12 untouched secretariat plan 2027-01-03 1
2027-04-21 untouched supplier close 2027-05-05 1
2027-04-28 untouched supplier close 2027-05-05 1
2027-04-30 untouched supplier close 2027-05-05 1
2027-05-06 untouched body close 2027-05-05 1
2027-05-12 untouched supplier close 2027-05-05 1
2027-05-12 untouched secretariat close 2027-05-05 1
2026-12-31 untouched supplier plan 2027-01-15 1
2027-03-05 untouched supplier close 2027-03-20 1
2027-03-12 untouched supplier close 2027-03-20 1
2027-01-15 untouched supplier plan 2027-01-31 1
2027-01-22 untouched supplier plan 2027-01-31 1
2027-02-08 untouched supplier plan 2027-01-31 1
2027-02-08 untouched body plan 2027-01-31 1
2027-02-08 untouched secretariat plan 2027-01-31 1
2027-01-28 waiting supplier plan 2027-02-11 1
2027-05-28 waiting supplier close 2027-06-12 1
2027-06-04 waiting supplier close 2027-06-12 1
2027-06-14 waiting body close 2027-06-12 1
2027-06-21 waiting secretariat close 2027-06-12 1
2027-02-15 waiting supplier plan 2027-03-01 1
2027-02-22 waiting supplier plan 2027-03-01 1
2027-03-01 waiting supplier plan 2027-03-01 1
2027-07-05 waiting supplier close 2027-07-19 1
2027-07-12 waiting supplier close 2027-07-19 1
2027-07-28 waiting supplier plan 2027-08-11 1
2027-08-04 waiting supplier plan 2027-08-11 1
2027-08-16 waiting supplier plan 2027-08-11 1
2027-08-16 waiting body plan 2027-08-11 1
2027-08-18 waiting supplier plan 2027-08-11 1
2027-08-18 waiting secretariat plan 2027-08-11 1
2027-11-09 waiting supplier close 2027-11-23 1
2027-11-16 waiting supplier close 2027-11-23 1
2027-11-22 waiting supplier close 2027-11-23 1
2027-11-24 waiting body close 2027-11-23 1
2027-11-30 waiting supplier close 2027-11-23 1
2027-11-30 waiting secretariat close 2027-11-23 1
2027-03-05 void supplier plan 2027-03-21 1
2027-03-12 void supplier plan 2027-03-21 1
2027-03-19 void supplier plan 2027-03-21 1
2027-03-23 void body plan 2027-03-21 1
2027-03-29 void supplier plan 2027-03-21 1
2027-03-29 void secretariat plan 2027-03-21 1
2027-04-19 void supplier close 2027-05-03 1
2027-03-29 void supplier plan 2027-04-12 1
2027-04-05 void supplier plan 2027-04-12 1
2027-04-12 void supplier plan 2027-04-12 1
2027-04-13 void body plan 2027-04-12 1
2027-04-19 void supplier plan 2027-04-12 1
2027-04-19 void secretariat plan 2027-04-12 1
2027-04-20 together supplier plan 2027-05-04 2
2027-04-27 together supplier plan 2027-05-04 2
2027-04-30 together supplier plan 2027-05-04 2
2027-05-06 together body plan 2027-05-04 1
2027-05-11 together supplier plan 2027-05-04 1
2027-05-11 together secretariat plan 2027-05-04 1
2027-09-24 together supplier close 2027-10-10 2
2027-10-01 together supplier close 2027-10-10 2
2027-10-08 together supplier close 2027-10-10 2
2027-10-12 together body close 2027-10-10 2
2027-10-18 together supplier close 2027-10-10 2
2027-10-18 together secretariat close 2027-10-10 2
2027-05-18 together supplier plan 2027-06-01 1
2027-05-25 together supplier plan 2027-06-01 1
"""

WORDS = {
    ("ja", "plan", False): "是正計画{count}件の提出期限は{due}です。",
    ("ja", "close", False): "是正処置{count}件の完了期限は{due}です。",
    ("ja", "plan", True): "是正計画{count}件が提出期限({due})を過ぎています。",
    ("ja", "close", True): "是正処置{count}件が完了期限({due})を過ぎています。",
    ("en", "plan", False): "The plan{s} of {count} corrective action{s} {is_} due on {due}.",
    ("en", "close", False): "{count} corrective action{s} {is_} to be completed by {due}.",
    ("en", "plan", True): "The plan{s} of {count} corrective action{s} {is_} late: "
    "{they} due on {due}.",
    ("en", "close", True): "{count} corrective action{s} {is_} late: {they} to be closed by {due}.",
}


def in_words(locale: str, what: str, due: date, count: int, *, late: bool) -> str:
    """The sentence, written without the code that is tested."""
    one = count == 1
    day = (
        f"{due.year}年{due.month}月{due.day}日"
        if locale == "ja"
        else f"{due.day} {due:%b} {due.year}"
    )
    return WORDS[locale, what, late].format(
        count=count,
        due=day,
        s="" if one else "s",
        is_="is" if one else "are",
        they="it was" if one else "they were",
    )


class World:
    """A scheme whose people read two languages, and four audits with three severities each."""

    def __init__(self) -> None:
        self.scheme = scheme = Scheme()
        self.audits: dict[str, Audit] = {}
        self.suppliers = {"ja": scheme.supplier, "en": make_supplier()}
        managers = {
            "ja": scheme.manager,
            "en": make_user(self.suppliers["en"].organisation, Role.MANAGER, locale="en"),
        }
        for name, locale in (
            ("untouched", "ja"), ("waiting", "en"), ("void", "ja"), ("together", "en"),
        ):  # fmt: skip
            scheme.supplier, scheme.manager = self.suppliers[locale], managers[locale]
            scheme.site = make_site(scheme.supplier)
            self.audits[name] = audit_at(Status.ISSUED, scheme, nonconforming=CODES)
        self.managers = managers
        for audit, code, plan, close in ACTIONS:
            CorrectiveAction.objects.filter(pk=self.action(audit, code).pk).update(
                plan_due_on=date.fromisoformat(plan), close_due_on=date.fromisoformat(close)
            )
        # Each desk has somebody for either language; both are told.
        english = [
            make_user(scheme.body, Role.COORDINATOR, locale="en"),
            make_user(scheme.secretariat, Role.COORDINATOR, locale="en"),
        ]
        self.desks: dict[str, list[User]] = {
            "body": [scheme.desk, english[0]],
            "secretariat": [scheme.coordinator, scheme.decider, english[1]],
        }
        Notice.objects.all().delete()

    def action(self, audit: str, code: str) -> CorrectiveAction:
        return CorrectiveAction.objects.select_related("finding__requirement").get(
            finding__audit=self.audits[audit], finding__requirement__code=code
        )

    def people(self, audit: str, audience: str) -> list[User]:
        if audience == "supplier":
            return [self.managers["ja" if audit in ("untouched", "void") else "en"]]
        return self.desks[audience]

    def do(self, audit: str, code: str, step: str) -> None:
        scheme = self.scheme
        if step == "void":
            row = Audit.objects.with_people().get(pk=self.audits[audit].pk)
            perform(row, Act.VOID, actor=scheme.owner, comment="別の事業所の監査だった。")
            return
        action = self.action(audit, code)
        (scheme.manager,) = self.people(audit, "supplier")
        if step == "plan":
            take_step(actor=scheme.manager, action=action, step=step, **plan_for(action))
        elif step == "submit_evidence":
            show(scheme, action)
        else:
            actor = scheme.coordinator if step == "carry_over" else scheme.desk
            take_step(actor=actor, action=action, step=step, comment="現場で確認した。")


def days() -> Iterator[date]:
    yield from (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), TOKYO)


def reminders() -> list[Notice]:
    """What was told of days of plans and closings, and not of steps or anything else."""
    rows = Notice.objects.filter(key__regex=r":(plan|close)(-late)?:").select_related("recipient")
    return list(rows.order_by("created_at", "pk"))


def expected(world: World) -> Counter[tuple[Any, ...]]:
    """Every notice that somebody should have got: day, person, subject."""
    found: Counter[tuple[Any, ...]] = Counter()
    for line in TOLD.strip().splitlines():
        day, name, audience, what, due, count = line.split()
        for person in world.people(name, audience):
            text = in_words(
                person.locale,
                what,
                date.fromisoformat(due),
                int(count),
                late=audience != "supplier",
            )
            found[date.fromisoformat(day), person, f"{world.audits[name].number} {text}"] += 1
    return found


def test_a_year_of_reminders_and_escalations() -> None:
    with time_machine.travel(at(FIRST, 7), tick=False):
        world = World()
    severities = {row.finding.effective_severity for row in CorrectiveAction.objects.all()}
    assert severities == set(Severity.values)
    deeds: dict[date, list[tuple[str, str, str]]] = {}
    for day, *deed in DEEDS:
        audit, code, step = deed
        deeds.setdefault(date.fromisoformat(day), []).append((audit, code, step))

    for today in days():
        with time_machine.travel(at(today, 8), tick=False):
            for each in deeds.get(today, ()):
                world.do(*each)
        if today in DEAD:
            continue
        for hour in (9, 21) if today in TWICE else (9,):
            with time_machine.travel(at(today, hour), tick=False):
                run_clocks()

    told = reminders()
    got = Counter((timezone.localdate(row.created_at), row.recipient, row.subject) for row in told)
    wanted = expected(world)
    assert sorted(map(str, got - wanted)) == []
    assert sorted(map(str, wanted - got)) == []
    assert all(is_business_day(timezone.localdate(row.created_at)) for row in told)
    check_record(world)


def check_record(world: World) -> None:
    """Each escalation stands in the record once, and on the corrective action as long as it is late."""
    events = AuditEvent.objects.filter(act__contains="_escalated_")
    seen = Counter(
        (str(row.audit), row.act, row.payload["what"], row.payload["code"]) for row in events
    )
    escalations = [line.split() for line in TOLD.strip().splitlines()]
    count = sum(int(row[5]) for row in escalations if row[2] != "supplier")
    assert (len(seen), max(seen.values())) == (count, 1)
    assert not events.filter(audit=world.audits["void"], at__date__gte=date(2027, 4, 20)).exists()
    with time_machine.travel(at(LAST, 12), tick=False):
        escalated = CorrectiveAction.objects.escalated(Escalation.SECRETARIAT)
        assert {row.pk for row in CorrectiveAction.objects.all() if row.escalation} == {
            row.pk for row in escalated
        }
        assert {(row.finding.audit_id, row.finding.requirement.code) for row in escalated} == {
            (world.audits[audit].pk, code)
            for audit, code in (
                ("untouched", "5-7"), ("waiting", "5-7"), ("waiting", "6-14"),
                ("together", "4-1"), ("together", "6-14"),
            )
        }  # fmt: skip
        assert not CorrectiveAction.objects.escalated(Escalation.BODY).exists()
    withdrawn = CorrectiveAction.objects.filter(status=CorrectionStatus.WITHDRAWN)
    assert withdrawn.count() == len(CODES)
