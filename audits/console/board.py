"""The board: what is under way, one column per state, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from audits import policies
from audits.console.access import for_desks
from audits.filters import BoardFilter
from audits.models import Audit, Finding
from audits.terms import Status
from audits.weaving import strips

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User
    from ui.charts import Cell

COLUMNS = (
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.TEAM_PROPOSED,
    Status.SCHEDULED,
    Status.FIELDWORK,
    Status.DRAFTING,
    Status.IN_REVIEW,
    Status.FACT_CHECK,
    Status.DECISION,
    Status.ISSUED,
)
# Until the visit begins the swatch is empty and would only take room.
WOVEN = COLUMNS[4:]
CARDS = 6  # keeps the page under 150 kB; the rest is one click away in the list


@dataclass(frozen=True)
class Column:
    """One state: how many there are, how many late, and the most urgent of them."""

    status: Status
    count: int
    overdue: int
    cards: list[Card]
    address: str

    @property
    def more(self) -> int:
        """Return how many there are besides the cards."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Card:
    """One audit on the board with its swatch; no cells before the visit."""

    audit: Audit
    cells: list[Cell]

    @property
    def holder(self) -> User | None:
        """Return who has taken the review and may still do it; at most CARDS are asked."""
        return policies.review_holder(self.audit)


@require_GET
@for_desks
def board(request: UserRequest) -> HttpResponse:
    """Show what is under way by state, overdue first."""
    chosen = BoardFilter(request.GET, Audit.objects.visible_to(request.user), request=request)
    rows = chosen.qs
    late = Q(due_on__lt=timezone.localdate())
    counts = {
        row["status"]: (row["all"], row["late"])
        for row in rows.filter(status__in=COLUMNS)
        .order_by()
        .values("status")
        .annotate(all=Count("pk"), late=Count("pk", filter=late))
    }
    first: dict[Status, list[UUID]] = {
        status: list(
            rows.filter(status=status)
            .order_by(F("due_on").asc(nulls_last=True), "number")
            .values_list("pk", flat=True)[:CARDS]
        )
        for status in counts
    }
    shown = [pk for pks in first.values() for pk in pks]
    audits = {
        audit.pk: audit
        for audit in Audit.objects.filter(pk__in=shown).select_related("site__supplier", "reviewer")
    }
    woven = [audit for audit in audits.values() if audit.status in WOVEN]
    cells = strips(woven, Finding.objects.visible_to(request.user)) if woven else {}
    kept = {name: str(value) for name, value in request.GET.items() if value and name != "page"}
    columns = [
        Column(
            status=status,
            count=counts.get(status, (0, 0))[0],
            overdue=counts.get(status, (0, 0))[1],
            cards=[Card(audits[pk], cells.get(pk, [])) for pk in first.get(status, [])],
            address=urlencode({**kept, "status": status.value}),
        )
        for status in COLUMNS
    ]
    return render(
        request,
        "audits/console/board.html",
        {
            "filter": chosen,
            "columns": columns,
            "total": sum(column.count for column in columns),
            "overdue": sum(column.overdue for column in columns),
        },
    )
