"""The supplier's audits: the list, and one audit in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits import policies
from audits.criteria import criteria_label
from audits.forms.application import AuditsFilter
from audits.models import ClosingMeeting, Result
from audits.portal.supplier.access import own_audit, own_audits, waiting_actions
from audits.portal.supplier.journey import TONES, next_step, timeline
from audits.portal.supplier.records import entries, shown_events, why_returned
from audits.services.checklist import checklist_of
from audits.services.document_list import DocumentList
from audits.terms import Status
from audits.workflow import BEFORE_VISIT
from suppliers import policies as suppliers
from suppliers.portal.access import own_organisations
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.models.audits import AuditQuerySet
    from ui.tables import Value


@require_GET
def list_audits(request: UserRequest) -> HttpResponseBase:
    """List the own audits, filtered and sorted; `?format=csv|xlsx` downloads what is shown."""
    own_organisations(request.user)
    form = AuditsFilter(request.GET)
    audits = _filtered(own_audits(request.user), form)
    audits = audits.select_related("site__supplier", "body", "secretariat")
    if file := download(request, "orime-audits", _header(), lambda: _lines(request, audits)):
        return file
    page = paginate(request, audits)
    shown = list(page)
    waiting = waiting_actions(request.user, shown)
    results = _results(request, shown)
    return render(
        request,
        "audits/portal/supplier/audits.html",
        {
            "form": form,
            "page": page,
            "filtered": any(request.GET.get(name) for name in ("q", "status")),
            "rows": [
                (
                    audit,
                    TONES.get(audit.status, "indigo"),
                    next_step(audit, waiting.get(audit.pk)),
                    results.get(audit.pk),
                )
                for audit in shown
            ],
        },
    )


def _filtered(audits: AuditQuerySet, form: AuditsFilter) -> AuditQuerySet:
    given = form.cleaned_data if form.is_valid() else {}
    if words := given.get("q", "").strip()[:100]:
        audits = audits.filter(
            Q(number__icontains=words)
            | Q(site__name_ja__icontains=words)
            | Q(site__name_en__icontains=words)
        )
    if status := given.get("status"):
        audits = audits.filter(status=status)
    return audits.order_by(*AuditsFilter.ORDERS[given.get("sort") or "new"])


def _results(request: UserRequest, audits: list[Audit]) -> dict[object, Result]:
    rows = Result.objects.visible_to(request.user).filter(audit__in=[each.pk for each in audits])
    return {result.audit_id: result for result in rows.order_by("revision")}


def _header() -> list[Value]:
    return [
        _("Number"), _("Site"), _("Kind"), _("Status"), _("Due"), _("Visit from"),
        _("Visit until"), _("Audit body"), _("Secretariat"), _("Grade"),
        _("State of the result"), _("Grading criteria"), _("Issued on"),
    ]  # fmt: skip


def _lines(request: UserRequest, audits: AuditQuerySet) -> Iterator[list[Value]]:
    shown = list(audits)
    results = _results(request, shown)
    for audit in shown:
        result = results.get(audit.pk)
        yield [
            audit.number,
            audit.site.name,
            audit.get_kind_display(),
            audit.get_status_display(),
            audit.due_on,
            audit.planned_from,
            audit.planned_until,
            audit.body.name if audit.body else "",
            audit.secretariat.name,
            result.get_grade_display() if result else "",
            result.get_status_display() if result else "",
            criteria_label(result.official) if result else "",
            result.issued_on if result else None,
        ]


@require_GET
def show_audit(request: UserRequest, number: str) -> HttpResponseBase:
    """Show one audit: where it stands, what comes next, who acts, by when."""
    audit = own_audit(request, number)
    events = list(shown_events(request.user, audit))
    step = next_step(audit, waiting_actions(request.user, [audit]).get(audit.pk))
    return render(
        request,
        "audits/portal/supplier/audit.html",
        {
            "audit": audit,
            "tone": TONES.get(audit.status, "indigo"),
            "step": step,
            "timeline": timeline(audit, events, step),
            "record": entries(events),
            "returned": why_returned(events),
            # The words of the secretariat; what the auditor wrote stays with the scheme.
            "told_alerts": [event for event in events if event.act == "alert_told"],
            "documents": checklist_of(audit, request.user),
            "listed": DocumentList(audit, request.user) if audit.standard_id else None,
            "takes_documents": policies.takes_documents(audit),
            "team": [place for place in audit.team.all() if place.answer != "declined"],
            "closing": ClosingMeeting.objects.visible_to(request.user)
            .filter(audit=audit)
            .current(),
            "team_shown": audit.status not in (Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED),
            "result": _results(request, [audit]).get(audit.pk),
            "manages": suppliers.manages(request.user, audit.site.supplier),
            "withdrawable": audit.status in BEFORE_VISIT,
            "trail": [
                {"label": _("Our audits"), "url": reverse("portal:our_audits")},
                {"label": audit.number},
            ],
        },
    )
