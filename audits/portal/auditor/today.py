"""The auditor's day: what waits for this person, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audits.models import Finding, FindingComment, TeamMember
from audits.portal.auditor.places import auditors_only
from audits.terms import WRITABLE, Answer, Status
from audits.weaving import strips

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from ui.charts import Cell

NEEDING = (Status.TEAM_PROPOSED, Status.SCHEDULED, *WRITABLE)
GROUPS = ("offers", "start", "fieldwork", "comments", "drafts", "coming", "waiting")


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
    """Show what needs the auditor, grouped by what has to be done."""
    auditors_only(request.user)
    items = _items(request)
    groups = [(name, [item for item in items if item.group == name]) for name in GROUPS]
    return render(
        request,
        "audits/portal/auditor/today.html",
        {
            "groups": [(name, rows) for name, rows in groups if rows],
            "today": timezone.localdate(),
            "urgent": sum(len(rows) for name, rows in groups if name not in ("coming", "waiting")),
        },
    )


def _items(request: UserRequest) -> list[Item]:
    places = list(
        TeamMember.objects.visible_to(request.user)
        .answering()
        .filter(auditor__user=request.user, audit__status__in=NEEDING)
        .select_related("audit__site__supplier")
        .order_by("audit__due_on", "audit__number")
    )
    audits = [place.audit for place in places]
    woven = strips(audits, Finding.objects.visible_to(request.user))
    comments = dict(
        FindingComment.objects.unanswered()
        .filter(finding__audit__in=audits)
        .values_list("finding__audit")
        .annotate(Count("pk"))
    )
    return [
        Item(place, woven.get(place.audit_id, []), comments.get(place.audit_id, 0))
        for place in places
    ]
