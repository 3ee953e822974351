"""What a brand sees of a site: the brand's own page, and the supplier's preview of the same page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET

from accounts import policies as accounts
from accounts.terms import Kind
from audits.models import Audit, CorrectiveAction, Evidence, Finding, Result
from audits.models.audits import SHAREABLE
from audits.portal.supplier.result import GRADE_TONES, STATUS_TONES
from audits.result_states import meaning
from audits.signals import findings_shown
from audits.terms import EvidenceClass, GradeLetter, Judgement, ResultStatus, Severity
from audits.weaving import cells
from suppliers.models import SharingGrant
from suppliers.portal.access import own_site
from suppliers.showing import SHOWS_ALL
from suppliers.terms import Level

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.models.results import ResultQuerySet
    from suppliers.models import Site


@dataclass(frozen=True)
class Counted:
    """What was found in one category, as numbers."""

    number: int
    name: str
    judgements: Counter[str]
    severities: Counter[str]

    @property
    def columns(self) -> list[int]:
        """Return the numbers in the order of the columns: judgements, then severities."""
        judged = [self.judgements[each] for each in JUDGED]
        return judged + [self.severities[each] for each in Severity]


JUDGED = (
    Judgement.CONFORMING,
    Judgement.NONCONFORMING,
    Judgement.UNVERIFIABLE,
    Judgement.NOT_APPLICABLE,
)


# What the numbers are made of; no text is read for them.
NUMBERS = (
    "judgement",
    "severity",
    "requirement__severity",
    "requirement__order",
    "requirement__category__number",
    "requirement__category__name_ja",
    "requirement__category__name_en",
)


@dataclass(frozen=True)
class Shown:
    """A site as one level shows it; what the level does not show is empty."""

    site: Site
    level: Level
    result: Result | None = None
    findings: list[Finding] = field(default_factory=list)
    actions: list[CorrectiveAction] = field(default_factory=list)

    @property
    def summary(self) -> bool:
        """Say whether numbers and corrective actions are shown."""
        return self.level.rank >= Level.SUMMARY.rank

    @property
    def full(self) -> bool:
        """Say whether the findings themselves are shown."""
        return self.level == Level.FULL

    @property
    def counts(self) -> list[Counted]:
        """Return the numbers by category, in the order of the standard."""
        found: dict[int, Counted] = {}
        for row in self.findings:
            category = row.requirement.category
            counted = found.setdefault(
                category.number, Counted(category.number, category.name, Counter(), Counter())
            )
            counted.judgements[row.judgement] += 1
            if row.effective_severity:
                counted.severities[row.effective_severity] += 1
        return list(found.values())


def shown(reader: User, site: Site, level: Level, results: ResultQuerySet) -> Shown:
    """Return what a level shows of a site; `results` are those that the permission reaches."""
    newest = results.filter(audit__site=site).select_related("audit__standard", "audit__body")
    result = newest.order_by("-issued_on", "-revision", "-pk").first()
    if result is None or level == Level.STATUS or result.audit.status not in SHAREABLE:
        return Shown(site, level, result)
    findings = Finding.objects.counted_by(reader).filter(audit=result.audit).in_order()
    if level == Level.FULL:
        findings = findings.with_origin().prefetch_related(_evidence(reader))
    else:
        findings = findings.only(*NUMBERS)
    actions = CorrectiveAction.objects.visible_to(reader).filter(finding__audit=result.audit)
    actions = actions.select_related("finding__requirement__category")
    return Shown(
        site,
        level,
        result,
        list(findings),
        list(actions.order_by("close_due_on", "finding__requirement__order")),
    )


def _evidence(reader: User) -> Prefetch:  # type: ignore[type-arg]  # its stubs want the result's name
    public = Evidence.objects.visible_to(reader).filter(evidence_class=EvidenceClass.PUBLIC)
    return Prefetch("evidence", public.order_by("number"), to_attr="shown_evidence")


@require_GET
def shared_site(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show a brand's person one site as far as it is shared; ?brand= for one of several brands."""
    if not accounts.organisation_ids(request.user, Kind.BRAND):
        raise PermissionDenied
    grant = _received(request, pk)
    results = Result.objects.visible_to(request.user).reached_by(grant)
    page = shown(request.user, grant.site, Level(grant.level), results)
    if page.full and page.result is not None:
        findings_shown.send(
            sender=Audit, audit=page.result.audit, reader=request.user, brand=grant.brand
        )
    trail = [
        {"label": _("Shared with us"), "url": reverse("portal:shared")},
        {"label": grant.site.name},
    ]
    return _page(request, page, {"grant": grant, "trail": trail})


def _received(request: UserRequest, site: UUID) -> SharingGrant:
    """Return the permission to look through, or 404: of several brands' the one asked for, or the widest."""
    rows = SharingGrant.objects.received_by(request.user).filter(site=site)
    found = list(rows.select_related("site__supplier", "brand"))
    asked = [row for row in found if str(row.brand_id) == request.GET.get("brand")]
    if not found:
        raise Http404
    return max(asked or found, key=lambda row: Level(row.level).rank)


class PreviewForm(forms.Form):
    """Which permission to look through."""

    level = forms.ChoiceField(
        label=gettext_lazy("Sharing level"), choices=Level.choices, initial=Level.STATUS
    )
    ungraded = forms.BooleanField(
        label=gettext_lazy("Results without a grade as well"), required=False
    )


@require_GET
def preview(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show a supplier its own site as a brand would see it: ?level=status|summary|full&ungraded=on."""
    site = own_site(request, pk)
    form = PreviewForm(request.GET or {"level": Level.STATUS})
    if not form.is_valid():
        raise Http404
    results = Result.objects.visible_to(request.user)
    if not form.cleaned_data["ungraded"]:
        results = results.exclude(grade=GradeLetter.NONE)
    page = shown(request.user, site, Level(form.cleaned_data["level"]), results)
    trail = [
        {"label": _("My sites"), "url": reverse("portal:sites")},
        {"label": site.name, "url": reverse("portal:site", args=[site.pk])},
        {"label": _("Sharing"), "url": reverse("portal:sharing", args=[site.pk])},
        {"label": _("As a brand sees it")},
    ]
    return _page(request, page, {"form": form, "trail": trail})


def _page(request: UserRequest, page: Shown, more: dict[str, object]) -> HttpResponse:
    result = page.result
    return render(
        request,
        "audits/portal/supplier/brand_view.html",
        {
            "page": page,
            "site": page.site,
            "result": result,
            "shows": SHOWS_ALL[page.level],
            "grade_tone": GRADE_TONES[result.grade] if result else "",
            "status_tone": STATUS_TONES.get(ResultStatus(result.status), "red") if result else "",
            "state_sentence": meaning(result.status) if result else "",
            "judged": [each.label for each in JUDGED],
            "severities": [each.label for each in Severity],
            "cells": cells(page.findings) if page.full else [],
            "adverse": [
                row
                for row in page.findings
                if page.full and row.judgement in (Judgement.NONCONFORMING, Judgement.UNVERIFIABLE)
            ],
            **more,
        },
    )
