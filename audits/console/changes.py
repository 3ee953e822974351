"""Change notices: the list, what waits for a decision first, and the page where one is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_GET

from audits.change_terms import ChangeDecision
from audits.console.access import for_desks, form_page, status_of
from audits.console.audit import trail
from audits.filters import ChangeFilter
from audits.forms.changes import ChangeDecisionForm
from audits.models import Audit, AuditEvent, ChangeNotice, Result
from audits.services.independence import bonds
from audits.services.noticing import may_decide
from audits.timeline import entries
from suppliers.models import SiteProfile
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


@require_GET
@for_desks
def changes(request: UserRequest) -> HttpResponseBase:
    """List change notices: those to be decided first, the earliest date on top; or download them."""
    rows = (
        ChangeNotice.objects.visible_to(request.user)
        .select_related("site__supplier", "audit__secretariat")
        .order_by(F("decided_at").desc(nulls_first=True), "due_on", "pk")
    )
    chosen = ChangeFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-changes", _header(), lambda: _rows(chosen.qs)):
        return sent
    return render(
        request,
        "audits/console/changes.html",
        {"filter": chosen, "page": paginate(request, chosen.qs)},
    )


def _header() -> list[str]:
    return [
        _("Audit"),
        _("Supplier"),
        _("Site"),
        _("what changes"),
        _("from which day"),
        _("reported at"),
        _("To be decided by"),
        _("State"),
        _("Decided at"),
        _("Reason"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.audit.number,
            row.site.supplier.name,
            row.site.name,
            row.get_kind_display(),
            row.starts_on,
            row.declared_at,
            row.due_on,
            row.get_decision_display() or pgettext("change", "to be decided"),
            row.decided_at,
            row.reason,
        ]


@for_desks
@form_page
def change(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one change beside what the site was and is; decide on it."""
    one = get_object_or_404(
        ChangeNotice.objects.visible_to(request.user).select_related("declared_by", "decided_by"),
        pk=pk,
    )
    visible = Audit.objects.visible_to(request.user).with_people().select_related("profile")
    audit = get_object_or_404(visible, pk=one.audit_id)
    decides = may_decide(request.user, one, audit) and not one.is_settled
    if request.method == "POST" and not may_decide(request.user, one, audit):
        raise PermissionDenied
    form = ChangeDecisionForm(
        request.POST if request.method == "POST" else None, notice=one, actor=request.user
    )
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(
            request,
            _("Decided: %(decision)s. The supplier is told.")
            % {"decision": ChangeDecision(form.cleaned_data["decision"]).label},
        )
        return redirect("console:change", pk=pk)
    events = AuditEvent.objects.visible_to(request.user).filter(audit=audit)
    profiles = SiteProfile.objects.visible_to(request.user)
    return render(
        request,
        "audits/console/change.html",
        {
            "notice": one,
            "audit": audit,
            "result": Result.objects.visible_to(request.user)
            .filter(audit=audit)
            .order_by("revision")
            .last(),
            "audited": audit.profile,
            "latest": profiles.latest_of(audit.site),
            "form": form if decides else None,
            "obstacles": list(bonds(request.user, audit, decides=True)) if decides else [],
            "timeline": entries(
                events.filter(payload__notice=str(one.pk))
                .select_related("actor")
                .order_by("-sequence")
            ),
            "trail": trail(audit),
        },
        status=status_of(form.errors),
    )
