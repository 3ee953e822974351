"""The steps of an application, and the frame that their pages share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from audits.portal.supplier.access import own_draft
from audits.portal.supplier.records import shown_events, why_returned
from audits.services.perform import refusals
from audits.terms import Act
from audits.workflow import Move

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit

STEPS = {
    "portal:apply_wishes": gettext_lazy("Site and wishes"),
    "portal:apply_profile": gettext_lazy("Site profile"),
    "portal:apply_documents": gettext_lazy("Documents"),
    "portal:apply_terms": gettext_lazy("Terms"),
    "portal:apply_route": gettext_lazy("Who audits"),
    "portal:apply_check": gettext_lazy("Check and submit"),
}
PAGES = list(STEPS)
# On which step the refusal of each guard of the submission is mended.
MENDED_AT = {
    "profile_complete": "portal:apply_profile",
    "profile_recent": "portal:apply_profile",
    "documents_answered": "portal:apply_documents",
    "terms_accepted": "portal:apply_terms",
    "route_open": "portal:apply_route",
    # Nothing in the draft mends these: it is withdrawn.
    "no_other_open_audit": "portal:our_withdraw",
    "follow_up_has_something_to_follow": "portal:our_withdraw",
}


def draft_page(
    view: Callable[[UserRequest, Audit], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give a page the draft of its number; lead away once it was submitted, were it this moment."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: UserRequest, number: str) -> HttpResponse:
        audit = own_draft(request, number)
        if audit is not None:
            try:
                return view(request, audit)
            except ValidationError as error:
                # A second click, or a colleague in another tab.
                if getattr(error, "code", "") != "moved_on":
                    raise
        messages.info(request, _("The application was submitted and can no longer be changed."))
        return redirect("portal:our_audit", number=number)

    return page


def obstacles_of(request: UserRequest, audit: Audit) -> list[ValidationError]:
    """Return what keeps the draft from being submitted."""
    return refusals(audit, Move(Act.SUBMIT, request.user))


def show_step(
    request: UserRequest, audit: Audit, page: str, template: str, form: Any = None, **context: Any
) -> HttpResponse:
    """Answer one step of the draft, with where the others stand."""
    obstacles = context.pop("obstacles", None)
    if obstacles is None:
        obstacles = obstacles_of(request, audit)
    unfinished = {MENDED_AT.get(str(error.code), "") for error in obstacles}
    context |= {
        "audit": audit,
        "form": form,
        "steps": [
            {
                "label": label,
                "url": reverse(step, kwargs={"number": audit.number}),
                "done": step not in unfinished and step != PAGES[-1],
            }
            for step, label in STEPS.items()
        ],
        "here": PAGES.index(page) + 1,
        "trail": [
            {"label": _("Our audits"), "url": reverse("portal:our_audits")},
            {"label": audit.number, "url": reverse("portal:our_audit", args=[audit.number])},
            {"label": _("Application")},
        ],
        "returned": why_returned(shown_events(request.user, audit)),
    }
    failed = context.pop("failed", False) or (form is not None and form.errors)
    return render(
        request, f"audits/portal/supplier/{template}", context, status=422 if failed else 200
    )


def after(request: UserRequest, audit: Audit, page: str) -> HttpResponse:
    """Go on to the step after a page, or away when the draft is to be finished later."""
    if "later" in request.POST:
        messages.success(request, _("The draft is kept. You can leave and come back any time."))
        return redirect("portal:our_audit", number=audit.number)
    return redirect(PAGES[PAGES.index(page) + 1], number=audit.number)
