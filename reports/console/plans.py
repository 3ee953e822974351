"""The corrective action plan as a paper, at the desk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from audits.console.access import for_desks
from audits.console.audit import trail
from reports.planning import (
    ask_for_plan,
    hand_out_plan,
    planned_audit,
    plans_context,
    ready_paper,
)
from reports.reading import sent_or_said

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@for_desks
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: UserRequest, number: str) -> HttpResponse:
    """Show the plans that were made of an audit; by POST have one made as things stand now."""
    audit = planned_audit(request.user, number)
    if request.method == "POST":
        ask_for_plan(request, audit)
        return redirect("console:plans", number=number)
    template = "parts/plans" if request.htmx else "plans"
    return render(
        request,
        f"reports/{template}.html",
        plans_context(request, audit) | {"file_url": "console:plan_file", "trail": trail(audit)},
    )


@for_desks
@require_GET
def plan_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one paper of a plan."""
    row = ready_paper(request.user, pk)
    return sent_or_said(
        request, partial(hand_out_plan, row), "console:plans", row.plan.audit.number
    )
