"""The documents of an audit for its supplier: what is asked for, and sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from audits import policies
from audits.forms.documents import AnswerForForm, SendForm, TickedForm
from audits.forms.evidence import ACCEPT, limit_hint
from audits.portal.documents import documents_of, item_of, list_context, requirements_of
from audits.portal.supplier.access import own_audit
from audits.services.document_list import SUPPLIERS_TURN
from suppliers import policies as suppliers

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.services.document_list import DocumentList


def _sends(request: UserRequest, audit: Audit) -> bool:
    return suppliers.manages(request.user, audit.site.supplier)


def _trail(audit: Audit, *more: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("Our audits"), "url": reverse("portal:our_audits")},
        {"label": audit.number, "url": reverse("portal:our_audit", args=[audit.number])},
        *more,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def list_documents(request: UserRequest, number: str) -> HttpResponse:
    """List what the auditors want to see; answer for those that are ticked."""
    audit = own_audit(request, number)
    sends = _sends(request, audit)
    if request.method == "POST" and not sends:
        raise PermissionDenied
    form = TickedForm(
        request.POST if request.method == "POST" else None,
        actor=request.user,
        audit=audit,
        ticked=request.POST.getlist("key"),
    )
    if form.is_valid() and form.save():
        messages.success(request, _answered(len(form.made)))
        return redirect(request.get_full_path())
    listed = documents_of(request, audit)
    return render(
        request,
        "audits/portal/supplier/requested.html",
        {
            "audit": audit,
            **list_context(request, listed),
            "waiting": listed.suppliers_turn,
            "open_now": sends and policies.takes_documents(audit),
            "closed": audit.signed_at is not None,
            "ticked": form,
            "trail": _trail(audit, {"label": _("Documents for the audit")}),
        },
        status=422 if form.errors else 200,
    )


def _answered(count: int) -> str:
    return ngettext(
        "Answered for %(count)d document.", "Answered for %(count)d documents.", count
    ) % {"count": count}


@require_http_methods(["GET", "HEAD", "POST"])
def show_document(request: UserRequest, number: str, key: str) -> HttpResponse:
    """Show one document and what it is for; send files for it, or answer that there are none."""
    audit = own_audit(request, number)
    listed = documents_of(request, audit)
    item = item_of(listed, key)
    sends = _sends(request, audit)
    if request.method == "POST" and not sends:
        raise PermissionDenied
    send = SendForm()
    one: dict[str, Any] = {"actor": request.user, "audit": audit, "key": key}
    answer = AnswerForForm(initial={"remark": item.row.remark if item.row else ""}, **one)
    if request.method == "POST" and "answer" in request.POST:
        answer = AnswerForForm(request.POST, **one)
        if answer.is_valid() and answer.save():
            messages.success(request, _("Your answer was kept."))
            return _on(listed, number, key)
    elif request.method == "POST":
        send = SendForm(request.POST, request.FILES)
        kept = send.save(actor=request.user, audit=audit, key=key) if send.is_valid() else []
        if kept:
            messages.success(
                request,
                ngettext("%(count)d file was sent.", "%(count)d files were sent.", len(kept))
                % {"count": len(kept)},
            )
        if not send.errors:
            return redirect("portal:our_document", number=number, key=key)
        listed = documents_of(request, audit)
        item = item_of(listed, key)
    return render(
        request,
        "audits/portal/supplier/requested_one.html",
        {
            "audit": audit,
            "item": item,
            "requirements": requirements_of(audit, item),
            "open_now": sends and policies.takes_documents(audit),
            "closed": audit.signed_at is not None,
            "send": send,
            "answer": answer,
            "accept": ACCEPT,
            "limit_hint": limit_hint(),
            "following": listed.next_waiting(key, SUPPLIERS_TURN),
            "trail": _trail(
                audit, {"label": _("Documents for the audit"), "url": "../"}, {"label": item.name}
            ),
        },
        status=422 if send.errors or answer.errors else 200,
    )


def _on(listed: DocumentList, number: str, key: str) -> HttpResponse:
    """Lead on to the next document that waits, or back to the list."""
    following = listed.next_waiting(key, SUPPLIERS_TURN)
    if following is None:
        return redirect("portal:our_documents", number=number)
    return redirect("portal:our_document", number=number, key=following.key)
