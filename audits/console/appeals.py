"""Appeals: the list, the next to be decided first, and the page where one is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_GET

from audits.console.access import for_desks, form_page
from audits.console.audit import trail
from audits.criteria import criteria_label
from audits.filters import AppealFilter
from audits.forms.contested import AppealDecisionForm
from audits.models import Appeal, Audit, Finding
from audits.revisions import revised
from audits.services.appealing import dependences, may_decide, why_no_revision
from audits.services.revising import grade_after
from audits.terms import GradeLetter
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


@require_GET
@for_desks
def appeals(request: UserRequest) -> HttpResponseBase:
    """List appeals: those to be decided first, the earliest date on top; or download them."""
    rows = (
        Appeal.objects.visible_to(request.user)
        .select_related("result__audit__site__supplier", "result__audit__secretariat")
        .order_by(F("decided_at").desc(nulls_first=True), "due_on", "pk")
    )
    chosen = AppealFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-appeals", _header(), lambda: _rows(chosen.qs)):
        return sent
    return render(
        request,
        "audits/console/appeals.html",
        {"filter": chosen, "page": paginate(request, chosen.qs)},
    )


def _header() -> list[str]:
    return [
        _("Result"),
        _("Supplier"),
        _("Site"),
        _("Grade"),
        _("Grading criteria"),
        _("Raised at"),
        _("To be decided by"),
        _("State"),
        _("Decided at"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.result.number,
            row.result.audit.site.supplier.name,
            row.result.audit.site.name,
            row.result.get_grade_display(),
            criteria_label(row.result.official),
            row.raised_at,
            row.due_on,
            {
                None: pgettext("appeal", "to be decided"),
                True: pgettext("appeal", "upheld"),
                False: pgettext("appeal", "dismissed"),
            }[row.upheld],
            row.decided_at,
        ]


@for_desks
@form_page
def appeal(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one appeal with what it contests; try out changes, dismiss or uphold it."""
    one = get_object_or_404(
        Appeal.objects.visible_to(request.user).select_related(
            "result__superseded_by", "raised_by", "decided_by"
        ),
        pk=pk,
    )
    audit = get_object_or_404(
        Audit.objects.visible_to(request.user).with_people(), pk=one.result.audit_id
    )
    findings = list(Finding.objects.visible_to(request.user).filter(audit=audit).in_order())
    decides = may_decide(request.user, audit)
    form = AppealDecisionForm(
        request.POST if request.method == "POST" else None,
        appeal=one,
        findings=findings,
        actor=request.user,
    )
    preview = None
    if request.method == "POST":
        if not decides:
            raise PermissionDenied
        valid, do = form.is_valid(), request.POST.get("do")
        if valid and do == "preview":
            preview = grade_after(audit, form.changes)
        elif valid and do in ("uphold", "dismiss") and form.decided(upheld=do == "uphold"):
            messages.success(
                request,
                _("The appeal is upheld; a new revision is issued.")
                if do == "uphold"
                else _("The appeal is dismissed."),
            )
            return redirect("console:appeal", pk=pk)
    is_open = one.decided_at is None
    return render(
        request,
        "audits/console/appeal.html",
        {
            "appeal": one,
            "result": one.result,
            "audit": audit,
            "form": form if decides and is_open else None,
            "obstacles": dependences(request.user, audit) if decides and is_open else [],
            "no_revision": why_no_revision(request.user, audit) if decides and is_open else [],
            "preview": preview,
            "preview_grade": GradeLetter(preview.grade) if preview else None,
            "changes": revised(one, findings),
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )
