"""The documents of an audit for its team: the list with its counts, and one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from audits import policies
from audits.forms.documents import ACCEPTED, AskForm, FlagForm, TickedForm
from audits.portal.auditor.places import audit_of, trail
from audits.portal.documents import documents_of, item_of, list_context, requirements_of
from audits.services.document_list import TEAMS_TURN
from audits.terms import DocumentState

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

# The same address with nothing after it, whatever was filtered.
ASK = "ask"


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: UserRequest, number: str) -> HttpResponse:
    """List the documents by state; accept those that are ticked, or ask for a further one."""
    audit = audit_of(request, number)
    judging = policies.judges_documents(request.user, audit)
    if request.method == "POST" and not policies.is_accepted(request.user, audit):
        raise PermissionDenied
    asking = request.POST.get("act") == ASK
    ask = AskForm(request.POST if asking else None, actor=request.user, audit=audit)
    ticked = TickedForm(
        {"said": ACCEPTED} if request.method == "POST" and not asking else None,
        actor=request.user,
        audit=audit,
        ticked=request.POST.getlist("key"),
    )
    if ask.is_valid() and ask.save():
        messages.success(request, _("The supplier has been asked for “%s”.") % ask.made.name)
        return redirect("portal:documents", number=number)
    if ticked.is_valid() and ticked.save():
        messages.success(request, _accepted(len(ticked.made)))
        return redirect(request.get_full_path())
    listed = documents_of(request, audit)
    return render(
        request,
        "audits/portal/auditor/documents.html",
        {
            "audit": audit,
            **list_context(request, listed),
            "waiting": listed.teams_turn,
            "judging": judging,
            "ask": ask,
            "ticked": ticked,
            "trail": trail(audit, _("Documents for the audit")),
        },
        status=422 if ask.errors or ticked.errors else 200,
    )


def _accepted(count: int) -> str:
    return ngettext(
        "%(count)d document was accepted.", "%(count)d documents were accepted.", count
    ) % {"count": count}


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: UserRequest, number: str, key: str) -> HttpResponse:
    """Show one document with its files and the requirements it serves; accept or flag it."""
    audit = audit_of(request, number)
    listed = documents_of(request, audit)
    item = item_of(listed, key)
    if request.method == "POST" and not policies.is_accepted(request.user, audit):
        raise PermissionDenied
    accept: TickedForm | None = None
    one: dict[str, Any] = {"actor": request.user, "audit": audit, "key": key}
    flag = FlagForm(**one)
    if request.method == "POST" and request.POST.get("verdict") == ACCEPTED:
        accept = TickedForm({"said": ACCEPTED}, actor=request.user, audit=audit, ticked=[key])
        if accept.is_valid() and accept.save():
            messages.success(request, _("The document was accepted."))
            # The list as it was read before: the document just accepted is behind us.
            following = listed.next_waiting(key, TEAMS_TURN)
            if following is None:
                return redirect("portal:documents", number=number)
            return redirect("portal:document", number=number, key=following.key)
    elif request.method == "POST":
        flag = FlagForm(request.POST, **one)
        if flag.is_valid() and flag.save():
            messages.success(request, _("The supplier was told what is missing."))
            return redirect("portal:document", number=number, key=key)
    failed = flag.errors or (accept is not None and accept.errors)
    return render(
        request,
        "audits/portal/auditor/document.html",
        {
            "audit": audit,
            "item": item,
            "requirements": requirements_of(audit, item),
            "judging": policies.judges_documents(request.user, audit),
            "answered": item.state != DocumentState.ASKED,
            "accept": accept,
            "flag": flag,
            "following": listed.next_waiting(key, TEAMS_TURN),
            "trail": [
                *trail(audit, _("Documents for the audit"))[:-1],
                {"label": _("Documents for the audit"), "url": "../"},
                {"label": item.name},
            ],
        },
        status=422 if failed else 200,
    )
