"""Who may audit a site, as pure functions over plain data: obstacles as sentences, and a score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audits.auditors.terms import Level

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Tie:
    """An engagement of the person or of the office with the supplier; `ends_on` None is running.

    `office` is one of the office as such, not of a colleague; `key` tells ties apart. With `member`
    it is no engagement: the person, or a colleague, belongs to the supplier.
    """

    kind_label: str
    own: bool
    ends_on: date | None
    office: bool = False
    key: str = ""
    member: bool = False


@dataclass(frozen=True)
class Qualified:
    """A qualification in plain form: level and the days on which it holds."""

    level: str
    starts_on: date
    ends_on: date | None

    def holds(self, first: date, last: date) -> bool:
        """Say whether it holds on every day from `first` to `last`."""
        return self.starts_on <= first and (self.ends_on is None or self.ends_on >= last)


@dataclass(frozen=True)
class Need:
    """What an audit asks for: visit days, languages of the workers, where, under which rules."""

    first_day: date
    last_day: date
    languages: frozenset[str]
    prefecture: int
    standard: str
    engagement_months: int = 24
    rotation_audits: int = 2


@dataclass(frozen=True)
class Candidate:
    """What is known of one auditor; distances in km, load in audits of the same month."""

    is_active: bool
    body_permitted: bool
    languages: frozenset[str]
    # Works for another body than the one that makes the audit.
    elsewhere: bool = False
    qualifications: tuple[Qualified, ...] = ()
    ties: tuple[Tie, ...] = ()
    # First and last day of each absence that touches the visit days.
    away: tuple[tuple[date, date], ...] = ()
    led_last_audits: int = 0
    declared_conflict: bool = False
    distance_km: float = 0.0
    load: int = 0
    audits_of_site: int = 0
    serves_prefecture: bool = False


# Written when a sentence is read, not for each of the thousands that are only counted.
_day = lazy(date_format, str)


def _inactive(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    if not candidate.is_active:
        yield _("The auditor is not active in the register.")


def _elsewhere(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    if candidate.elsewhere:
        yield _("The auditor belongs to another body.")


def _unqualified(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    fitting = [q for q in candidate.qualifications if Level(q.level).covers(function)]
    if not fitting:
        yield format_lazy(
            _("There is no qualification as {function} under standard {standard}."),
            function=Level(function).label,
            standard=need.standard,
        )
    elif not any(q.holds(need.first_day, need.last_day) for q in fitting):
        yield format_lazy(
            _("The qualification does not hold on every visit day ({first} to {last})."),
            first=_day(need.first_day),
            last=_day(need.last_day),
        )


def _body_not_permitted(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    if not candidate.body_permitted:
        yield _("The audit body's designation is not in force on the visit days.")


def _who(tie: Tie) -> _StrPromise:
    return _("The auditor") if tie.own else _("A colleague of the same office")


def _of_supplier(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    # One sentence, however many colleagues belong to it.
    members = [tie for tie in candidate.ties if tie.member]
    if members:
        who = _who(next((tie for tie in members if tie.own), members[0]))
        yield format_lazy(_("{who} belongs to the supplier."), who=who)


def _tied(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    for tie in candidate.ties:
        if tie.member:
            continue
        who = _who(tie)
        if tie.ends_on is None:
            yield format_lazy(
                _("{who} has a running engagement with the supplier ({kind})."),
                who=who,
                kind=tie.kind_label,
            )
        else:
            yield format_lazy(
                _(
                    "{who} had an engagement with the supplier until {day} ({kind}); "
                    "{months} months must pass."
                ),
                who=who,
                day=_day(tie.ends_on),
                kind=tie.kind_label,
                months=need.engagement_months,
            )


def _away(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    for first, last in candidate.away:
        if first <= need.last_day and last >= need.first_day:
            yield format_lazy(
                _("The auditor is not available from {first} to {last}."),
                first=_day(first),
                last=_day(last),
            )


def _rotation(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    if function == Level.LEAD and candidate.led_last_audits >= need.rotation_audits:
        yield format_lazy(
            _("The auditor led the site's last {count} audits; the lead must change."),
            count=need.rotation_audits,
        )


def _declared(candidate: Candidate, need: Need, function: str) -> Iterator[_StrPromise]:
    if candidate.declared_conflict:
        yield _("The auditor declared a threat to impartiality for this audit.")


class Obstacle(TextChoices):
    """What can stand in the way, in a word for counts and filters."""

    INACTIVE = "inactive", _("not active in the register")
    ELSEWHERE = "elsewhere", _("belongs to another body")
    UNQUALIFIED = "unqualified", _("qualification")
    BODY = "body", _("designation of the body")
    OF_SUPPLIER = "of_supplier", _("belongs to the supplier")
    TIED = "tied", _("engagement with the supplier")
    AWAY = "away", _("not available on the days")
    ROTATION = "rotation", _("change of the lead")
    DECLARED = "declared", _("declared a threat")


Rule = Callable[[Candidate, Need, str], Iterator["_StrPromise"]]
RULES: tuple[tuple[Obstacle, Rule], ...] = (
    (Obstacle.INACTIVE, _inactive),
    (Obstacle.ELSEWHERE, _elsewhere),
    (Obstacle.UNQUALIFIED, _unqualified),
    (Obstacle.BODY, _body_not_permitted),
    (Obstacle.OF_SUPPLIER, _of_supplier),
    (Obstacle.TIED, _tied),
    (Obstacle.AWAY, _away),
    (Obstacle.ROTATION, _rotation),
    (Obstacle.DECLARED, _declared),
)
# The others are the same for every function.
BY_FUNCTION = tuple(row for row in RULES if row[1] in (_unqualified, _rotation))


def obstacles(candidate: Candidate, need: Need, function: str = Level.MEMBER) -> list[str]:
    """Return every reason, as a sentence, why the candidate may not take the function."""
    return [str(sentence) for _one, rule in RULES for sentence in rule(candidate, need, function)]


def hindrances(
    candidate: Candidate,
    need: Need,
    function: str,
    rules: Iterable[tuple[Obstacle, Rule]] = RULES,
) -> tuple[Obstacle, ...]:
    """Return which obstacles there are, without their sentences: quick for thousands of people."""
    return tuple(
        [one for one, rule in rules if next(rule(candidate, need, function), None) is not None]
    )


@dataclass(frozen=True)
class Merits:
    """The parts of a score: languages (of 40), nearness (30), light month (20), fresh eye (10)."""

    languages: float
    near: float
    light: float
    fresh: float


def merits(candidate: Candidate, need: Need) -> Merits:
    """Return the parts of the score of an eligible candidate.

    40 for languages of the workers, 30 for nearness (0 km 30, 600 km and more 0), 20 for a light
    month (each audit costs 5), 10 for a fresh eye (each earlier audit of the site costs 5).
    """
    spoken = len(need.languages & candidate.languages)
    languages = 40 * spoken / len(need.languages) if need.languages else 40
    near = 30 * max(0.0, 1 - candidate.distance_km / 600)
    if candidate.serves_prefecture:
        near = max(near, 20.0)
    light = max(0, 20 - 5 * candidate.load)
    fresh = max(0, 10 - 5 * candidate.audits_of_site)
    return Merits(languages, near, light, fresh)


def score(candidate: Candidate, need: Need) -> int:
    """Return how well an eligible candidate fits, 0 to 100: the sum of the merits."""
    parts = merits(candidate, need)
    return round(parts.languages + parts.near + parts.light + parts.fresh)
