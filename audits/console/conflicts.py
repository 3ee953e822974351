"""The page on which the secretariat settles a conflict of interest found after the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audits.console.access import audit_or_404, for_desks, form_page, not_now, status_of
from audits.console.audit import trail
from audits.forms.settling import SettleConflictForm
from audits.services.conflicts import conflicts_of
from audits.services.settling import is_open, may_settle, never

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@for_desks
@form_page
def settle_conflict(request: UserRequest, number: str) -> HttpResponse:
    """Show what was found, and settle it with a reason; what cannot be settled is said instead."""
    audit = audit_or_404(request, number)
    if not may_settle(request.user, audit):
        raise PermissionDenied(
            _("A conflict of interest is settled by an administrator of the secretariat.")
        )
    sent = request.method == "POST"
    if not sent and not is_open(audit):
        return not_now(request, audit)
    form = SettleConflictForm(request.POST if sent else None, audit=audit, actor=request.user)
    if sent and form.is_valid() and form.save():
        messages.success(request, _("The conflict of interest is settled."))
        return redirect("console:audit", number=number)
    return render(
        request,
        "audits/console/conflict.html",
        {
            "audit": audit,
            "conflicts": conflicts_of(audit),
            "never": never(audit),
            "form": form,
            "trail": trail(audit),
        },
        status=status_of(form.errors),
    )
