"""Results: which stand, which are due for renewal, and the acts that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.console.access import audit_or_404, for_desks, form_page
from audits.console.consequences import consequences_of_change
from audits.criteria import criteria_label
from audits.filters import ResultFilter
from audits.forms.results import ChangeForm
from audits.models import Result
from audits.recomputing import hand_out
from audits.services.results import CHANGES, why_not
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value


@require_GET
@for_desks
def results(request: UserRequest) -> HttpResponseBase:
    """List results, those due for renewal first; or download them."""
    rows = (
        Result.objects.visible_to(request.user)
        .select_related("audit__site__supplier", "audit__body")
        .order_by(F("renewal_due_on").asc(nulls_last=True), "-issued_on", "number")
    )
    chosen = ResultFilter(request.GET, rows, request=request)
    if sent := download(request, "orime-results", _header(), lambda: _rows(chosen.qs)):
        return sent
    return render(
        request,
        "audits/console/results.html",
        {
            "filter": chosen,
            "page": paginate(request, chosen.qs),
            "today": timezone.localdate(),
        },
    )


@for_desks
@form_page
def result(request: UserRequest, number: str, change: str) -> HttpResponse:
    """Suspend, reinstate or withdraw an audit's newest result; what follows is listed."""
    if change not in CHANGES:
        raise Http404
    audit = audit_or_404(request, number)
    visible = Result.objects.visible_to(request.user).filter(audit=audit)
    newest = visible.order_by("-revision").first()
    if newest is None:
        raise Http404
    newest.audit = audit
    if sentence := why_not(request.user, newest, change):
        raise PermissionDenied(sentence)
    form = ChangeForm(request.POST or None, result=newest, change=change, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, _("Done: %(act)s.") % {"act": CHANGES[change].label})
        return redirect("console:audit", number=number)
    return render(
        request,
        "audits/console/result.html",
        {
            "audit": audit,
            "result": newest,
            "change": CHANGES[change],
            "consequences": consequences_of_change(change),
            "form": form,
            "trail": [
                {"label": _("Audits"), "url": reverse("console:audits")},
                {"label": number, "url": reverse("console:audit", args=[number])},
            ],
        },
        status=422 if form.errors else 200,
    )


@require_GET
@for_desks
def inputs(request: UserRequest, number: str, revision: int) -> HttpResponse:
    """Hand out what the computed grade of a result follows from, to be computed again."""
    visible = Result.objects.visible_to(request.user).select_related("audit__standard")
    return hand_out(get_object_or_404(visible, audit__number=number, revision=revision))


def _header() -> list[str]:
    return [
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Grade"),
        _("Grading criteria"),
        _("State"),
        _("Issued on"),
        _("Renewal due"),
        _("Expires on"),
        _("Audit body"),
    ]


def _rows(found: object) -> Iterator[list[Value]]:
    for row in in_batches(found):
        yield [
            row.number,
            row.audit.site.supplier.name,
            row.audit.site.name,
            row.get_grade_display(),
            criteria_label(row.official),
            row.get_status_display(),
            row.issued_on,
            row.renewal_due_on,
            row.expires_on,
            row.audit.body.name if row.audit.body else "",
        ]
