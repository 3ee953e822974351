"""Assignment: who may audit the site, ranked, and the team; then the dates of the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render

from audits.console.access import audit_for, for_desks, form_page, not_now, open_for
from audits.console.audit import done, trail
from audits.forms.assignment import AssignmentForm, ScheduleForm
from audits.models import SchemeSettings
from audits.services.candidates import need_of
from audits.services.perform import refusals
from audits.terms import Act, Answer, Status
from audits.workflow import Move
from suppliers.terms import Language

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

# Guards of the schedule that its own form answers.
ASKED = ("visit_dates_set", "person_days_sufficient", "team_still_eligible")


@for_desks
@form_page
def assign(request: UserRequest, number: str) -> HttpResponse:
    """Choose the team among the eligible auditors; show for the others why not."""
    audit = audit_for(request, number, Act.PROPOSE_TEAM)
    if request.method != "POST" and not open_for(audit, Act.PROPOSE_TEAM):
        return not_now(request, audit)
    form = AssignmentForm(request.POST or None, audit=audit, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, done(Act.PROPOSE_TEAM))
        return redirect("console:audit", number=number)
    need = need_of(audit)
    spoken = sorted(code for code in need.languages if code in Language.values)
    return render(
        request,
        "audits/console/assign.html",
        {
            "audit": audit,
            "form": form,
            "need": need,
            "languages": [str(Language(code).label) for code in spoken],
            "again": audit.status in (Status.TEAM_PROPOSED, Status.SCHEDULED),
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )


@for_desks
@form_page
def schedule(request: UserRequest, number: str) -> HttpResponse:
    """Fix the visit: dates, person-days by the rule, or the reason for fewer."""
    audit = audit_for(request, number, Act.SCHEDULE)
    settings = SchemeSettings.objects.current()
    workers = audit.profile.workers if audit.profile else 0
    rule = settings.person_days_for(workers)
    form = ScheduleForm(request.POST or None, audit=audit, actor=request.user, rule=rule)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, done(Act.SCHEDULE))
        return redirect("console:audit", number=number)
    if request.method != "POST" and not open_for(audit, Act.SCHEDULE):
        return not_now(request, audit)
    obstacles = [] if form.is_bound else refusals(audit, Move(Act.SCHEDULE, request.user))
    return render(
        request,
        "audits/console/schedule.html",
        {
            "audit": audit,
            "form": form,
            "rule": f"{rule:g}",
            "workers": workers,
            "steps": _steps(settings.person_days),
            "team": [place for place in audit.team.all() if place.answer != Answer.DECLINED],
            "obstacles": [error for error in obstacles if error.code not in ASKED],
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )


def _steps(table: list[list[float]]) -> list[dict[str, str | int]]:
    """Return the rule as rows: from how many workers, to how many ("" without end), days."""
    rows: list[dict[str, str | int]] = []
    low = 1
    for index, (limit, days) in enumerate(table):
        last = index == len(table) - 1
        rows.append({"low": low, "high": "" if last else int(limit), "days": f"{days:g}"})
        low = int(limit) + 1
    return rows
