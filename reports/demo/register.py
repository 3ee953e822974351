"""The demo's register of auditors: qualified step by step, some no longer, some away for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from audits.auditors.models import Qualification
from audits.auditors.services.qualifying import STEPS, enter_step, let_lapse
from audits.auditors.services.registering import add_absence, register_auditor
from audits.auditors.terms import QualificationStatus
from reports.demo import texts

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Organisation, User
    from audits.auditors.models import Auditor
    from audits.auditors.terms import Level
    from audits.standards.models import Standard
    from reports.demo.clock import Clock

# Days from today to the last day of a qualification; the others hold until further notice. The
# auditor of the sign-ins is among those who are reminded to renew.
ENDING = {"林 暁明": -40, "山岸 美和": 20, "真鍋 亮介": 75}
SUSPENDED = "水谷 さくら"
IN_TRAINING = "高須賀 直人"
# Who takes no visit, from and until how many days from today. One of them falls on the visit for
# which a team is to be proposed.
AWAY: tuple[tuple[str, int, int, str], ...] = (
    ("真鍋 亮介", 38, 42, "leave"),
    ("佐伯 千里", 33, 35, "training"),
    ("宇都宮 由紀", 27, 34, "leave"),
    ("グエン・ティ・ラン", 62, 76, "home"),
    ("加納 朋子", 12, 16, "training"),
)


@dataclass(frozen=True)
class Entry:
    """What the register is told of one auditor."""

    name: str
    email: str
    number: str
    level: Level
    languages: list[str]
    prefectures: list[int]


def enter(
    entry: Entry, *, body: Organisation, desk: User, standard: Standard, clock: Clock
) -> Auditor:
    """Register an auditor and bring the qualification as far as it has come."""
    auditor = register_auditor(
        actor=desk,
        body=body,
        email=entry.email,
        name=entry.name,
        registration_number=entry.number,
        languages=entry.languages,
        prefectures=entry.prefectures,
    )
    _qualify(entry, auditor, desk=desk, standard=standard, clock=clock)
    _lapse(auditor, clock)
    if entry.name == SUSPENDED:
        with clock.visiting(clock.today - timedelta(days=90), 14):
            enter_step(
                actor=desk,
                auditor=auditor,
                standard=standard,
                level=entry.level,
                status=QualificationStatus.SUSPENDED,
                on=clock.today - timedelta(days=90),
                reason=texts.read("remarks")["suspend_qualification"],
            )
    return auditor


def _qualify(
    entry: Entry, auditor: Auditor, *, desk: User, standard: Standard, clock: Clock
) -> None:
    """Enter the steps three weeks apart, the last of them on the day the standard took effect.

    Who is still in training has reached the second, lately.
    """
    training = entry.name == IN_TRAINING
    last = clock.today - timedelta(days=5) if training else standard.effective_on
    reached = STEPS[:2] if training else STEPS
    ending = ENDING.get(entry.name)
    ends_on = None if ending is None else clock.today + timedelta(days=ending)
    with clock.visiting(last, 10):
        for weeks, step in zip(range(len(reached) - 1, -1, -1), reached, strict=True):
            enter_step(
                actor=desk,
                auditor=auditor,
                standard=standard,
                level=entry.level,
                status=step,
                on=last - timedelta(weeks=3 * weeks),
                ends_on=ends_on if step == QualificationStatus.QUALIFIED else None,
                tell=step == reached[-1],
            )


def _lapse(auditor: Auditor, clock: Clock) -> None:
    """Let what has ended lapse on the morning after, as the scheme's clock does."""
    for row in Qualification.objects.filter(auditor=auditor, ends_on__lt=clock.today):
        if row.ends_on is not None:
            with clock.visiting(row.ends_on + timedelta(days=1), 4):
                let_lapse(row)


def enter_absences(auditors: list[Auditor], clock: Clock) -> None:
    """Let the auditors enter the days on which they take no visit."""
    known = {auditor.user.name: auditor for auditor in auditors}
    notes = texts.read("remarks")["away"]
    with clock.visiting(clock.today - timedelta(days=10), 8):
        for name, first, last, note in AWAY:
            add_absence(
                actor=known[name].user,
                auditor=known[name],
                starts_on=_from(clock.today, first),
                ends_on=_from(clock.today, last),
                note=notes[note],
            )
            clock.tick(30)


def _from(today: date, days: int) -> date:
    return today + timedelta(days=days)
