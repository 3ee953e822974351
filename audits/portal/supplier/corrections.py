"""The supplier's corrective actions: the list, and one page for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits.forms.corrections import ActionsFilter, PlanForm, ShownForm, StepForm
from audits.portal.supplier.access import (
    BEING_CHECKED,
    SUPPLIERS_TURN,
    awaiting_a_plan,
    own_actions,
)
from audits.portal.supplier.facts import TONES as SEVERITY_TONES
from audits.portal.supplier.records import entries, events_of_action
from audits.services.correction_files import takes_files
from audits.services.drafting_plans import copy_plan, plan_of, same_elsewhere
from audits.terms import CorrectionStatus
from suppliers import policies as suppliers
from suppliers.portal.access import own_organisations, own_sites
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from audits.models import CorrectiveAction
    from audits.models.corrections import CorrectiveActionQuerySet
    from ui.tables import Value

# What the list can be narrowed to, by the name in the address.
SHOWN: dict[str, Callable[[CorrectiveActionQuerySet], CorrectiveActionQuerySet]] = {
    "awaited": lambda rows: rows.awaited(),
    "ours": lambda rows: rows.filter(status__in=SUPPLIERS_TURN),
    "plan": lambda rows: rows.filter(status=CorrectionStatus.OPEN),
    "carry_out": lambda rows: rows.filter(status=CorrectionStatus.PLAN_ACCEPTED),
    "checked": lambda rows: rows.filter(status__in=BEING_CHECKED),
    "overdue": lambda rows: rows.overdue(),
    "repeat": lambda rows: rows.repeats(),
    "closed": lambda rows: rows.filter(status=CorrectionStatus.CLOSED),
    "all": lambda rows: rows,
}
FORMS: dict[str, type[StepForm]] = {
    CorrectionStatus.OPEN: PlanForm,
    CorrectionStatus.PLAN_ACCEPTED: ShownForm,
}
TONES = {
    CorrectionStatus.OPEN: "amber",
    CorrectionStatus.PLANNED: "indigo",
    CorrectionStatus.PLAN_ACCEPTED: "amber",
    CorrectionStatus.EVIDENCE_SUBMITTED: "indigo",
    CorrectionStatus.CLOSED: "moss",
}
STEPS = (
    (CorrectionStatus.OPEN, gettext_lazy("You write the plan")),
    (CorrectionStatus.PLANNED, gettext_lazy("The plan is checked")),
    (CorrectionStatus.PLAN_ACCEPTED, gettext_lazy("You carry it out")),
    (CorrectionStatus.EVIDENCE_SUBMITTED, gettext_lazy("The evidence is checked")),
    (CorrectionStatus.CLOSED, gettext_lazy("Closed")),
)


@require_GET
def list_actions(request: UserRequest) -> HttpResponseBase:
    """List the own corrective actions, the most urgent first; `?format=csv|xlsx` downloads them."""
    own_organisations(request.user)
    form = ActionsFilter(request.GET, sites=own_sites(request.user).order_by("name_ja", "pk"))
    actions = _filtered(own_actions(request.user), form).select_related(
        "finding__requirement", "finding__audit__site__supplier"
    )
    actions = actions.order_by(
        "close_due_on", "finding__audit__number", "finding__requirement__order"
    )
    if file := download(request, "orime-corrective-actions", _header(), lambda: _lines(actions)):
        return file
    page = paginate(request, actions)
    return render(
        request,
        "audits/portal/supplier/corrections.html",
        {
            "form": form,
            "page": page,
            "rows": [
                (
                    action,
                    TONES.get(CorrectionStatus(action.status), ""),
                    SEVERITY_TONES.get(action.finding.effective_severity, ""),
                    action.status in SUPPLIERS_TURN,
                )
                for action in page
            ],
            "filtered": any(request.GET.get(name) for name in ("q", "audit", "show", "site")),
        },
    )


def _filtered(actions: CorrectiveActionQuerySet, form: ActionsFilter) -> CorrectiveActionQuerySet:
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    if words := given.get("q", "").strip()[:100]:
        actions = actions.filter(
            Q(finding__requirement__code=words)
            | Q(finding__requirement__title_ja__icontains=words)
            | Q(finding__requirement__title_en__icontains=words)
            | Q(finding__audit__site__name_ja__icontains=words)
            | Q(finding__audit__site__name_en__icontains=words)
        )
    if number := given.get("audit", "").strip():
        actions = actions.filter(finding__audit__number=number)
    if site := given.get("site"):
        actions = actions.filter(finding__audit__site=site)
    return SHOWN.get(given.get("show", ""), SHOWN["awaited"])(actions)


def _header() -> list[Value]:
    return [
        _("Audit"), _("Site"), _("Code"), _("Requirement"), _("Severity"), _("Repeat since"), _("Status"),
        _("Plan due"), _("To be closed by"), _("Overdue"), _("Root cause"), _("Correction"),
        _("Prevention"), _("Responsible"), _("What was done"), _("Closed at"),
    ]  # fmt: skip


def _lines(actions: CorrectiveActionQuerySet) -> Iterator[list[Value]]:
    for action in actions:
        yield [
            action.finding.audit.number,
            action.finding.audit.site.name,
            action.finding.requirement.code,
            action.finding.requirement.title,
            severity_label(action),
            action.repeat_since,
            action.get_status_display(),
            action.plan_due_on,
            action.close_due_on,
            action.is_overdue,
            action.root_cause,
            action.correction,
            action.prevention,
            action.responsible,
            action.evidence_note,
            action.closed_at,
        ]


def severity_label(action: CorrectiveAction) -> str:
    """Return the severity of the finding in words."""
    finding = action.finding
    return finding.get_severity_display() or finding.requirement.get_severity_display()


@require_http_methods(["GET", "HEAD", "POST"])
def show_action(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one corrective action; a POST takes the step that waits for the supplier."""
    action = get_object_or_404(
        own_actions(request.user).select_related(
            "finding__requirement__category", "finding__audit__site__supplier"
        ),
        pk=pk,
    )
    audit = action.finding.audit
    manages = suppliers.manages(request.user, audit.site.supplier)
    if request.method == "POST" and not manages:
        raise PermissionDenied
    # The page names the step it shows, so that a form sent twice is not taken for the next one.
    form_class = FORMS.get(action.status)
    form = None
    if form_class is not None and manages:
        wanted = request.POST.get("step") == form_class.step
        given = {"data": request.POST, "files": request.FILES} if wanted else {}
        form = form_class(**given, action=action, actor=request.user)
    if request.method == "POST":
        if form is None or not form.is_bound:
            messages.info(
                request,
                _("This corrective action has moved on in the meantime. Look at it again."),
            )
            return redirect("portal:our_correction", pk=pk)
        if form.is_valid() and form.save():
            messages.success(
                request,
                _("Sent. You will see here when it has been checked.")
                if not form.kept_only
                else _("Kept. Nothing has been sent: go on when you like."),
            )
            return redirect("portal:our_correction", pk=pk)
    place = (
        [status for status, _label in STEPS].index(CorrectionStatus(action.status))
        if any(action.status == status for status, _label in STEPS)
        else len(STEPS)
    )
    events = list(events_of_action(request.user, action))
    steps = [event for event in events if "_escalated_" not in event.act]
    returned = steps[-1] if steps and "_return_" in steps[-1].act else None
    return render(
        request,
        "audits/portal/supplier/correction.html",
        {
            "returned": returned,
            "action": action,
            "files": list(action.files.all()),
            "takes_back": manages and takes_files(action),
            "elsewhere": same_elsewhere(action, awaiting_a_plan(request.user))
            if manages and plan_of(action)
            else [],
            "audit": audit,
            "form": form,
            "tone": TONES.get(CorrectionStatus(action.status), ""),
            "severity": severity_label(action),
            "severity_tone": SEVERITY_TONES.get(action.finding.effective_severity, ""),
            "steps": [
                {"label": label, "done": number < place or action.status == CorrectionStatus.CLOSED}
                for number, (_status, label) in enumerate(STEPS)
            ],
            "here": place + 1,
            "record": entries(events),
            "trail": [
                {"label": _("Corrective actions"), "url": reverse("portal:our_corrections")},
                {"label": f"{audit.number} {action.finding.requirement.code}"},
            ],
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_POST
def copy_to_others(request: UserRequest, pk: UUID) -> HttpResponse:
    """Copy the texts of a plan into the drafts of the same requirement at the sites that were ticked."""
    rows = own_actions(request.user).select_related("finding__audit__site__supplier")
    action = get_object_or_404(rows, pk=pk)
    if not suppliers.manages(request.user, action.finding.audit.site.supplier):
        raise PermissionDenied
    ticked = set(request.POST.getlist("to"))
    targets = [row for row in awaiting_a_plan(request.user) if str(row.pk) in ticked]
    try:
        done, refused = copy_plan(actor=request.user, source=action, targets=targets)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("portal:our_correction", pk=pk)
    if done:
        messages.success(request, copied(done))
    for other, sentences in refused:
        messages.error(request, f"{other.finding.audit.site.name}: {' '.join(sentences)}")
    return redirect("portal:our_correction", pk=pk)


def copied(count: int) -> str:
    """Say in how many drafts something was kept."""
    return ngettext(
        "Kept in %(count)d draft. Nothing has been sent: open it, read it and send it.",
        "Kept in %(count)d drafts. Nothing has been sent: open each, read it and send it.",
        count,
    ) % {"count": count}
