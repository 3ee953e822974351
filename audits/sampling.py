"""From which groups of workers interviews are drawn, and how many from each: plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from suppliers.models import SiteProfile

# Head-count of the profile, what the group is called, whether its language is Japanese.
GROUPS: tuple[tuple[str, _StrPromise, bool], ...] = (
    ("workers_regular", _("Regular employees"), True),
    ("workers_fixed_term", _("Fixed-term and part-time"), True),
    ("workers_dispatched", _("Dispatched workers"), True),
    ("technical_interns", _("Technical interns / trainees"), False),
    ("specified_skilled", _("Specified skilled workers"), False),
    ("foreign_other", _("Other foreign workers"), False),
    ("minors", _("Workers under 18"), True),
    ("homeworkers", _("Homeworkers"), True),
)
# What the sample as a whole should show, besides the shifts.
WOMEN, MEN, RESIDENTS = ACROSS = (_("Women"), _("Men"), _("Residents of the dormitory"))
# Those who depend most on the employer: two of each are heard, where there are two.
VULNERABLE = ("technical_interns", "specified_skilled", "foreign_other", "minors")
MOST_SHIFTS = 4


@dataclass(frozen=True)
class Stratum:
    """A group and how many of it are to be heard; `heads` is None where the profile does not say.

    `across`: it cuts across the other groups (sex, dormitory, shift), so its people are counted
    there already.
    """

    name: str
    heads: int | None
    planned: int
    japanese: bool = True
    across: bool = False


def in_japanese(label: _StrPromise | str) -> str:
    """Return the name under which a group is kept: the report is Japanese first."""
    with translation.override("ja"):
        return str(label)


def plan(profile: SiteProfile, least: int) -> list[Stratum]:
    """Return whom to interview at a site, together at least `least`, or everybody if they are fewer.

    Every group has at least one; foreign workers and minors two. What is left goes to the groups
    by contract in proportion to their size.
    """
    heads = {field: int(getattr(profile, field)) for field, _label, _japanese in GROUPS}
    wanted = {
        field: min(count, 2 if field in VULNERABLE else 1)
        for field, count in heads.items()
        if count
    }
    by_contract = [field for field, _label, _japanese in GROUPS[:3] if heads[field]]
    # A foreign worker has a contract too: heard once, he or she is counted in one group only.
    foreign = sum(heads[field] for field in VULNERABLE[:3])
    room = max(profile.workers - foreign, 0)
    least = min(least, profile.workers)
    while sum(wanted.values()) < least:
        fields = [
            field
            for field in heads
            if field in wanted
            and wanted[field] < heads[field]
            and (field not in by_contract or sum(wanted[row] for row in by_contract) < room)
        ]
        if not fields:
            break
        # Whoever is furthest below the share of the whole is next; the order settles a draw.
        next_one = min(fields, key=lambda field: wanted[field] / heads[field])
        wanted[next_one] += 1
    groups = [
        Stratum(in_japanese(label), heads[field], wanted[field], japanese)
        for field, label, japanese in GROUPS
        if field in wanted
    ]
    return groups + list(_across(profile, sum(row.planned for row in groups)))


def _across(profile: SiteProfile, total: int) -> Iterator[Stratum]:
    """Yield what the sample as a whole should show: both sexes, the dormitory, every shift."""
    for label, heads in ((WOMEN, profile.workers_female), (MEN, profile.workers_male)):
        if heads:
            share = round(total * heads / profile.workers)
            yield Stratum(in_japanese(label), heads, max(1, min(heads, share)), across=True)
    if profile.has_dormitory:
        yield Stratum(in_japanese(RESIDENTS), None, min(2, total), across=True)
    if profile.shifts > 1:
        for number in range(1, min(profile.shifts, MOST_SHIFTS) + 1):
            name = in_japanese(format_lazy(_("Shift {number}"), number=number))
            yield Stratum(name, None, 1, across=True)
