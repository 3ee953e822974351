"""The page of one audit for its team, and the acts that need no more than a confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from audits import policies
from audits.forms.acts import ActForm
from audits.models import Alert, AuditEvent
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.sheets import Sheet
from audits.services.document_list import DocumentList
from audits.services.perform import available, refusals
from audits.terms import WRITABLE, Act, Actor
from audits.timeline import entries
from audits.workflow import TRANSITIONS, Move

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit

# The page on which the lead does each act.
PAGES = {
    Act.START: "portal:audit_act",
    Act.FINISH_VISIT: "portal:closing",
    Act.SIGN: "portal:signature",
    Act.ABORT: "portal:audit_act",
}
CONSEQUENCES: dict[str, list[Any]] = {
    Act.START: [
        gettext_lazy("Today becomes the first day of the audit; the supplier sees that it began."),
        gettext_lazy("The site profile is frozen: head-counts no longer change for this audit."),
        gettext_lazy("The team can record findings and evidence until the report is signed."),
    ],
    Act.ABORT: [
        gettext_lazy("The audit ends without a result and cannot be taken up again."),
        gettext_lazy("Findings and evidence are kept, but nobody can change them any more."),
        gettext_lazy("The secretariat, the audit body and the supplier read your reason."),
    ],
}


@require_GET
def audit_page(request: UserRequest, number: str) -> HttpResponse:
    """Show where the audit stands, what can be done now, the team, the facts, the record."""
    audit = audit_of(request, number)
    member = policies.member_of(request.user, audit)
    events = (
        AuditEvent.objects.visible_to(request.user)
        .filter(audit=audit)
        .exclude(act__in=("read_evidence", "read_interview_note"))
        .select_related("actor")
        .order_by("-sequence")
    )
    return render(
        request,
        "audits/portal/auditor/audit.html",
        {
            "audit": audit,
            "member": member,
            "trail": trail(audit),
            "acts": _buttons(audit, request),
            "entries": entries(events[:40]),
            "more_events": max(events.count() - 40, 0),
            "sheet": Sheet(audit, request.user),
            "writable": audit.status in WRITABLE,
            "leads": Actor.LEAD in policies.capacities(request.user, audit),
            "alerts": Alert.objects.visible_to(request.user).filter(audit=audit),
            "samples": audit.samples.all(),
            "listed": DocumentList(audit, request.user) if audit.standard_id else None,
        },
    )


def _buttons(audit: Audit, request: UserRequest) -> list[dict[str, Any]]:
    """Return the acts open to the lead, each with its page; other doors have their own."""
    return [
        {
            "row": row,
            "url": reverse(PAGES[row.act], args=[audit.number, row.act])
            if PAGES[row.act] == "portal:audit_act"
            else reverse(PAGES[row.act], args=[audit.number]),
        }
        for row in available(audit, request.user)
        if row.act in PAGES and Actor.LEAD in row.actors
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def audit_act(request: UserRequest, number: str, act: str) -> HttpResponse:
    """Ask for confirmation with the consequences, and start or abort the audit."""
    if act not in CONSEQUENCES:
        raise Http404
    row = TRANSITIONS[Act(act)]
    audit = audit_of(request, number, *row.actors)
    if row not in available(audit, request.user):
        if request.method == "POST":
            messages.error(request, _("The audit has moved on in the meantime. Look at it again."))
            return redirect("portal:audit", number=number)
        raise PermissionDenied(_("This cannot be done in the state the audit is in now."))
    sent = {"data": request.POST} if request.method == "POST" else {}
    form = ActForm(audit=audit, act=row.act, actor=request.user, **sent)
    if request.method == "POST" and form.is_valid() and form.save():
        if row.act == Act.START:
            messages.success(request, _("The audit has begun. Findings can be recorded now."))
            return redirect("portal:fieldwork", number=number)
        messages.success(request, _("The audit was aborted; the secretariat has been told."))
        return redirect("portal:audit", number=number)
    obstacles = refusals(audit, Move(row.act, request.user))
    return render(
        request,
        "audits/portal/auditor/act.html",
        {
            "audit": audit,
            "row": row,
            "form": form,
            "consequences": CONSEQUENCES[act],
            "obstacles": [sentence for error in obstacles for sentence in error.messages],
            "trail": trail(audit, str(row.act.label)),
        },
    )
