"""Intake: look at an application, accept it for a body or return it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render

from audits.console.access import audit_for, for_desks, form_page, not_now, open_for
from audits.console.audit import done, trail
from audits.forms.acts import ActForm
from audits.forms.intake import AcceptForm
from audits.models import Audit
from audits.services.checklist import checklist_of
from audits.services.perform import refusals
from audits.terms import Act, DocumentAnswer
from audits.workflow import Move
from suppliers.models import Site

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@for_desks
@form_page
def intake(request: UserRequest, number: str) -> HttpResponse:
    """Examine an application; accept it here, or return it through `console:act`."""
    audit = audit_for(request, number, Act.ACCEPT)
    form = AcceptForm(request.POST or None, audit=audit, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, done(Act.ACCEPT))
        return redirect("console:audit", number=number)
    if request.method != "POST" and not open_for(audit, Act.ACCEPT):
        return not_now(request, audit)
    documents = checklist_of(audit, request.user)
    obstacles = [] if form.is_bound else refusals(audit, Move(Act.ACCEPT, request.user))
    return render(
        request,
        "audits/console/intake.html",
        {
            "audit": audit,
            "form": form,
            "return_form": ActForm(audit=audit, act=Act.RETURN, actor=request.user),
            "documents": documents,
            "missing": [line.label for line in documents if line.answer == DocumentAnswer.NONE],
            # That no body is chosen yet is what the form is for.
            "obstacles": [error for error in obstacles if error.code != "body_chosen"],
            "earlier": Audit.objects.visible_to(request.user)
            .filter(site__in=Site.objects.at_place_of(audit.site))
            .exclude(pk=audit.pk)
            .order_by("-created_at")[:5],
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )
