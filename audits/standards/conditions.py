"""Which requirements and clauses apply to a site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audits.standards.terms import Condition

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a site profile says that decides which requirements apply: heads, then yes or no."""

    workers: int
    foreign_workers: int = 0
    minors: int = 0
    homeworkers: int = 0
    dormitory: bool = False
    canteen: bool = False
    brokers: bool = False


# The thresholds of 10 and 50 are those of the Labour Standards Act, article 89 (work rules), and of
# the Industrial Safety and Health Act, articles 11 to 13, 18 and 19 (safety staff, doctor, committee).
_HOLDS: dict[str, Callable[[SiteFacts], bool]] = {
    Condition.DORMITORY_OR_CANTEEN: lambda site: site.dormitory or site.canteen,
    Condition.DORMITORY: lambda site: site.dormitory,
    Condition.CANTEEN: lambda site: site.canteen,
    Condition.FOREIGN_WORKERS: lambda site: site.foreign_workers > 0,
    Condition.BROKERS: lambda site: site.foreign_workers > 0 and site.brokers,
    Condition.HOMEWORKERS: lambda site: site.homeworkers > 0,
    Condition.MINORS: lambda site: site.minors > 0,
    Condition.WORKERS_10: lambda site: site.workers >= 10,
    Condition.WORKERS_50: lambda site: site.workers >= 50,
}

_REASONS: dict[str, _StrPromise] = {
    Condition.DORMITORY_OR_CANTEEN: _("The site has neither a dormitory nor a canteen."),
    Condition.DORMITORY: _("The site has no dormitory."),
    Condition.CANTEEN: _("The site has no canteen."),
    Condition.FOREIGN_WORKERS: _("The site employs no foreign workers."),
    Condition.BROKERS: _(
        "The site hires no foreign workers through brokers or similar organisations."
    ),
    Condition.HOMEWORKERS: _("The site gives out no work to homeworkers."),
    Condition.MINORS: _("The site employs nobody under 18."),
    Condition.WORKERS_10: _("The site regularly employs fewer than 10 workers."),
    Condition.WORKERS_50: _("The site regularly employs fewer than 50 workers."),
}


def applies(condition: str, facts: SiteFacts) -> bool:
    """Whether what carries `condition` applies to the site; blank always does.

    Raises `KeyError` for a condition that is not in `Condition`.
    """
    return condition == "" or _HOLDS[condition](facts)


def reason_not_applicable(condition: str) -> _StrPromise:
    """The sentence that goes into the record when `applies` said no, in the language of the moment.

    Raises `KeyError` for a blank or unknown condition.
    """
    return _REASONS[condition]


def why_not_applicable(condition: str, facts: SiteFacts | None) -> str:
    """Return why what carries the condition does not apply; "" when it does or nothing is known."""
    if facts is None or applies(condition, facts):
        return ""
    return str(reason_not_applicable(condition))
