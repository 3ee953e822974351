"""The readiness guide: what the auditors will want to see, with a self-check that stays inside.

Only people of the supplier come in; to everybody else the site is not found here, whatever else
they may see of it (docs/decisions/0013-private-self-check.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from audits.forms.readiness import ClearForm, SelfCheckForm
from audits.models import SelfAnswer
from audits.portal.supplier import readiness_files
from audits.services.readiness import NOT_MET, Line, Readiness
from audits.standards.explanations import explain, explain_lift
from audits.standards.terms import GradeLetter, Judgement
from suppliers import policies
from suppliers.portal.access import kept_site, managed_site, own_site, sent
from ui.charts import Cell
from ui.downloads import download

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseBase
    from django.utils.functional import _StrPromise

    from accounts.http import UserRequest
    from audits.services.readiness import Section
    from suppliers.models import Site

POSTED = ["GET", "HEAD", "POST"]
TONES: dict[str, str] = {
    SelfAnswer.MET: "moss",
    SelfAnswer.PARTLY: "amber",
    SelfAnswer.UNMET: "red",
    SelfAnswer.OPEN: "",
    SelfAnswer.NOT_APPLICABLE: "",
}
# What the filter lets through, with its words.
SHOWN: dict[str, tuple[tuple[SelfAnswer, ...], _StrPromise]] = {
    "open": ((SelfAnswer.OPEN,), gettext_lazy("Not checked yet")),
    "not_met": (NOT_MET, gettext_lazy("Not met or partly")),
}


def _shown(request: UserRequest) -> str:
    show = request.GET.get("show", "")
    return show if show in SHOWN else ""


def _passing(lines: list[Line], show: str) -> list[Line]:
    return [line for line in lines if line.answer in SHOWN[show][0]] if show else lines


def _trail(site: Site, *more: str) -> list[dict[str, str]]:
    trail = [
        {"label": _("My sites"), "url": reverse("portal:sites")},
        {"label": site.name, "url": reverse("portal:site", args=[site.pk])},
        {"label": _("Readiness guide"), "url": reverse("portal:readiness", args=[site.pk])},
        *({"label": label} for label in more),
    ]
    trail[-1].pop("url", None)
    return trail


def _estimate(ready: Readiness) -> dict[str, Any]:
    """Return what the pages say of the score; nothing while nothing was answered."""
    now, best = ready.estimate, ready.at_best
    if now is None or best is None or not ready.is_begun:
        return {}
    return {
        "estimate": now,
        "grade": GradeLetter(now.grade).label,
        "best": best if ready.counts[SelfAnswer.OPEN] else None,
        "best_grade": GradeLetter(best.grade).label,
    }


def _context(
    request: UserRequest, site: Site, ready: Readiness, section: Section | None = None
) -> dict[str, Any]:
    """Return what every page needs; the filter counts one section, or all lines without one."""
    show = _shown(request)
    lines = section.lines if section else ready.lines
    return {
        "site": site,
        "ready": ready,
        "manages": policies.edits_site(request.user, site),
        "show": show,
        "query": f"?show={show}" if show else "",
        "filters": [
            (value, label, len(_passing(lines, value)))
            for value, (_answers, label) in SHOWN.items()
        ],
        **_estimate(ready),
    }


@require_GET
def show_readiness(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """Show the nine categories with what is answered, and the estimate."""
    site = own_site(request, pk)
    ready = Readiness(site, request.user)
    if file := download(
        request,
        "orime-readiness",
        readiness_files.header(),
        lambda: readiness_files.rows(_passing(ready.lines, _shown(request))),
    ):
        return file
    context = _context(request, site, ready)
    show = context["show"]
    if "estimate" in context:
        better = ready.lift
        context["reasons"] = explain(context["estimate"])
        context["lift"] = explain_lift(better) if better else ()
    return render(
        request,
        "audits/portal/supplier/readiness.html",
        {
            **context,
            "cells": [_cell(site, line) for line in ready.lines],
            "sections": [
                (section, [(line, TONES[line.answer]) for line in rows])
                for section in ready.sections
                if (rows := _passing(section.lines, show)) or not show
            ],
            "trail": _trail(site),
        },
    )


def _cell(site: Site, line: Line) -> Cell:
    number = line.requirement.category.number
    judgement, severity = line.outcome.judgement, line.outcome.severity
    return Cell(
        code=line.code,
        category=str(number),
        title=line.requirement.title,
        judgement=judgement,
        severity=severity if judgement == Judgement.NONCONFORMING else "",
        url=reverse("portal:readiness_category", args=[site.pk, number]) + f"#r-{line.code}",
    )


@require_http_methods(POSTED)
def show_category(request: UserRequest, pk: UUID, number: int) -> HttpResponse:
    """Show one category in full; a POST keeps what is said, by htmx or by the button."""
    site = (managed_site if request.method == "POST" else own_site)(request, pk)
    ready = Readiness(site, request.user)
    section = next((one for one in ready.sections if one.category.number == number), None)
    if section is None:
        raise Http404
    form = SelfCheckForm(
        **sent(request),
        actor=request.user,
        site=site,
        lines=section.lines,
        whole=bool(request.htmx),
    )
    if form.is_valid() and form.save():
        if request.htmx:
            return _kept(request, site, number, {line.code for line in form.asked})
        messages.success(request, _("Saved."))
        return redirect(_after(request, ready, number))
    return _category_page(request, site, ready, section, form)


def _kept(request: UserRequest, site: Site, number: int, codes: set[str]) -> HttpResponse:
    """Answer an autosave: the line that says so, and the sums that changed with it."""
    ready = Readiness(site, request.user)
    section = next(one for one in ready.sections if one.category.number == number)
    context = {"section": section, "lines": [x for x in section.lines if x.code in codes]}
    return render(
        request,
        "audits/portal/supplier/readiness_kept.html",
        context | _context(request, site, ready),
    )


def _after(request: UserRequest, ready: Readiness, number: int) -> str:
    """Return where the pressed button leads once the category is kept."""
    following = _neighbour(ready, number, 1)
    if request.POST.get("go") == "next" and following:
        return reverse("portal:readiness_category", args=[ready.site.pk, following.category.number])
    return request.get_full_path()


def _neighbour(ready: Readiness, number: int, step: int) -> Section | None:
    numbers = [one.category.number for one in ready.sections]
    place = numbers.index(number) + step
    return ready.sections[place] if 0 <= place < len(numbers) else None


def _category_page(
    request: UserRequest, site: Site, ready: Readiness, section: Section, form: SelfCheckForm
) -> HttpResponse:
    context = _context(request, site, ready, section)
    lines = _passing(section.lines, context["show"])
    if form.errors:  # nothing that was typed is lost, whether the filter would show it or not
        lines = form.asked
    clauses = ready.clauses(lines)
    return render(
        request,
        "audits/portal/supplier/readiness_category.html",
        {
            **context,
            "section": section,
            "rows": [
                {
                    "line": line,
                    "requirement": line.requirement,
                    "clauses": clauses.get(line.code, []),
                    "answer": form[f"answer-{line.code}"] if not line.reason else None,
                    "note": form[f"note-{line.code}"] if not line.reason else None,
                }
                for line in lines
            ],
            "answers": SelfAnswer.choices,
            "form": form,
            "previous": _neighbour(ready, section.category.number, -1),
            "following": _neighbour(ready, section.category.number, 1),
            "trail": _trail(site, f"{section.category.number} {section.category.name}"),
        },
        status=422 if form.errors else 200,
    )


@require_GET
def print_readiness(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show everything on one sheet, to print."""
    site = own_site(request, pk)
    ready = Readiness(site, request.user)
    context = _context(request, site, ready)
    sections = [(one, _passing(one.lines, context["show"])) for one in ready.sections]
    return render(
        request,
        "audits/portal/supplier/readiness_print.html",
        {
            **context,
            "sections": [(section, lines) for section, lines in sections if lines],
            "today": timezone.localdate(),
            "trail": _trail(site, _("To print")),
        },
    )


@require_http_methods(POSTED)
def clear_readiness(request: UserRequest, pk: UUID) -> HttpResponse:
    """Delete every answer and note, after having read what follows."""
    site = kept_site(request, pk)
    form = ClearForm(**sent(request), actor=request.user, site=site)
    if form.is_valid() and form.save():
        messages.success(
            request,
            ngettext("%(count)d answer was deleted.", "%(count)d answers were deleted.", form.made)
            % {"count": form.made},
        )
        return redirect("portal:readiness", pk=site.pk)
    return render(
        request,
        "audits/portal/supplier/readiness_clear.html",
        {"site": site, "form": form, "trail": _trail(site, _("Delete everything"))},
    )
