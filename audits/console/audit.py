"""One audit: where it stands, what is awaited, everything about it, and the acts that are open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits import policies
from audits.awaiting import awaited
from audits.console.access import audit_or_404, for_desks, form_page, not_now, open_for
from audits.console.consequences import consequences
from audits.forms.acts import ActForm
from audits.models import (
    Alert,
    Appeal,
    AuditEvent,
    ChangeNotice,
    CorrectiveAction,
    Finding,
    Result,
)
from audits.services.checklist import checklist_of
from audits.services.conflicts import conflicts_of
from audits.services.perform import available, may, refusals
from audits.services.results import CHANGES, why_not
from audits.services.reviewing import is_taken, may_release
from audits.services.settling import is_open, may_settle
from audits.terms import Act, Actor, Judgement, Severity, Status
from audits.timeline import entries
from audits.weaving import cells
from audits.workflow import TRANSITIONS, Move

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.exceptions import ValidationError
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.models import Audit

# Acts that need no more than a comment, done on the page `console:act`.
SIMPLE = (Act.SUBMIT, Act.RETURN, Act.DEFER, Act.CANCEL, Act.VOID)
# Acts with a page of their own; the two verdicts of the review share one.
PAGES = {
    Act.ACCEPT: "console:intake",
    Act.RETURN: "console:intake",
    Act.PROPOSE_TEAM: "console:assign",
    Act.SCHEDULE: "console:schedule",
    Act.SEND_BACK: "console:review",
    Act.PASS_REVIEW: "console:review",
    Act.ISSUE: "console:decide",
    Act.DEFER: "console:decide",
}
# What suppliers and leads do is done in the portal, even by somebody who also has a desk.
DESK = {Actor.BODY, Actor.SECRETARIAT, Actor.REVIEWER, Actor.DECISION_MAKER, Actor.OWNER}
EVENTS = 40
# Guards that a form answers: before it is filled in they say nothing about the audit.
ASKED_LATER = (
    "body_chosen",
    "team_has_one_lead",
    "team_members_eligible",
    "languages_covered",
    "visit_dates_set",
    "person_days_sufficient",
    "team_still_eligible",
    "dispute_names_findings",
    "deviation_reasoned_and_seconded",
)


@dataclass(frozen=True)
class Button:
    """A way to an act: what it is called, where it leads, how grave it is."""

    label: str
    url: str
    grave: bool
    primary: bool


def buttons(audit: Audit, request: UserRequest) -> list[Button]:
    """Return the acts that the reader may try now as links to their forms, each page once."""
    awaiting = awaited(audit)
    held = policies.capacities(request.user, audit) & DESK
    found: dict[str, Button] = {}
    for row in available(audit, request.user):
        if held.isdisjoint(row.actors):
            continue
        if row.act in PAGES:
            url = reverse(PAGES[row.act], args=[audit.number])
        elif row.act in SIMPLE:
            url = reverse("console:act", args=[audit.number, row.act.value])
        else:
            continue
        primary = awaiting is not None and row.act == awaiting.act
        if url not in found or primary:
            found[url] = Button(_label(row.act), url, row.final and not primary, primary)
    return sorted(found.values(), key=lambda one: (not one.primary, one.grave))


def waiting(one: Audit) -> list[ValidationError]:
    """Return what the next act still waits for, whoever does it."""
    awaiting = awaited(one)
    if awaiting is None:
        return []
    obstacles = refusals(one, Move(awaiting.act, None))
    return [error for error in obstacles if error.code not in ASKED_LATER]


def _label(act: Act) -> str:
    return {
        Act.ACCEPT: _("Examine the application"),
        Act.PASS_REVIEW: _("Open the review desk"),
        Act.SEND_BACK: _("Open the review desk"),
        Act.ISSUE: _("Decide on the result"),
        Act.DEFER: _("Decide on the result"),
    }.get(act, str(act.label))


@require_GET
@for_desks
def audit(request: UserRequest, number: str) -> HttpResponse:
    """Show everything about one audit."""
    one = audit_or_404(request, number)
    user = request.user
    findings = list(Finding.objects.visible_to(user).filter(audit=one).in_order())
    events = AuditEvent.objects.visible_to(user).filter(audit=one)
    shown = events.exclude(act="add_evidence").select_related("actor").order_by("-sequence")
    result = Result.objects.visible_to(user).filter(audit=one).order_by("revision").last()
    return render(
        request,
        "audits/console/audit.html",
        {
            "audit": one,
            "awaited": awaited(one),
            "waiting": waiting(one),
            "buttons": buttons(one, request),
            "documents": checklist_of(one, user),
            "cells": cells(findings),
            "tally": tally(findings),
            "nonconforming": [f for f in findings if f.judgement == Judgement.NONCONFORMING],
            "result": result,
            "changes": _changes(user, one, result),
            "corrections": CorrectiveAction.objects.visible_to(user)
            .filter(finding__audit=one)
            .select_related("finding__requirement")
            .order_by("finding__requirement__order"),
            "conflicts": conflicts_of(one),
            "settles": is_open(one) and may_settle(user, one),
            "releases": is_taken(one) and may_release(user, one),
            "alerts": Alert.objects.visible_to(user).filter(audit=one).open(),
            "appeals": Appeal.objects.visible_to(user).filter(result__audit=one).open(),
            "changes_told": ChangeNotice.objects.visible_to(user).filter(audit=one).unsettled(),
            "timeline": entries(shown[:EVENTS]),
            "more_events": max(0, events.exclude(act="add_evidence").count() - EVENTS),
            "trail": trail(one, here=True),
        },
    )


def _changes(user: User, one: Audit, result: Result | None) -> list[tuple[str, str]]:
    """Return what the reader may do to the result: label and address."""
    if result is None:
        return []
    result.audit = one
    return [
        (str(row.label), reverse("console:result", args=[one.number, name]))
        for name, row in CHANGES.items()
        if result.status in row.sources and not why_not(user, result, name)
    ]


def trail(one: Audit, *, here: bool = False) -> list[dict[str, Any]]:
    """Return the way to an audit, or to a page below it, for `ui/parts/crumbs.html`."""
    way: list[dict[str, Any]] = [{"label": _("Audits"), "url": reverse("console:audits")}]
    if here:
        return way
    return [*way, {"label": one.number, "url": reverse("console:audit", args=[one.number])}]


def tally(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return how many findings there are of each judgement, and of each severity among them."""
    rows = list(findings)
    judged = Counter(row.judgement for row in rows)
    grave = Counter(row.effective_severity for row in rows)
    return {
        "total": len(rows),
        "judgements": [(value, label, judged[value]) for value, label in Judgement.choices],
        "severities": [(value, label, grave[value]) for value, label in Severity.choices],
    }


@for_desks
@form_page
def act(request: UserRequest, number: str, act: str) -> HttpResponse:
    """Do an act that needs no more than a comment; what cannot be undone lists what follows."""
    if act not in SIMPLE:
        raise Http404
    one, what = audit_or_404(request, number), Act(act)
    if not may(request.user, one, TRANSITIONS[what]):
        raise PermissionDenied
    form = ActForm(request.POST or None, audit=one, act=what, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, done(what))
        return redirect("console:audit", number=number)
    if request.method != "POST" and not open_for(one, what):
        return not_now(request, one)
    return render(
        request,
        "audits/console/act.html",
        {
            "audit": one,
            "row": TRANSITIONS[what],
            "target": Status(TRANSITIONS[what].target),
            "consequences": consequences(what, one),
            "form": form,
            "trail": trail(one),
        },
        status=422 if form.errors else 200,
    )


def done(what: Act) -> str:
    """Return the sentence that confirms an act."""
    return _("Done: %(act)s.") % {"act": what.label}
