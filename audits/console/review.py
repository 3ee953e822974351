"""The review desk: findings beside their evidence, comments, pass or send back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audits import policies
from audits.console.access import audit_for, for_desks, form_page, not_now, open_for
from audits.console.audit import done, tally, trail
from audits.forms.review import PASS, ReviewForm
from audits.models import Audit, Evidence, Finding, FindingComment
from audits.services.perform import refusals
from audits.services.reviewing import take_review
from audits.terms import Act, Judgement, Method
from audits.weaving import cells
from audits.workflow import Move

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.forms import BoundField
    from django.http import HttpResponse

    from accounts.http import UserRequest


@dataclass(frozen=True)
class Row:
    """One finding on the desk, with its comment field and what the site got the time before."""

    finding: Finding
    field: BoundField
    methods: str
    before: str
    comments: list[FindingComment]

    @property
    def plain(self) -> bool:
        """Say whether there is nothing to read but the judgement."""
        finding = self.finding
        return (
            finding.judgement in (Judgement.CONFORMING, Judgement.NOT_APPLICABLE)
            and not finding.report_text
            and not finding.working_note
            and not finding.evidence.all()
            and not self.comments
            and (finding.preset or not finding.reason)
            and not self.field.errors
        )


@for_desks
@form_page
def review(request: UserRequest, number: str) -> HttpResponse:
    """Read the report finding by finding; pass it or send it back."""
    audit = audit_for(request, number, Act.PASS_REVIEW, Act.SEND_BACK)
    if request.method != "POST" and not open_for(audit, Act.PASS_REVIEW):
        return not_now(request, audit)
    findings = _findings(request, audit)
    form = ReviewForm(request.POST or None, audit=audit, actor=request.user, findings=findings)
    if request.method == "POST" and form.is_valid() and form.save():
        passed = form.cleaned_data["verdict"] == PASS
        messages.success(request, done(Act.PASS_REVIEW if passed else Act.SEND_BACK))
        return redirect("console:audit", number=number)
    before, earlier = _before(request, audit)
    rows = [_row(finding, form, before) for finding in findings]
    return render(
        request,
        "audits/console/review.html",
        {
            "audit": audit,
            "form": form,
            "bands": list(_bands(rows)),
            "cells": cells(findings, url=lambda finding: f"#f-{finding.requirement.code}"),
            "tally": tally(findings),
            "notes": policies.reads_working_notes(request.user, audit),
            "earlier": earlier,
            "obstacles": []
            if form.is_bound
            else refusals(audit, Move(Act.PASS_REVIEW, request.user)),
            "trail": trail(audit),
        },
        status=422 if form.errors else 200,
    )


@for_desks
@require_POST
def take(request: UserRequest, number: str) -> HttpResponse:
    """Take the review, so that nobody else of the pool does the same work."""
    audit = audit_for(request, number, Act.PASS_REVIEW)
    try:
        take_review(actor=request.user, audit=audit)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("console:audit", number=number)
    messages.success(request, _("You have taken this review."))
    return redirect("console:review", number=number)


def _findings(request: UserRequest, audit: Audit) -> list[Finding]:
    visible = Finding.objects.visible_to(request.user).filter(audit=audit).in_order()
    return list(
        visible.prefetch_related(
            Prefetch("evidence", Evidence.objects.visible_to(request.user).order_by("number")),
            Prefetch(
                "comments",
                FindingComment.objects.visible_to(request.user).select_related("author"),
            ),
        )
    )


def _row(finding: Finding, form: ReviewForm, before: dict[str, str]) -> Row:
    code = finding.requirement.code
    known = [method for method in finding.methods if method in Method.values]
    return Row(
        finding,
        form[f"on-{code}"],
        " · ".join(str(Method(method).label) for method in known),
        before.get(code, ""),
        list(finding.comments.all()),
    )


def _bands(rows: Iterable[Row]) -> Iterator[tuple[object, list[Row], list[Row]]]:
    """Yield category, the findings to read, and those without anything but the judgement."""
    for category, band in groupby(rows, key=lambda row: row.finding.requirement.category):
        listed = list(band)
        yield (
            category,
            [row for row in listed if not row.plain],
            [row for row in listed if row.plain],
        )


def _before(request: UserRequest, audit: Audit) -> tuple[dict[str, str], Audit | None]:
    """Return what was not conforming at the site's previous audit, by code, and that audit."""
    previous = (
        Audit.objects.visible_to(request.user)
        .filter(site=audit.site_id, issued_at__isnull=False)
        .exclude(pk=audit.pk)
        .order_by("-issued_at")
        .first()
    )
    if previous is None:
        return {}, None
    bad = Finding.objects.visible_to(request.user).filter(
        audit=previous, judgement__in=(Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)
    )
    rows = bad.values_list("requirement__code", "judgement")
    return {code: str(Judgement(judgement).label) for code, judgement in rows}, previous
