"""What tablets have sent to an audit, and whether a receipt of it is genuine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.forms.syncing import ReceiptForm
from audits.models import SyncItem
from audits.portal.auditor.places import audit_of, trail
from ui.paging import paginate

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "POST"])
def receipts(request: UserRequest, number: str) -> HttpResponse:
    """List what arrived when, with its hashes; POST checks receipts and changes nothing."""
    audit = audit_of(request, number)
    form = ReceiptForm(request.POST or None, audit=audit)
    checked = form.made if form.is_valid() and form.save() else None
    rows = SyncItem.objects.visible_to(request.user).filter(audit=audit).with_what()
    return render(
        request,
        "audits/portal/auditor/receipts.html",
        {
            "audit": audit,
            "form": form,
            "checked": checked,
            "all_stand": checked is not None and all(one.stands for one in checked),
            "page": paginate(request, rows.order_by("-at", "-pk")),
            "trail": trail(audit, _("Receipts")),
        },
    )
