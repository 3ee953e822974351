"""The application as steps: opened, filled in at leisure, checked, submitted, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.forms.acts import ActForm
from audits.forms.application import DraftForm, OpenForm, TermsForm
from audits.forms.checklist import ChecklistForm
from audits.forms.evidence import ACCEPT, limit_hint
from audits.models import SchemeSettings
from audits.portal.supplier.access import managed_audit
from audits.portal.supplier.steps import (
    MENDED_AT,
    STEPS,
    after,
    draft_page,
    obstacles_of,
    show_step,
)
from audits.services import applying
from audits.services.checklist import checklist_of
from audits.terms import Act, Document
from audits.workflow import BEFORE_VISIT
from suppliers.forms.profiles import ProfileForm
from suppliers.portal.access import managed_suppliers, own_sites, sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit

POSTED = ["GET", "HEAD", "POST"]


@require_http_methods(POSTED)
def open_draft(request: UserRequest) -> HttpResponse:
    """Choose site, kind and route: the draft is opened."""
    managed = managed_suppliers(request.user)
    sites = own_sites(request.user).current().filter(supplier__in=managed)
    form = OpenForm(
        **sent(request),
        actor=request.user,
        sites=sites,
        initial={"site": request.GET.get("site"), "kind": request.GET.get("kind")},
    )
    running = None
    if form.is_valid():
        audit = form.save()
        if audit is not None:
            messages.success(request, _("The draft is kept. You can leave and come back any time."))
            return redirect("portal:apply_profile", number=audit.number)
        running = form.running()
    return render(
        request,
        "audits/portal/supplier/apply.html",
        {
            "form": form,
            "running": running,
            "has_sites": sites.exists(),
            "steps": [{"label": label} for label in STEPS.values()],
            "here": 1,
        },
        status=422 if form.errors else 200,
    )


@draft_page
def edit_wishes(request: UserRequest, audit: Audit) -> HttpResponse:
    """Change purpose, payer and preferred days of the draft."""
    form = DraftForm(**sent(request), actor=request.user, audit=audit)
    if form.is_valid():
        return after(request, form.save(), "portal:apply_wishes")
    return show_step(request, audit, "portal:apply_wishes", "apply_wishes.html", form)


@draft_page
def edit_profile(request: UserRequest, audit: Audit) -> HttpResponse:
    """Write the profile the audit is planned from."""
    form = ProfileForm(**sent(request), site=audit.site)
    if form.is_valid():
        profile = form.save(actor=request.user)
        audit = applying.use_profile(actor=request.user, audit=audit, profile=profile)
        return after(request, audit, "portal:apply_profile")
    return show_step(
        request, audit, "portal:apply_profile", "apply_profile.html", form, sums=form.sums
    )


@draft_page
def edit_documents(request: UserRequest, audit: Audit) -> HttpResponse:
    """Answer for the documents of the checklist; send along those that are ready."""
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ChecklistForm(**posted, actor=request.user, audit=audit)
    if form.is_valid():
        audit = form.save()
        left = sum(document not in audit.documents for document in Document)
        if not form.errors:
            if form.stays:
                return redirect("portal:apply_documents", number=audit.number)
            if left and "later" not in request.POST:
                messages.warning(
                    request,
                    _("Kept. %(count)d documents are not answered yet; choose one answer for each.")
                    % {"count": left},
                )
                return redirect("portal:apply_documents", number=audit.number)
            return after(request, audit, "portal:apply_documents")
    return show_step(
        request,
        audit,
        "portal:apply_documents",
        "apply_documents.html",
        form,
        lines=form.lines(checklist_of(audit, request.user)),
        accept=ACCEPT,
        limit_hint=limit_hint(),
    )


@draft_page
def accept_terms(request: UserRequest, audit: Audit) -> HttpResponse:
    """Read and accept the terms."""
    form = TermsForm(
        **sent(request),
        actor=request.user,
        audit=audit,
        initial={"accept": audit.terms_accepted_at is not None},
    )
    if form.is_valid():
        return after(request, form.save(), "portal:apply_terms")
    return show_step(
        request,
        audit,
        "portal:apply_terms",
        "apply_terms.html",
        form,
        scheme=SchemeSettings.objects.current(),
    )


@draft_page
def check_and_submit(request: UserRequest, audit: Audit) -> HttpResponse:
    """Show everything once more with what is missing and where to mend it; submit."""
    failed = False
    if request.method == "POST":
        try:
            applying.submit(actor=request.user, audit=audit)
        except ValidationError as error:
            if getattr(error, "code", "") == "moved_on":
                raise
            failed = True  # the obstacles are listed below, each with the way to mend it
        else:
            messages.success(
                request, _("The application is submitted. You will see here what comes next.")
            )
            return redirect("portal:our_audit", number=audit.number)
    obstacles = obstacles_of(request, audit)
    return show_step(
        request,
        audit,
        "portal:apply_check",
        "apply_check.html",
        failed=failed,
        obstacles=obstacles,
        missing=[
            {
                "sentence": error.messages[0],
                "url": reverse(MENDED_AT[str(error.code)], kwargs={"number": audit.number}),
                "code": error.code,
                "withdraw": MENDED_AT[str(error.code)] == "portal:our_withdraw",
            }
            for error in obstacles
        ],
        documents=checklist_of(audit, request.user),
    )


@require_http_methods(POSTED)
def withdraw(request: UserRequest, number: str) -> HttpResponse:
    """Withdraw the application, after having read what follows."""
    audit = managed_audit(request, number)
    if audit.status not in BEFORE_VISIT:
        messages.info(request, _("This application can no longer be withdrawn."))
        return redirect("portal:our_audit", number=number)
    form = ActForm(**sent(request), audit=audit, act=Act.WITHDRAW, actor=request.user)
    if form.is_valid() and form.save() is not None:
        messages.success(request, _("The application was withdrawn."))
        return redirect("portal:our_audit", number=number)
    trail = [
        {"label": _("Our audits"), "url": reverse("portal:our_audits")},
        {"label": number, "url": reverse("portal:our_audit", args=[number])},
        {"label": _("Withdraw")},
    ]
    return render(
        request,
        "audits/portal/supplier/withdraw.html",
        {"audit": audit, "form": form, "trail": trail},
        status=422 if form.errors else 200,
    )
