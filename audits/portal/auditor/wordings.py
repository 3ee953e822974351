"""Earlier wordings of a requirement, asked for from a card: a part of it, or a page to copy from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from audits.models import Finding
from audits.portal.auditor.places import audit_of, trail
from audits.services.wordings import wordings_for
from audits.terms import Judgement

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_GET
@never_cache
def wordings(request: UserRequest, number: str, code: str) -> HttpResponse:
    """Show how the body worded the requirement before, under the judgement that is chosen now."""
    audit = audit_of(request, number)
    finding = get_object_or_404(
        Finding.objects.visible_to(request.user).select_related("requirement"),
        audit=audit,
        requirement__code=code,
    )
    finding.audit = audit
    judgement = request.GET.get("judgement", "")
    judgement = judgement if judgement in Judgement.values else finding.judgement
    found = wordings_for(actor=request.user, finding=finding, judgement=judgement)
    part = "wordings_part" if request.htmx else "wordings"
    return render(
        request,
        f"audits/portal/auditor/{part}.html",
        {
            "audit": audit,
            "requirement": finding.requirement,
            "judgement": judgement,
            "label": Judgement(judgement).label,
            "wordings": found,
            "card": reverse("portal:card", args=[number, code]),
            "trail": [*trail(audit, _("Earlier wordings"))],
        },
    )
