"""Assignment: who may audit the site, ranked, and the team; then the dates of the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts import policies
from accounts.models import Organisation
from audits.console.access import audit_for, for_desks, form_page, not_now, open_for
from audits.console.audit import done, trail
from audits.forms.assignment import AssignmentForm, ScheduleForm
from audits.forms.calendar import Calendar
from audits.forms.shortlist import LOOKING, Row, Shortlist
from audits.models import SchemeSettings
from audits.services.candidates import need_of, people_in, rank
from audits.services.perform import refusals
from audits.terms import Act, Answer, Status
from audits.workflow import Move
from suppliers.terms import Language

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit, TeamMember

# Guards of the schedule that its own form answers.
ASKED = ("visit_dates_set", "person_days_sufficient", "team_still_eligible")


@for_desks
@form_page
def assign(request: UserRequest, number: str) -> HttpResponse:
    """Choose the team among the eligible auditors; show for the others why not.

    Searching and paging are buttons of the same form: what was chosen stays chosen, also without
    JavaScript. Only the button at its end proposes the team.
    """
    audit = audit_for(request, number, Act.PROPOSE_TEAM)
    sent = request.method == "POST"
    if not sent and not open_for(audit, Act.PROPOSE_TEAM):
        return not_now(request, audit)
    asked = (request.POST if sent else request.GET).dict()
    everywhere = _everywhere(request, audit, asked)
    need = need_of(audit)
    replaced, places = _places(request, audit)
    shortlist = Shortlist(rank(audit, people_in(audit, everywhere=everywhere), need), asked, places)
    form = AssignmentForm(
        request.POST if sent and not any(name in asked for name in LOOKING) else None,
        audit=audit,
        actor=request.user,
        shortlist=shortlist,
        calendar=Calendar(
            audit, need, [row.auditor for row in (*shortlist.picked, *shortlist.page)]
        ),
        initial={"interpreters": "interpreters" in asked},
    )
    if form.is_bound and form.is_valid() and form.save():
        messages.success(request, done(Act.PROPOSE_TEAM))
        return redirect("console:audit", number=number)
    spoken = sorted(code for code in need.languages if code in Language.values)
    return render(
        request,
        "audits/console/assign.html",
        {
            "audit": audit,
            "form": form,
            "list": shortlist,
            "need": need,
            "languages": [str(Language(code).label) for code in spoken],
            "again": audit.status in (Status.TEAM_PROPOSED, Status.SCHEDULED),
            "replaced": replaced,
            "may_widen": _may_widen(request, audit),
            "everywhere": everywhere,
            "others": _with_bodies(shortlist, everywhere=everywhere),
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )


def _may_widen(request: UserRequest, audit: Audit) -> bool:
    return policies.coordinates(request.user, audit.secretariat_id)


def _everywhere(request: UserRequest, audit: Audit, asked: dict[str, str]) -> bool:
    """Say whether the auditors of all bodies are looked at: the secretariat's choice alone."""
    return asked.get("scope") == "all" and _may_widen(request, audit)


def _places(request: UserRequest, audit: Audit) -> tuple[TeamMember | None, dict[str, str]]:
    """Return who is to be replaced (?instead=…), and the functions that the others keep."""
    team = list(audit.team.all())
    wanted = request.GET.get("instead", "")
    replaced = next((place for place in team if str(place.auditor_id) == wanted), None)
    return replaced, {
        str(place.auditor_id): place.function
        for place in team
        if place.answer != Answer.DECLINED and place is not replaced
    }


def _with_bodies(shortlist: Shortlist, *, everywhere: bool) -> list[tuple[Row, str]]:
    """Return the others of the page; where several bodies are looked at, with the body's name."""
    rows = list(shortlist.rest)
    wanted = {row.auditor.body_id for row in rows} if everywhere else set()
    names = {pk: str(body) for pk, body in Organisation.objects.in_bulk(wanted).items()}
    return [(row, names.get(row.auditor.body_id, "")) for row in rows]


@for_desks
@form_page
def schedule(request: UserRequest, number: str) -> HttpResponse:
    """Fix the visit: dates, person-days by the rule, or the reason for fewer."""
    audit = audit_for(request, number, Act.SCHEDULE)
    settings = SchemeSettings.objects.current()
    workers = audit.profile.workers if audit.profile else 0
    rule = settings.person_days_of(audit)
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
