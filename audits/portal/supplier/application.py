"""The application as steps: opened, filled in at leisure, checked, submitted, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from audits.forms.acts import ActForm
from audits.forms.application import DocumentsForm, DraftForm, OpenForm, TermsForm
from audits.models import Audit, SchemeSettings
from audits.portal.supplier.access import managed_audit, own_draft
from audits.portal.supplier.records import shown_events, why_returned
from audits.services import applying
from audits.services.perform import refusals
from audits.terms import Act, Document, DocumentAnswer
from audits.workflow import BEFORE_VISIT, Move
from suppliers.forms.profiles import ProfileForm
from suppliers.portal.access import managed_suppliers, own_sites, sent

if TYPE_CHECKING:
    from accounts.http import UserRequest

STEPS = (
    ("portal:apply_wishes", gettext_lazy("Site and wishes")),
    ("portal:apply_profile", gettext_lazy("Site profile")),
    ("portal:apply_documents", gettext_lazy("Documents")),
    ("portal:apply_terms", gettext_lazy("Terms")),
    ("portal:apply_check", gettext_lazy("Check and submit")),
)
# On which step the refusal of each guard of the submission is mended.
MENDED_AT = {
    "profile_complete": "portal:apply_profile",
    "profile_recent": "portal:apply_profile",
    "documents_answered": "portal:apply_documents",
    "terms_accepted": "portal:apply_terms",
    "no_other_open_audit": "portal:our_withdraw",
}
POSTED = ["GET", "HEAD", "POST"]


@require_http_methods(POSTED)
def open_draft(request: UserRequest) -> HttpResponse:
    """Choose site, kind, secretariat and body: the draft is opened."""
    managed = managed_suppliers(request.user)
    sites = own_sites(request.user).filter(supplier__in=managed)
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
            "steps": [{"label": label} for _page, label in STEPS],
            "here": 1,
        },
        status=422 if form.errors else 200,
    )


def _obstacles(request: UserRequest, audit: Audit) -> list[ValidationError]:
    return refusals(audit, Move(Act.SUBMIT, request.user))


def _step(
    request: UserRequest, audit: Audit, here: int, template: str, form: Any = None, **context: Any
) -> HttpResponse:
    """Answer one step of the draft, with where the others stand."""
    obstacles = context.pop("obstacles", None)
    if obstacles is None:
        obstacles = _obstacles(request, audit)
    unfinished = {MENDED_AT.get(str(error.code), "") for error in obstacles}
    steps = [
        {
            "label": label,
            "url": reverse(page, kwargs={"number": audit.number}),
            "done": page not in unfinished and page != "portal:apply_check",
        }
        for page, label in STEPS
    ]
    trail = [
        {"label": _("Our audits"), "url": reverse("portal:our_audits")},
        {"label": audit.number, "url": reverse("portal:our_audit", args=[audit.number])},
        {"label": _("Application")},
    ]
    context |= {"audit": audit, "form": form, "steps": steps, "here": here, "trail": trail}
    context["returned"] = why_returned(shown_events(request.user, audit))
    failed = context.pop("failed", False) or (form is not None and form.errors)
    return render(
        request, f"audits/portal/supplier/{template}", context, status=422 if failed else 200
    )


def _saved(request: UserRequest, audit: Audit, following: str) -> HttpResponse:
    """Go on to the next step, or away when the draft is to be finished later."""
    if "later" in request.POST:
        messages.success(request, _("The draft is kept. You can leave and come back any time."))
        return redirect("portal:our_audit", number=audit.number)
    return redirect(following, number=audit.number)


def _gone(request: UserRequest, number: str) -> HttpResponse:
    messages.info(request, _("The application was submitted and can no longer be changed."))
    return redirect("portal:our_audit", number=number)


@require_http_methods(POSTED)
def edit_wishes(request: UserRequest, number: str) -> HttpResponse:
    """Change body, purpose, payer and preferred days of the draft."""
    audit = own_draft(request, number)
    if audit is None:
        return _gone(request, number)
    form = DraftForm(**sent(request), actor=request.user, audit=audit)
    if form.is_valid():
        return _saved(request, form.save(), "portal:apply_profile")
    return _step(request, audit, 1, "apply_wishes.html", form)


@require_http_methods(POSTED)
def edit_profile(request: UserRequest, number: str) -> HttpResponse:
    """Write the profile the audit is planned from."""
    audit = own_draft(request, number)
    if audit is None:
        return _gone(request, number)
    form = ProfileForm(**sent(request), site=audit.site)
    if form.is_valid():
        profile = form.save(actor=request.user)
        audit = applying.use_profile(actor=request.user, audit=audit, profile=profile)
        return _saved(request, audit, "portal:apply_documents")
    return _step(request, audit, 2, "apply_profile.html", form, sums=form.sums)


@require_http_methods(POSTED)
def edit_documents(request: UserRequest, number: str) -> HttpResponse:
    """Answer for the documents of the checklist."""
    audit = own_draft(request, number)
    if audit is None:
        return _gone(request, number)
    form = DocumentsForm(**sent(request), actor=request.user, audit=audit)
    if form.is_valid():
        audit = form.save()
        left = sum(document not in audit.documents for document in Document)
        if left and "later" not in request.POST:
            messages.warning(
                request,
                _("Kept. %(count)d documents are not answered yet; choose one answer for each.")
                % {"count": left},
            )
            return redirect("portal:apply_documents", number=number)
        return _saved(request, audit, "portal:apply_terms")
    return _step(request, audit, 3, "apply_documents.html", form)


@require_http_methods(POSTED)
def accept_terms(request: UserRequest, number: str) -> HttpResponse:
    """Read and accept the terms."""
    audit = own_draft(request, number)
    if audit is None:
        return _gone(request, number)
    form = TermsForm(
        **sent(request),
        actor=request.user,
        audit=audit,
        initial={"accept": audit.terms_accepted_at is not None},
    )
    if form.is_valid():
        return _saved(request, form.save(), "portal:apply_check")
    return _step(
        request, audit, 4, "apply_terms.html", form, scheme=SchemeSettings.objects.current()
    )


@require_http_methods(POSTED)
def check_and_submit(request: UserRequest, number: str) -> HttpResponse:
    """Show everything once more with what is missing and where to mend it; submit."""
    audit = own_draft(request, number)
    if audit is None:
        return _gone(request, number)
    failed = False
    if request.method == "POST":
        try:
            applying.submit(actor=request.user, audit=audit)
        except ValidationError:
            failed = True  # the obstacles are listed below, each with the way to mend it
        else:
            messages.success(
                request, _("The application is submitted. You will see here what comes next.")
            )
            return redirect("portal:our_audit", number=number)
    obstacles = _obstacles(request, audit)
    return _step(
        request,
        audit,
        5,
        "apply_check.html",
        failed=failed,
        obstacles=obstacles,
        missing=[
            {
                "sentence": error.messages[0],
                "url": reverse(MENDED_AT[str(error.code)], kwargs={"number": number}),
                "code": error.code,
            }
            for error in obstacles
        ],
        documents=document_answers(audit),
    )


def document_answers(audit: Audit) -> list[tuple[str, str, str]]:
    """Return label, answer in words and tone of each document of the checklist."""
    tones = {DocumentAnswer.READY: "moss", DocumentAnswer.ON_SITE: "indigo"}
    rows = []
    for document in Document:
        given = audit.documents.get(document, "")
        known = given in DocumentAnswer.values
        label = str(DocumentAnswer(given).label) if known else _("not answered yet")
        tone = "" if known else "amber"
        rows.append((str(document.label), label, str(tones.get(given, tone))))
    return rows


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
