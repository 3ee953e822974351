"""The page on which a supplier looks at the proposed team, agrees or objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audits.forms.acts import ActForm
from audits.portal.supplier.access import managed_audit, own_audit
from audits.services.teams import agree_team
from audits.terms import Act, Answer, Status
from suppliers import policies as suppliers
from suppliers.portal.access import sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

NO_TEAM = (Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED)


@require_http_methods(["GET", "HEAD", "POST"])
def show_team(request: UserRequest, number: str) -> HttpResponse:
    """Show the team; a POST objects to it with a reason."""
    audit = (managed_audit if request.method == "POST" else own_audit)(request, number)
    if audit.status in NO_TEAM and request.method != "POST":
        messages.info(request, _("No team has been proposed yet."))
        return redirect("portal:our_audit", number=number)
    manages = suppliers.manages(request.user, audit.site.supplier)
    undecided = (
        audit.status == Status.TEAM_PROPOSED
        and audit.team_agreed_at is None
        and not audit.is_overdue
    )
    form = ActForm(**sent(request), audit=audit, act=Act.OBJECT, actor=request.user)
    form.fields["comment"].help_text = _(
        "Say what ties somebody to your company or a competitor, or why you doubt the impartiality. "
        "The coordinator reads it and proposes a new team."
    )
    if form.is_valid() and form.save() is not None:
        messages.success(request, _("Your objection was sent. A new team will be proposed."))
        return redirect("portal:our_audit", number=number)
    return render(
        request,
        "audits/portal/supplier/team.html",
        {
            "audit": audit,
            "team": [place for place in audit.team.all() if place.answer != Answer.DECLINED],
            "form": form,
            "undecided": undecided and manages,
            "trail": [
                {"label": _("Our audits"), "url": reverse("portal:our_audits")},
                {"label": number, "url": reverse("portal:our_audit", args=[number])},
                {"label": _("Audit team")},
            ],
        },
        status=422 if form.errors else 200,
    )


@require_POST
def agree(request: UserRequest, number: str) -> HttpResponse:
    """Agree to the team before the time to object is over."""
    audit = managed_audit(request, number)
    try:
        agree_team(actor=request.user, audit=audit)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You agreed to the team. The days of the visit come next."))
    return redirect("portal:our_audit", number=number)
