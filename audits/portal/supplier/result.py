"""The page of a result: the grade, why it is this one, and what was found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.models import Appeal, Finding, Result
from audits.portal.supplier.access import own_actions, own_audit
from audits.portal.supplier.facts import trail_to
from audits.recomputing import hand_out, regrade
from audits.result_states import meaning
from audits.services.appealing import last_day, why_not
from audits.services.assessment import computed_lift
from audits.standards.explanations import explain, explain_lift
from audits.terms import Judgement, ResultStatus
from audits.weaving import cells

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

GRADE_TONES = {"A": "moss", "B": "indigo", "none": "red"}
STATUS_TONES = {
    ResultStatus.VALID: "moss",
    ResultStatus.SUSPENDED: "amber",
    ResultStatus.SUPERSEDED: "",
    ResultStatus.EXPIRED: "",
}


@require_GET
def show_result(request: UserRequest, number: str) -> HttpResponse:
    """Show the newest result of the audit, its explanation and the weave."""
    audit = own_audit(request, number)
    results = Result.objects.visible_to(request.user).filter(audit=audit).order_by("-revision")
    result, *earlier = results or [None]
    if result is None:
        raise Http404
    appeals = Appeal.objects.visible_to(request.user).filter(result__audit=audit)
    findings = list(
        Finding.objects.visible_to(request.user).filter(audit=audit).in_order().with_origin()
    )
    lift = computed_lift(audit)
    actions = {
        action.finding_id: action
        for action in own_actions(request.user).filter(finding__audit=audit)
    }
    counts = Counter(finding.judgement for finding in findings)
    return render(
        request,
        "audits/portal/supplier/result.html",
        {
            "audit": audit,
            "result": result,
            "grade_tone": GRADE_TONES[result.grade],
            "status_tone": STATUS_TONES.get(ResultStatus(result.status), "red"),
            "state_sentence": meaning(result.status),
            "reasons": explain(regrade(result.inputs)),
            "lift": explain_lift(lift) if lift else (),
            "cells": cells(findings),
            "counts": [
                (judgement.label, counts[judgement]) for judgement in Judgement if counts[judgement]
            ],
            "nonconforming": [
                (finding, actions.get(finding.pk))
                for finding in findings
                if finding.judgement == Judgement.NONCONFORMING
            ],
            "earlier_results": earlier,
            "appealed": appeals.exists(),
            "under_appeal": appeals.open().filter(result=result).first(),
            "no_appeal": why_not(result, audit),
            "appeal_until": last_day(result),
            "trail": trail_to(audit, _("Result")),
        },
    )


@require_GET
def inputs(request: UserRequest, number: str, revision: int) -> HttpResponse:
    """Hand out what the computed grade follows from, so that anybody can compute it again."""
    audit = own_audit(request, number)
    visible = Result.objects.visible_to(request.user).select_related("audit__standard")
    return hand_out(get_object_or_404(visible, audit=audit, revision=revision))
