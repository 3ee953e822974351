"""The auditor's day: what waits for this person, most urgent first; of much, the beginning."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audits.models import Finding, FindingComment, TeamMember
from audits.portal.auditor.places import auditors_only
from audits.terms import WRITABLE, Answer, Status
from audits.weaving import strips
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from ui.charts import Cell

NEEDING = (Status.TEAM_PROPOSED, Status.SCHEDULED, *WRITABLE)
GROUPS = ("offers", "start", "fieldwork", "comments", "drafts", "coming", "waiting")
# Rows of each group on the page of all groups (with the weaves, some 4 kB each), and of one alone.
SHOWN = 4
PER_PAGE = 20


@dataclass
class Item:
    """One audit that needs something: the reader's place in it, its weave, comments to answer."""

    place: TeamMember
    cells: list[Cell] = field(default_factory=list)
    comments: int = 0

    @property
    def leads(self) -> bool:
        """Say whether the reader leads this audit."""
        return self.place.function == "lead"

    @property
    def due_on(self) -> date | None:
        """Return by when the reader's own step is due: an offer has a day of its own."""
        if self.group == "offers":
            return self.place.answer_by
        return self.place.audit.due_on

    @property
    def is_overdue(self) -> bool:
        """Say whether that day has passed."""
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def group(self) -> str:
        """Return under which heading of the page the audit stands."""
        audit = self.place.audit
        if self.place.answer == Answer.OFFERED:
            return "offers" if audit.status == Status.TEAM_PROPOSED else ""
        match audit.status:
            case Status.TEAM_PROPOSED:
                return "waiting"
            case Status.SCHEDULED:
                today = timezone.localdate()
                return "start" if audit.planned_from and audit.planned_from <= today else "coming"
            case Status.FIELDWORK:
                return "fieldwork"
            case _:
                return "comments" if self.comments else "drafts"


@require_GET
def today(request: UserRequest) -> HttpResponse:
    """Show what needs the auditor, grouped by what has to be done; with `?group=` one group, paged."""
    auditors_only(request.user)
    grouped: dict[str, list[Item]] = {name: [] for name in GROUPS}
    for item in _items(request):
        if item.group:
            grouped[item.group].append(item)
    asked = request.GET.get("group", "")
    alone = asked if grouped.get(asked) else ""
    page = paginate(request, grouped[alone], per_page=PER_PAGE) if alone else None
    groups = [
        (name, list(page) if page else rows[:SHOWN], len(rows))
        for name, rows in grouped.items()
        if rows and alone in ("", name)
    ]
    _weave(request, [item for _name, rows, _count in groups for item in rows])
    return render(
        request,
        "audits/portal/auditor/today.html",
        {
            "groups": groups,
            "alone": alone,
            "page": page,
            "today": timezone.localdate(),
            "urgent": sum(
                len(rows) for name, rows in grouped.items() if name not in ("coming", "waiting")
            ),
        },
    )


def _items(request: UserRequest) -> list[Item]:
    places = list(
        TeamMember.objects.visible_to(request.user)
        .answering()
        .filter(auditor__user=request.user, audit__status__in=NEEDING)
        .select_related("audit__site__supplier")
        .order_by("audit__number")
    )
    comments = dict(
        FindingComment.objects.unanswered()
        .filter(finding__audit__in=[place.audit_id for place in places])
        .values_list("finding__audit")
        .annotate(Count("pk"))
    )
    items = [Item(place, comments=comments.get(place.audit_id, 0)) for place in places]
    return sorted(items, key=lambda item: item.due_on or date.max)


def _weave(request: UserRequest, items: Iterable[Item]) -> None:
    """Give the items that are shown their weave, in one query."""
    rows = list(items)
    audits = [item.place.audit for item in rows]
    woven = strips(audits, Finding.objects.visible_to(request.user))
    for item in rows:
        item.cells = woven.get(item.place.audit_id, [])
