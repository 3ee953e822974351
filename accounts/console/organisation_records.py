"""The records of organisations: search them, and verify that nobody changed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import policies
from accounts.console.designations import INSTITUTIONS, check
from accounts.filters import OrganisationRecordFilter
from accounts.models import Organisation, OrganisationEvent
from accounts.services.records import verify_organisations
from accounts.timeline import act_title, details
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_records(request: UserRequest) -> HttpResponseBase:
    """Search the records; a POST verifies the chain of one organisation, or (owner, observer) of all."""
    check(request)
    visible = OrganisationEvent.objects.visible_to(request.user)
    rows = visible.select_related("actor", "organisation").order_by("-at", "-pk")
    chosen = OrganisationRecordFilter(request.GET, rows, request=request)
    name = "orime-organisations-record"
    if file := download(request, name, _header(), lambda: _rows(chosen.qs)):
        return file
    page = paginate(request, chosen.qs)
    context: dict[str, Any] = {
        "filter": chosen,
        "page": page,
        "rows": [
            {
                "event": event,
                "title": act_title(event.act),
                "details": details(event),
                "has_page": event.organisation.kind in INSTITUTIONS,
            }
            for event in page.object_list
        ],
        "may_verify_all": _verifies_all(request),
    }
    if request.method == "POST":
        context["verified"] = _verify(request)
    return render(request, "accounts/console/organisation_records.html", context)


def _verifies_all(request: UserRequest) -> bool:
    return policies.is_scheme_owner(request.user) or policies.is_observer(request.user)


def _verify(request: UserRequest) -> dict[str, object]:
    """Return how many chains were checked, of whom, and where they are broken."""
    if "all" in request.POST:
        if not _verifies_all(request):
            raise PermissionDenied
        checked, broken = verify_organisations()
        return {"checked": checked, "broken": broken, "name": ""}
    try:
        pk = UUID(request.POST.get("organisation", ""))
    except ValueError as error:
        raise Http404 from error
    seen = OrganisationEvent.objects.visible_to(request.user).filter(organisation=pk)
    organisation = get_object_or_404(
        Organisation.objects.visible_to(request.user).filter(pk__in=seen.values("organisation")),
        pk=pk,
    )
    checked, broken = verify_organisations(organisation)
    return {"checked": checked, "broken": broken, "name": organisation.name}


def _header() -> list[Value]:
    return [
        _("Organisation"),
        _("Sequence"),
        _("At"),
        _("By"),
        _("Act"),
        _("Details"),
        _("Comment"),
        "SHA-256",
    ]


def _rows(events: Any) -> Iterator[list[Value]]:
    for event in in_batches(events):
        yield [
            event.organisation.name,
            event.sequence,
            event.at,
            event.actor.name if event.actor else _("automatic"),
            act_title(event.act),
            details(event),
            event.comment,
            event.hash,
        ]
