"""The month of a visit, and which of its days are taken for each of the auditors on a page."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from audits.services.candidate_facts import Someone, Span, taken
from ui.calendars import is_business_day
from ui.charts import Taken, month_grid, month_head, month_strip

if TYPE_CHECKING:
    from uuid import UUID

    from django.utils.safestring import SafeString

    from audits.auditors.eligibility import Need
    from audits.models import Audit


@dataclass(frozen=True)
class PersonsMonth:
    """One auditor's month: the drawing with its words, and what falls on the visit days."""

    strip: SafeString
    clash: str


class Calendar:
    """The month in which the visit begins; two queries, however many people there are."""

    def __init__(self, audit: Audit, need: Need, people: Sequence[Someone]) -> None:
        self.need = need
        self.first = need.first_day.replace(day=1)
        self.days = monthrange(self.first.year, self.first.month)[1]
        self.last = self.first.replace(day=self.days)
        self.taken = taken(audit, people, self.first, max(self.last, need.last_day))

    @cached_property
    def grid(self) -> SafeString:
        """Return the grid of all strips, with the days on which nobody works."""
        days = range(1, self.days + 1)
        return month_grid(
            self.days, [day for day in days if not is_business_day(self.first.replace(day=day))]
        )

    @cached_property
    def head(self) -> SafeString:
        """Return the numbers of the days."""
        return month_head(self.days)

    def of(self, auditor: UUID) -> PersonsMonth:
        """Return the month of one auditor."""
        spans = self.taken.get(auditor, [])
        shown = [span for span in spans if span.first <= self.last]
        wanted = self._days(self.need.first_day, self.need.last_day)
        drawn = [Taken(*self._days(s.first, s.last), "work" if s.number else "away") for s in shown]
        said = "、".join(self._words(span) for span in shown) or _("no day taken")
        clash = next(
            (
                span.number
                for span in spans
                if span.number
                and span.first <= self.need.last_day
                and span.last >= self.need.first_day
            ),
            "",
        )
        return PersonsMonth(month_strip(self.days, drawn, wanted, said), clash)

    def _days(self, first: date, last: date) -> tuple[int, int]:
        """Return the part of the days that lies in the month, counted from 1."""
        return max(first, self.first).day, min(last, self.last).day

    def _words(self, span: Span) -> str:
        first, last = self._days(span.first, span.last)
        days = f"{first}" if first == last else f"{first}–{last}"
        what = span.number or _("away")
        return _("%(days)s: %(what)s") % {"days": days, "what": what}
