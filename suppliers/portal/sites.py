"""Pages on which a supplier registers a site and keeps its data up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from suppliers.forms.sites import SiteForm
from suppliers.portal.access import managed_site, managed_suppliers, sent

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.http import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def add_site(request: UserRequest) -> HttpResponse:
    """Register a site of one's own company."""
    supplier = managed_suppliers(request.user)[0]
    form = SiteForm(**sent(request), supplier=supplier, initial={"prefecture": supplier.prefecture})
    if form.is_valid():
        site = form.save(actor=request.user)
        messages.success(
            request, _("The site is registered. Describe it next: the audit is planned from that.")
        )
        return redirect("portal:profile_edit", pk=site.pk)
    return _form_page(request, form, _("Register a site"), reverse("portal:sites"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_site(request: UserRequest, pk: UUID) -> HttpResponse:
    """Change name, address and processes of a site."""
    site = managed_site(request, pk)
    form = SiteForm(**sent(request), supplier=site.supplier, instance=site)
    back = reverse("portal:site", kwargs={"pk": pk})
    if form.is_valid():
        form.save(actor=request.user)
        messages.success(request, _("The site's data was saved."))
        return redirect(back)
    return _form_page(request, form, _("Change the site's data"), back)


def _form_page(request: UserRequest, form: SiteForm, title: str, back: str) -> HttpResponse:
    trail = [{"label": _("My sites"), "url": reverse("portal:sites")}, {"label": title}]
    return render(
        request,
        "suppliers/portal/site_form.html",
        {"form": form, "title": title, "trail": trail, "back": back},
        status=422 if form.errors else 200,
    )
