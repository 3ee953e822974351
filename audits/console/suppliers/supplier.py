"""One supplier: what is registered, what hangs on it, and what was merged into it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies as accounts
from accounts.models import OrganisationEvent
from accounts.timeline import entries
from audits.console.suppliers.listing import check_reader
from audits.filters.suppliers import called
from audits.models import Audit
from audits.services.merging import counts_of
from suppliers.models import DuplicateProposal, FormerName, Site, Supplier

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

# How many others are offered for a merge, and how many entries of the record and sites are shown.
OFFERED = 10
SHOWN = 30


@require_GET
def supplier(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one supplier; one that was merged leads to the one that goes on."""
    check_reader(request)
    visible = Supplier.objects.visible_to(request.user)
    one = get_object_or_404(visible.select_related("merged_into", "organisation"), pk=pk)
    if one.merged_into is not None:
        messages.info(
            request,
            _("“%(name)s” was merged into this supplier.") % {"name": one.name},
        )
        return redirect("console:supplier", pk=one.merged_into_id)
    merged = list(visible.filter(merged_into=one).order_by("merged_at"))
    imports = accounts.imports_suppliers(request.user)
    words = request.GET.get("q", "").strip()[:100]
    organisations = [one.organisation_id, *(each.organisation_id for each in merged)]
    record = OrganisationEvent.objects.visible_to(request.user).select_related("actor")
    seen = Q(audits__in=Audit.objects.visible_to(request.user))
    return render(
        request,
        "audits/console/suppliers/supplier.html",
        {
            "supplier": one,
            "merged": merged,
            "former_names": FormerName.objects.visible_to(request.user)
            .filter(supplier=one)
            .order_by("created_at"),
            "counts": counts_of([one])[one.pk],
            "sites": Site.objects.visible_to(request.user)
            .filter(supplier=one)
            .select_related("merged_into")
            .annotate(audits_count=Count("audits", filter=seen, distinct=True))
            .order_by("merged_at", "name_ja")[:SHOWN],
            "timeline": entries(
                # The merge itself stands in both records.
                record.filter(organisation__in=organisations)
                .exclude(act="supplier_merged_into")
                .order_by("-at", "-pk")[:SHOWN]
            ),
            "imports": imports,
            "proposals": DuplicateProposal.objects.visible_to(request.user)
            .waiting()
            .filter(Q(first=one) | Q(second=one))
            .select_related("first", "second", "first_site", "second_site")
            .order_by("-score")[:OFFERED]
            if imports
            else [],
            "words": words,
            "others": visible.current()
            .filter(called(words))
            .exclude(pk=one.pk)
            .order_by("name_ja")[:OFFERED]
            if imports and words
            else [],
            "trail": [{"label": _("Suppliers"), "url": reverse("console:suppliers")}],
        },
    )
