"""The corrective action plan as a paper, for the supplier and the audit team."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts import policies as accounts
from audits.portal.supplier.facts import trail_to
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


@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: UserRequest, number: str) -> HttpResponse:
    """Show the plans that were made of an audit; by POST have one made as things stand now."""
    audit = planned_audit(request.user, number)
    if request.method == "POST":
        ask_for_plan(request, audit)
        return redirect("portal:plans", number=number)
    template = "parts/plans" if request.htmx else "plans"
    own = accounts.holds(request.user, audit.site.supplier.organisation_id)
    return render(
        request,
        f"reports/{template}.html",
        plans_context(request, audit)
        | {
            "file_url": "portal:plan_file",
            "trail": trail_to(audit, pgettext("paper", "Corrective action plan")) if own else [],
        },
    )


@require_GET
def plan_file(request: UserRequest, pk: UUID) -> HttpResponse:
    """Hand out one paper of a plan."""
    row = ready_paper(request.user, pk)
    return sent_or_said(request, partial(hand_out_plan, row), "portal:plans", row.plan.audit.number)
