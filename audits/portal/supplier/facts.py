"""The pages on which a supplier reads the findings, disputes facts or accepts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.conversations import Thread, threads
from audits.forms.acts import ActForm
from audits.forms.facts import DisputeForm
from audits.models import Evidence, Finding, FindingComment
from audits.portal.supplier.access import managed_audit, own_audit
from audits.services.commenting import kept_comments
from audits.services.meetings import contested_words
from audits.services.repeating import repeats_of
from audits.terms import Act, Judgement, Status
from audits.weaving import cells
from suppliers import policies as suppliers
from suppliers.portal.access import sent

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.standards.models import Category

TONES = {"unacceptable": "red", "major": "amber", "minor": "amber"}


def trail_to(audit: Audit, *labels: str) -> list[dict[str, str]]:
    """Return the way from the list of audits to a page of the audit."""
    return [
        {"label": _("Our audits"), "url": reverse("portal:our_audits")},
        {"label": audit.number, "url": reverse("portal:our_audit", args=[audit.number])},
        *({"label": label} for label in labels),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def check_facts(request: UserRequest, number: str) -> HttpResponse:
    """Show the reviewed findings; a POST disputes the ticked ones."""
    audit = (managed_audit if request.method == "POST" else own_audit)(request, number)
    findings = list(
        Finding.objects.visible_to(request.user).filter(audit=audit).in_order().with_origin()
    )
    if not findings:
        if request.method == "POST":
            return _moved_on(request, number)
        raise Http404
    form = DisputeForm(
        **sent(request),
        audit=audit,
        findings=findings,
        actor=request.user,
        kept=kept_comments(actor=request.user, audit=audit),
    )
    if request.method == "POST" and audit.status != Status.FACT_CHECK:
        return _moved_on(request, number)
    if form.is_valid() and form.save() is not None:
        if form.keeping:
            return _kept(request, number)
        messages.success(
            request,
            _("Your objections were sent. The team answers each; then you check the facts again."),
        )
        return redirect("portal:our_audit", number=number)
    open_now = audit.status == Status.FACT_CHECK and suppliers.manages(
        request.user, audit.site.supplier
    )
    context = {
        "audit": audit,
        "form": form,
        "open_now": open_now,
        "in_time": not audit.is_overdue,
        "cells": cells(findings, url=lambda row: f"#f-{row.requirement.code}"),
        "trail": trail_to(audit, _("Findings")),
        **_grouped(request, audit, form),
    }
    return render(
        request,
        "audits/portal/supplier/facts.html",
        context,
        status=422 if form.errors else 200,
    )


def _moved_on(request: UserRequest, number: str) -> HttpResponse:
    messages.info(request, _("The facts are not open for checking any more."))
    return redirect("portal:our_audit", number=number)


def _kept(request: UserRequest, number: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(_("Kept at %(time)s.") % {"time": time_format(timezone.localtime())})
    messages.success(request, _("What you wrote is kept. Nothing was sent yet."))
    return redirect("portal:facts", number=number)


def _grouped(request: UserRequest, audit: Audit, form: DisputeForm) -> dict[str, Any]:
    """Return what needs reading in full, and the others by category."""
    visible = FindingComment.objects.visible_to(request.user).filter(finding__audit=audit)
    talks: dict[int, list[Thread]] = {}
    for thread in threads(visible.select_related("author")):
        talks.setdefault(thread.comment.finding_id, []).append(thread)
    evidence: dict[int | None, list[Evidence]] = {}
    for piece in Evidence.objects.visible_to(request.user).filter(audit=audit):
        evidence.setdefault(piece.finding_id, []).append(piece)
    contested, repeats = contested_words(audit), repeats_of(audit)
    telling: list[dict[str, Any]] = []
    others: dict[Category, list[dict[str, Any]]] = {}
    for finding, tick, why in form.rows:
        row = {
            "finding": finding,
            "tone": TONES.get(finding.effective_severity, ""),
            "tick": tick,
            "why": why,
            "talk": talks.get(finding.pk, []),
            "evidence": evidence.get(finding.pk, []),
            "repeat": repeats.of(finding.requirement_id)
            if finding.judgement == Judgement.NONCONFORMING
            else None,
            "contested": contested.get(finding.requirement.code, ""),
        }
        if (
            row["talk"]
            or row["contested"]
            or finding.judgement in (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)
        ):
            telling.append(row)
        else:
            others.setdefault(finding.requirement.category, []).append(row)
    groups = [
        (category, rows, any(row["tick"].value() or row["why"].errors for row in rows))
        for category, rows in others.items()
    ]
    answered = sum(len(thread.answers) for talk in talks.values() for thread in talk)
    return {"telling": telling, "groups": groups, "answered": answered}


@require_http_methods(["GET", "HEAD", "POST"])
def accept_facts(request: UserRequest, number: str) -> HttpResponse:
    """Accept the facts, after having read what follows."""
    audit = managed_audit(request, number)
    if audit.status != Status.FACT_CHECK:
        return _moved_on(request, number)
    form = ActForm(**sent(request), audit=audit, act=Act.ACCEPT_FACTS, actor=request.user)
    if form.is_valid() and form.save() is not None:
        messages.success(request, _("You accepted the facts. The secretariat decides next."))
        return redirect("portal:our_audit", number=number)
    trail = trail_to(audit, _("Findings"), _("Accept all facts"))
    trail[-2]["url"] = reverse("portal:facts", args=[number])
    return render(
        request,
        "audits/portal/supplier/facts_accept.html",
        {"audit": audit, "form": form, "trail": trail},
        status=422 if form.errors else 200,
    )
