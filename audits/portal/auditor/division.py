"""The page on which the lead divides the requirements among the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits import policies
from audits.forms.division import DivisionForm
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.sheets import Sheet
from audits.terms import Answer, Judgement

if TYPE_CHECKING:
    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def division(request: UserRequest, number: str) -> HttpResponse:
    """Say whose each section is, with exceptions; everybody goes on writing everything."""
    audit = audit_of(request, number)
    if not policies.divides_work(request.user, audit):
        raise PermissionDenied(policies.WHO_DIVIDES)
    sheet = Sheet(audit, request.user)
    form = DivisionForm(
        request.POST if request.method == "POST" else None,
        actor=request.user,
        audit=audit,
        findings=sheet.findings,
    )
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("The work is divided."))
        return redirect("portal:division", number=number)
    return render(
        request,
        "audits/portal/auditor/division.html",
        {
            "audit": audit,
            "form": form,
            "parts": list(form.parts),
            "shares": _shares(sheet),
            "trail": trail(audit, _("Dividing the work")),
        },
        status=422 if form.errors else 200,
    )


def _shares(sheet: Sheet) -> list[dict[str, Any]]:
    """Return how many requirements each of the team has, and how many of these are judged."""
    places = [place for place in sheet.audit.team.all() if place.answer == Answer.ACCEPTED]
    found = []
    for place in [*places, None]:
        rows = [row for row in sheet.findings if sheet.holder_of(row) == place]
        done = sum(row.judgement != Judgement.UNASSESSED for row in rows)
        found.append({"place": place, "total": len(rows), "done": done})
    return found
