"""Two suppliers, or two sites, side by side: merge them, or say that they are not the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.console.access import form_page, status_of
from audits.console.suppliers.duplicates import check_merger
from audits.console.suppliers.foreseeing import of_sites, of_suppliers
from audits.forms.merging import DismissForm, MergeForm, MergeSitesForm
from audits.models import Audit
from audits.services.merging import (
    counts_of,
    home_first,
    obstacles_of_sites,
    obstacles_of_suppliers,
)
from suppliers.models import DuplicateProposal, SharingGrant, Site, Supplier

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest
    from audits.forms.merging import ReasonForm

# What the form itself can settle: the others keep it from being shown.
MENDABLE = {"same_names", "both_busy"}
DISMISS_ID = "id_dismiss_%s"


@form_page
def suppliers(request: UserRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Compare two suppliers and merge the other into the one of `pk`."""
    check_merger(request)
    visible = Supplier.objects.visible_to(request.user).select_related("merged_into")
    keep, drop = get_object_or_404(visible, pk=pk), get_object_or_404(visible, pk=other)
    for one in (keep, drop):
        if one.merged_into_id is not None or keep == drop:
            return redirect("console:supplier", pk=one.pk)
    proposal = _proposal(request, Q(first=keep, second=drop) | Q(first=drop, second=keep), False)
    sites = Site.objects.visible_to(request.user).current().filter(supplier__in=(keep, drop))
    form = MergeForm(
        _sent(request, "merge"),
        actor=request.user,
        keep=keep,
        drop=drop,
        sites=sites.select_related("supplier").order_by("name_ja"),
    )
    dismiss_form = _dismiss_form(request, proposal)
    if done := _acted(request, form, dismiss_form, reverse("console:supplier", args=[keep.pk])):
        return done
    obstacles = obstacles_of_suppliers(request.user, keep, drop, form.same_sites)
    counts = counts_of([keep, drop])
    return render(
        request,
        "audits/console/suppliers/merge.html",
        {
            "keep": keep,
            "drop": drop,
            "counts": [(keep, counts[keep.pk]), (drop, counts[drop.pk])],
            "proposal": proposal,
            "form": None if {one.code for one in obstacles} - MENDABLE else form,
            "lines": form.lines,
            "dismiss_form": dismiss_form,
            "obstacles": [str(one.messages[0]) for one in obstacles],
            "consequences": of_suppliers(request.user, keep, drop, counts, form.same_sites),
            "trail": _trail(),
        },
        status=status_of(form.errors or (dismiss_form and dismiss_form.errors)),
    )


@form_page
def sites(request: UserRequest, pk: UUID, other: UUID) -> HttpResponse:
    """Compare two sites of a supplier and merge them; which one goes on follows from their audits."""
    check_merger(request)
    visible = Site.objects.visible_to(request.user).select_related("supplier")
    one, second = get_object_or_404(visible, pk=pk), get_object_or_404(visible, pk=other)
    if one.merged_into_id or second.merged_into_id or one.supplier_id != second.supplier_id:
        return redirect("console:supplier", pk=one.supplier_id)
    pair = Q(first_site=one, second_site=second) | Q(first_site=second, second_site=one)
    proposal = _proposal(request, pair, True)
    form = MergeSitesForm(_sent(request, "merge"), actor=request.user, one=one, other=second)
    dismiss_form = _dismiss_form(request, proposal)
    place = reverse("console:supplier", args=[one.supplier_id])
    if done := _acted(request, form, dismiss_form, place):
        return done
    home, gone = home_first(one, second)
    obstacles = obstacles_of_sites(request.user, one, second)
    return render(
        request,
        "audits/console/suppliers/merge_sites.html",
        {
            "supplier": one.supplier,
            "home": home,
            "audits": [Audit.objects.filter(site=each).count() for each in (home, gone)],
            "grants": [
                SharingGrant.objects.live().filter(site=each).count() for each in (home, gone)
            ],
            "gone": gone,
            "proposal": proposal,
            "form": None if obstacles else form,
            "dismiss_form": dismiss_form,
            "obstacles": [str(each.messages[0]) for each in obstacles],
            "consequences": of_sites(home, gone),
            "trail": [*_trail(), {"label": one.supplier.name, "url": place}],
        },
        status=status_of(form.errors or (dismiss_form and dismiss_form.errors)),
    )


def _proposal(request: UserRequest, pair: Q, of_sites: bool) -> DuplicateProposal | None:
    rows = DuplicateProposal.objects.visible_to(request.user).waiting()
    return rows.filter(pair, first_site__isnull=not of_sites).first()


def _sent(request: UserRequest, name: str) -> Any:
    return request.POST if request.method == "POST" and name in request.POST else None


def _dismiss_form(request: UserRequest, proposal: DuplicateProposal | None) -> DismissForm | None:
    if proposal is None:
        return None
    return DismissForm(
        _sent(request, "dismiss"), actor=request.user, proposal=proposal, auto_id=DISMISS_ID
    )


def _acted(
    request: UserRequest, form: ReasonForm, dismiss_form: DismissForm | None, place: str
) -> HttpResponse | None:
    """Do what was asked for; None when nothing was, or when something has to be mended."""
    if form.is_bound and form.is_valid() and form.save():
        messages.success(request, _("Merged. The records say what, when, by whom and why."))
        return redirect(place)
    if dismiss_form is not None and dismiss_form.is_bound:
        if dismiss_form.is_valid() and dismiss_form.save():
            messages.success(request, _("Kept as two. They are not proposed again."))
            return redirect("console:duplicates")
    elif request.method == "POST" and not form.is_bound:
        raise PermissionDenied
    return None


def _trail() -> list[dict[str, str]]:
    return [
        {"label": _("Suppliers"), "url": reverse("console:suppliers")},
        {"label": _("Probable duplicates"), "url": reverse("console:duplicates")},
    ]
