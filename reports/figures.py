"""What is counted: dimensions, size bands, steps, and the arithmetic over plain data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from audits.standards.terms import Judgement, Severity
from audits.terms import Act

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

# Figures of fewer sites are not shown (domain.md, personal data): a worker could be recognised.
MINIMUM_SITES = 5
CATEGORIES = range(1, 10)


class Dimension(models.TextChoices):
    """By what the counters are kept; each audit is in one place of a dimension, or in several."""

    TOTAL = "total", _("whole scheme")
    MONTH = "month", _("month of issue")
    PREFECTURE = "prefecture", _("prefecture")
    PROCESS = "process", _("process")
    SIZE = "size", _("size of the site")
    KIND = "kind", _("kind of audit")
    BODY = "body", _("audit body")
    SECRETARIAT = "secretariat", _("secretariat")


class SizeBand(models.TextChoices):
    """Size of a site by workers; 10, 30 and 50 are borders at which duties change."""

    UNKNOWN = "unknown", pgettext_lazy("size", "not known")
    UNDER_10 = "1-9", _("1 to 9 workers")
    UNDER_30 = "10-29", _("10 to 29 workers")
    UNDER_50 = "30-49", _("30 to 49 workers")
    UNDER_100 = "50-99", _("50 to 99 workers")
    UNDER_300 = "100-299", _("100 to 299 workers")
    LARGE = "300-", _("300 workers and more")


class Step(models.TextChoices):
    """A part of the way from application to result, whose days are counted."""

    TOTAL = "total", _("from application to issue")
    INTAKE = "intake", pgettext_lazy("step", "intake")
    TEAM = "team", pgettext_lazy("step", "team and dates")
    WAITING = "waiting", pgettext_lazy("step", "wait for the visit")
    VISIT = "visit", pgettext_lazy("step", "visit")
    DRAFTING = "drafting", pgettext_lazy("step", "writing the report")
    REVIEW = "review", pgettext_lazy("step", "review")
    FACTS = "facts", _("check of facts")
    DECISION = "decision", pgettext_lazy("step", "decision")


# The acts that border each step; of an act that was done again the last time counts, so that the
# parts add up to the whole. The application alone counts from the first time.
BORDERS: dict[Step, tuple[Act, Act]] = {
    Step.TOTAL: (Act.SUBMIT, Act.ISSUE),
    Step.INTAKE: (Act.SUBMIT, Act.ACCEPT),
    Step.TEAM: (Act.ACCEPT, Act.SCHEDULE),
    Step.WAITING: (Act.SCHEDULE, Act.START),
    Step.VISIT: (Act.START, Act.FINISH_VISIT),
    Step.DRAFTING: (Act.FINISH_VISIT, Act.SIGN),
    Step.REVIEW: (Act.SIGN, Act.PASS_REVIEW),
    Step.FACTS: (Act.PASS_REVIEW, Act.ACCEPT_FACTS),
    Step.DECISION: (Act.ACCEPT_FACTS, Act.ISSUE),
}
_BANDS: tuple[tuple[int, SizeBand], ...] = (
    (10, SizeBand.UNDER_10),
    (30, SizeBand.UNDER_30),
    (50, SizeBand.UNDER_50),
    (100, SizeBand.UNDER_100),
    (300, SizeBand.UNDER_300),
)


def size_band(workers: int | None) -> SizeBand:
    """Return the band of a number of workers; None is not known."""
    if workers is None:
        return SizeBand.UNKNOWN
    return next((band for limit, band in _BANDS if workers < limit), SizeBand.LARGE)


def enough_sites(number: int) -> bool:
    """Say whether figures of so many different sites may be shown; the one place of the rule."""
    return number >= MINIMUM_SITES


def days_per_step(acts: Iterable[tuple[str, date]]) -> dict[Step, int]:
    """Return the calendar days of each step from (act, day) in the order of the record.

    A step whose borders are not both recorded is left out.
    """
    first: dict[str, date] = {}
    last: dict[str, date] = {}
    for act, day in acts:
        first.setdefault(act, day)
        last[act] = day
    days = {}
    for step, (start, end) in BORDERS.items():
        since = (first if start == Act.SUBMIT else last).get(start)
        until = last.get(end)
        if since is not None and until is not None:
            days[step] = max((until - since).days, 0)
    return days


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each judgement was given; the severities are those of what is nonconforming."""

    conforming: int = 0
    nonconforming: int = 0
    not_applicable: int = 0
    unverifiable: int = 0
    unassessed: int = 0
    unacceptable: int = 0
    major: int = 0
    minor: int = 0

    @property
    def judged(self) -> int:
        """Return how many were judged met or not met: what a rate is a share of."""
        return self.conforming + self.nonconforming

    @property
    def rate(self) -> float | None:
        """Return the share of what was judged that conforms, 0 to 1; None when nothing was."""
        return self.conforming / self.judged if self.judged else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, n) + getattr(other, n) for n in COUNTS))


COUNTS: tuple[str, ...] = tuple(Tally.__slots__)


def tally(outcomes: Iterable[Sequence[str]]) -> Tally:
    """Count (code, judgement, severity) rows."""
    judged = Counter[str]()
    for _code, judgement, severity in outcomes:
        judged[judgement] += 1
        if judgement == Judgement.NONCONFORMING:
            judged[severity] += 1
    return Tally(**{name: judged[name] for name in (*Judgement.values, *Severity.values)})


def median(counts: Mapping[int, int]) -> float | None:
    """Return the median of values given with how often each occurs; None of nothing.

    Values that cancelled out to nothing are passed over.
    """
    ordered = sorted((value, count) for value, count in counts.items() if count > 0)
    total = sum(count for _value, count in ordered)
    if not total:
        return None
    middle = ((total - 1) // 2, total // 2)
    found, passed = [], 0
    for value, count in ordered:
        found += [value for place in middle if passed <= place < passed + count]
        passed += count
    return sum(found) / 2
