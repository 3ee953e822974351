"""What portal and console share about the corrective action plan; not a view of either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from audits.models import Audit, CorrectiveAction
from reports import policies
from reports.models import ActionPlan, ActionPlanPaper
from reports.reading import as_attachment
from reports.services.papers import lined_up
from reports.services.printing import read_file
from reports.tasks import queue_plan
from ui.paging import paginate

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User

PER_PAGE = 20


def planned_audit(user: User, number: str) -> Audit:
    """Return an audit of which the user sees corrective actions and their papers, or 404."""
    rows = Audit.objects.visible_to(user).with_people()
    audit = get_object_or_404(rows, number=number)
    if not policies.reads_plans(user) or not (
        CorrectiveAction.objects.visible_to(user).filter(finding__audit=audit).exists()
    ):
        raise Http404
    return audit


def ask_for_plan(request: UserRequest, audit: Audit) -> None:
    """Have the plan made as it stands now and say so; PermissionDenied for those who only read."""
    if not policies.makes_plans(request.user, audit):
        raise PermissionDenied
    try:
        queue_plan(actor=request.user, audit=audit)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The corrective action plan is being printed."))


def plans_context(request: UserRequest, audit: Audit) -> dict[str, Any]:
    """Return what the page of an audit's plans shows, newest first."""
    papers = lined_up(ActionPlanPaper.objects.select_related("plan").order_by("-language"))
    rows = (
        ActionPlan.objects.visible_to(request.user)
        .filter(audit=audit)
        .select_related("made_by")
        .prefetch_related(Prefetch("papers", papers))
        .order_by("-created_at", "-pk")
    )
    page = paginate(request, rows, PER_PAGE)
    return {
        "audit": audit,
        "makes": policies.makes_plans(request.user, audit),
        "page": page,
        "unfinished": any(paper.is_unfinished for plan in page for paper in plan.papers.all()),
    }


def ready_paper(user: User, pk: UUID) -> ActionPlanPaper:
    """Return a paper that can be fetched, or 404."""
    rows = ActionPlanPaper.objects.visible_to(user).ready().select_related("plan__audit")
    return get_object_or_404(rows, pk=pk)


def hand_out_plan(row: ActionPlanPaper) -> HttpResponse:
    """Return the file as an attachment, read back and checked; ValidationError when it changed."""
    return as_attachment(read_file(row), row.file_name)
