"""The decision: the computed grade line by line, and the result that is issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audits.console.access import audit_for, for_desks, form_page, not_now, open_for
from audits.console.audit import done, tally, trail
from audits.console.consequences import consequences
from audits.forms.acts import ActForm
from audits.forms.decision import DecisionForm, SecondForm
from audits.models import Finding, GradeProposal
from audits.services.assessment import computed_grade, computed_lift
from audits.services.perform import refusals
from audits.standards.explanations import explain, explain_lift
from audits.standards.terms import GradeLetter, Severity
from audits.terms import Act, Judgement
from audits.weaving import cells
from audits.workflow import Move

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.standards.criteria import GradingParameters


@for_desks
@form_page
def decide(request: UserRequest, number: str) -> HttpResponse:
    """Show how the grade comes about; issue the result, or defer to the review."""
    audit = audit_for(request, number, Act.ISSUE)
    if not open_for(audit, Act.ISSUE):
        return not_now(request, audit)
    computed = computed_grade(audit)
    form = DecisionForm(request.POST or None, audit=audit, actor=request.user, computed=computed)
    if request.method == "POST" and form.is_valid() and form.save():
        proposed = _("The grade is proposed. The result is issued when a second person agrees.")
        messages.success(request, proposed if form.proposes else done(Act.ISSUE))
        return redirect("console:audit", number=number)
    return _page(request, audit, form)


@for_desks
@form_page
def second(request: UserRequest, number: str) -> HttpResponse:
    """Answer a proposed grade: agree, which issues the result, or refuse with a reason."""
    audit = audit_for(request, number, Act.ISSUE)
    proposal = _proposal(request, audit)
    if not open_for(audit, Act.ISSUE) or proposal is None:
        return not_now(request, audit)
    form = SecondForm(request.POST or None, proposal=proposal, actor=request.user)
    if request.method == "POST" and form.is_valid():
        agrees = "agree" in request.POST
        if form.answered(agrees=agrees):
            messages.success(
                request, done(Act.ISSUE) if agrees else _("The proposed grade was refused.")
            )
            return redirect("console:audit", number=number)
    return _page(request, audit, None, form)


def _proposal(request: UserRequest, audit: Audit) -> GradeProposal | None:
    rows = GradeProposal.objects.visible_to(request.user).filter(audit=audit).open()
    return rows.select_related("proposed_by").first()


def _page(
    request: UserRequest,
    audit: Audit,
    form: DecisionForm | None,
    second_form: SecondForm | None = None,
) -> HttpResponse:
    computed = computed_grade(audit)
    proposal = _proposal(request, audit)
    form = form or DecisionForm(audit=audit, actor=request.user, computed=computed)
    if proposal is not None and second_form is None:
        second_form = SecondForm(proposal=proposal, actor=request.user)
    findings = list(Finding.objects.visible_to(request.user).filter(audit=audit).in_order())
    better = computed_lift(audit)
    asked = Move(
        Act.ISSUE, request.user, data={"grade": computed.grade, "computed": computed.grade}
    )
    return render(
        request,
        "audits/console/decide.html",
        {
            "audit": audit,
            "form": form,
            "proposal": proposal,
            "proposed_by_me": proposal is not None and proposal.proposed_by_id == request.user.pk,
            "second_form": second_form,
            "defer_form": ActForm(audit=audit, act=Act.DEFER, actor=request.user),
            "computed": computed,
            "grade": GradeLetter(computed.grade),
            "reasons": explain(computed),
            "lift": explain_lift(better) if better else (),
            "rules": _rules(audit.pinned_standard.parameters),
            "standard": audit.pinned_standard,
            "cells": cells(findings),
            "tally": tally(findings),
            "open_points": [
                finding
                for finding in findings
                if finding.judgement in (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)
            ],
            "consequences": consequences(Act.ISSUE, audit),
            "obstacles": [] if form.is_bound or proposal else refusals(audit, asked),
            "trail": trail(audit),
        },
        status=422 if form.errors or (second_form and second_form.errors) else 200,
    )


def _rules(parameters: GradingParameters) -> list[dict[str, object]]:
    """Return the criteria as rows by severity: points, whether it rules out, limits for A and B."""
    return [
        {
            "severity": severity,
            "points": parameters.points[severity.value],
            "knock_out": severity.value in parameters.knock_out,
            "limits": [
                parameters.maximum.get(grade, {}).get(severity.value) for grade in ("A", "B")
            ],
        }
        for severity in Severity
    ]
