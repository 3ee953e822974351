"""The record: search it, and verify that nobody changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import policies
from audits.console.access import for_desks
from audits.filters import RecordFilter
from audits.models import Audit, AuditEvent
from audits.services.records import verify_records
from audits.terms import Status
from audits.timeline import act_title
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


@for_desks
@require_http_methods(["GET", "HEAD", "POST"])
def records(request: UserRequest) -> HttpResponseBase:
    """Search the record; a POST verifies the chain of one audit, or (owner, observer) of all."""
    visible = AuditEvent.objects.visible_to(request.user).select_related("actor", "audit")
    chosen = RecordFilter(request.GET, visible.order_by("-at", "-pk"), request=request)
    if sent := download(request, "orime-record", _header(), lambda: _rows(chosen.qs)):
        return sent
    page = paginate(request, chosen.qs)
    context: dict[str, Any] = {
        "filter": chosen,
        "page": page,
        "rows": [(event, act_title(event.act)) for event in page.object_list],
        "may_verify_all": _verifies_all(request),
    }
    if request.method == "POST":
        context["verified"] = _verify(request)
    return render(request, "audits/console/records.html", context)


def _verifies_all(request: UserRequest) -> bool:
    return policies.is_scheme_owner(request.user) or policies.is_observer(request.user)


def _verify(request: UserRequest) -> dict[str, object]:
    """Return how many chains were checked and where they are broken."""
    if "all" in request.POST:
        if not _verifies_all(request):
            raise PermissionDenied
        checked, broken = verify_records()
        return {"checked": checked, "broken": broken, "number": ""}
    number = request.POST.get("number", "").strip().upper()
    audit = get_object_or_404(Audit.objects.visible_to(request.user), number=number)
    checked, broken = verify_records(audit.number)
    return {"checked": checked, "broken": broken, "number": number}


def _header() -> list[str]:
    return [
        _("Number"),
        _("Sequence"),
        _("At"),
        _("By"),
        _("Act"),
        _("To"),
        _("Comment"),
        "SHA-256",
    ]


def _rows(events: object) -> Iterator[list[Value]]:
    for event in in_batches(events):
        yield [
            event.audit.number,
            event.sequence,
            event.at,
            event.actor.name if event.actor else _("automatic"),
            act_title(event.act),
            Status(event.to_status).label if event.to_status in Status.values else "",
            event.comment,
            event.hash,
        ]
