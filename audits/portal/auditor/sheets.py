"""The 84 findings of an audit as the pages walk through them: sections, filter, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from audits.models import Finding, TeamMember
from audits.terms import Judgement
from audits.weaving import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from audits.models import Audit
    from ui.charts import Cell

SHOWN: dict[str, Callable[[Sheet, Finding], bool]] = {
    "unassessed": lambda sheet, row: row.judgement == Judgement.UNASSESSED,
    "nonconforming": lambda sheet, row: row.judgement == Judgement.NONCONFORMING,
    "mine": lambda sheet, row: sheet.is_mine(row),
    # Of a follow-up audit: what it looks at itself.
    "here": lambda sheet, row: row.carried_from_id is None and not row.preset,
}
# What the navigator and the lists read; the long texts of 84 requirements stay in the database.
LIGHT = (
    "audit_id",
    "assigned_to_id",
    "judgement",
    "severity",
    "preset",
    "carried_from",
    "version",
    "requirement__code",
    "requirement__order",
    "requirement__severity",
    "requirement__title_ja",
    "requirement__title_en",
    "requirement__category__number",
    "requirement__category__name_ja",
    "requirement__category__name_en",
)


@dataclass(frozen=True)
class Section:
    """One of the nine categories: its findings as shown, and how many of all are judged."""

    number: int
    name: str
    rows: list[Finding]
    done: int
    total: int
    url: str
    current: bool


class Sheet:
    """The findings of an audit in order as the reader sees them; `show` is "" or a name in SHOWN.

    Whose findings are whose is read from the audit's team, only where it is asked for.
    """

    def __init__(self, audit: Audit, reader: User, *, show: str = "", current: str = "") -> None:
        self.audit, self.reader, self.current = audit, reader, current
        self.show = show if show in SHOWN else ""
        visible = Finding.objects.visible_to(reader)
        self.findings = list(visible.filter(audit=audit).in_order().only(*LIGHT))
        self._card = reverse("portal:card", args=[audit.number, "CODE"])

    def url_of(self, finding: Finding | None) -> str:
        """Return the address of a finding's card with the filter kept; empty for none."""
        if finding is None:
            return ""
        return self._card.replace("CODE", finding.requirement.code) + self.query

    @property
    def url_of_previous(self) -> str:
        """Return the address of the card before."""
        return self.url_of(self.previous)

    @property
    def url_of_next(self) -> str:
        """Return the address of the card after."""
        return self.url_of(self.next)

    @property
    def url_of_next_unassessed(self) -> str:
        """Return the address of the next card without a judgement."""
        return self.url_of(self.next_unassessed)

    @property
    def query(self) -> str:
        """Return the filter as the end of an address."""
        return f"?{urlencode({'show': self.show})}" if self.show else ""

    @cached_property
    def cells(self) -> list[Cell]:
        """Return the cells of the weave, each a link to its card."""
        return cells(self.findings, self.url_of, self.current)

    @cached_property
    def shown(self) -> list[Finding]:
        """Return the findings that the filter lets through."""
        if not self.show:
            return self.findings
        return [row for row in self.findings if SHOWN[self.show](self, row)]

    @cached_property
    def sections(self) -> list[Section]:
        """Return the nine categories with their progress."""
        found = []
        passing = {row.pk for row in self.shown}
        for category, group in groupby(self.findings, key=lambda row: row.requirement.category):
            rows = list(group)
            waiting = [row for row in rows if row.judgement == Judgement.UNASSESSED]
            found.append(
                Section(
                    number=category.number,
                    name=str(category.name),
                    rows=[row for row in rows if row.pk in passing],
                    done=len(rows) - len(waiting),
                    total=len(rows),
                    url=self.url_of((waiting or rows)[0]),
                    current=any(row.requirement.code == self.current for row in rows),
                )
            )
        return found

    @property
    def here(self) -> int:
        """Return how many requirements a follow-up audit looks at itself."""
        return sum(SHOWN["here"](self, row) for row in self.findings)

    @property
    def total(self) -> int:
        """Return how many requirements there are."""
        return len(self.findings)

    @property
    def done(self) -> int:
        """Return how many have been judged."""
        return self.total - self.unassessed

    @property
    def unassessed(self) -> int:
        """Return how many have not been assessed."""
        return sum(row.judgement == Judgement.UNASSESSED for row in self.findings)

    @property
    def nonconforming(self) -> int:
        """Return how many do not conform."""
        return sum(row.judgement == Judgement.NONCONFORMING for row in self.findings)

    @cached_property
    def _holders(self) -> dict[int, TeamMember]:
        """Return the places in the team by key, without those declined."""
        return {place.pk: place for place in self.audit.team.all() if place.answer != "declined"}

    @cached_property
    def _my_places(self) -> set[int]:
        """Return the reader's places; asked for alone, since a save comes without the team."""
        places = TeamMember.objects.filter(audit=self.audit, auditor__user=self.reader)
        return set(places.answering().values_list("pk", flat=True))

    @property
    def is_shared(self) -> bool:
        """Say whether there is more than one in the team to have requirements."""
        return len(self._holders) > 1

    @property
    def is_divided(self) -> bool:
        """Say whether any requirement is assigned to somebody of the team."""
        return any(row.assigned_to_id in self._holders for row in self.findings)

    @property
    def mine(self) -> int:
        """Return how many requirements are the reader's."""
        return sum(self.is_mine(row) for row in self.findings)

    def is_mine(self, row: Finding) -> bool:
        """Say whether the requirement is the reader's."""
        return row.assigned_to_id in self._my_places

    def holder_of(self, row: Finding) -> TeamMember | None:
        """Return whose the requirement is; None when it is nobody's, or of somebody who left."""
        return self._holders.get(row.assigned_to_id) if row.assigned_to_id else None

    @cached_property
    def _order(self) -> int:
        orders = {row.requirement.code: row.requirement.order for row in self.findings}
        return orders.get(self.current, 0)

    @cached_property
    def previous(self) -> Finding | None:
        """Return the finding shown before the current one."""
        return next(
            (row for row in reversed(self.shown) if row.requirement.order < self._order), None
        )

    @cached_property
    def next(self) -> Finding | None:
        """Return the finding shown after the current one."""
        return next((row for row in self.shown if row.requirement.order > self._order), None)

    @cached_property
    def next_unassessed(self) -> Finding | None:
        """Return the next finding without a judgement, going round at the end.

        Who looks at his or her own only is led to those.
        """
        waiting = [
            row
            for row in self.findings
            if row.judgement == Judgement.UNASSESSED
            and row.requirement.code != self.current
            and (self.show != "mine" or self.is_mine(row))
        ]
        after = [row for row in waiting if row.requirement.order > self._order]
        return next(iter(after or waiting), None)
