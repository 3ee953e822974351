"""An offer of a place in a team: read, accept with the declaration, or decline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits import policies
from audits.forms.offers import AcceptForm, DeclineForm
from audits.models import Audit, TeamMember
from audits.services.offers import past_offer
from audits.terms import Answer, Status

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: UserRequest, number: str) -> HttpResponse:
    """Show what is offered and take the answer; `answer` in the form says which one.

    An offer that is over is told of as such: links to it stay in notices and e-mails.
    """
    visible = Audit.objects.visible_to(request.user).with_people().select_related("profile")
    audit = visible.filter(number=number).first()
    member = policies.member_of(request.user, audit) if audit else None
    if audit is None or member is None:
        return _over(request, number, seen=audit is not None)
    declining = request.POST.get("answer") == "decline"
    sent = request.POST if request.method == "POST" else None
    accept = AcceptForm(None if declining else sent, member=member)
    decline = DeclineForm(sent if declining else None, member=member)
    if sent is not None and (answered := _answer(request, accept, decline, declining=declining)):
        return answered
    return render(
        request,
        "audits/portal/auditor/offer.html",
        {
            "audit": audit,
            "member": member,
            "open": member.answer == Answer.OFFERED
            and audit.status == Status.TEAM_PROPOSED
            and not member.lapsed,
            "late": member.lapsed,
            "accept": accept,
            "decline": decline,
        },
    )


def _over(request: UserRequest, number: str, *, seen: bool) -> HttpResponse:
    past = past_offer(request.user, number)
    if past is None and seen:
        raise PermissionDenied
    if past is None:
        raise Http404
    # Who sends an answer that comes too late reads the same, and that nothing was done.
    status = 409 if request.method == "POST" else 200
    return render(request, "audits/portal/auditor/offer_past.html", {"offer": past}, status=status)


def _answer(
    request: UserRequest, accept: AcceptForm, decline: DeclineForm, *, declining: bool
) -> HttpResponse | None:
    form = decline if declining else accept
    if not form.is_valid():
        return None
    member: TeamMember | None = form.save(actor=request.user)
    if member is None:
        return None
    if declining:
        messages.success(request, _("You declined. The coordinator was given your reason."))
        return redirect("portal:today")
    if member.declared_conflict:
        messages.warning(
            request,
            _("You accepted and declared a possible conflict. The coordinator decides about it."),
        )
    else:
        messages.success(request, _("You accepted. The visit is fixed once all have answered."))
    return redirect("portal:audit", number=member.audit.number)
