"""The scheme's settings: read by every desk, changed by the scheme owner with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import policies
from accounts.models import OrganisationEvent
from accounts.timeline import entries
from audits.console.access import for_desks, form_page
from audits.forms.settings import SettingsForm
from audits.models import SchemeSettings
from audits.services.settings import values_of
from audits.settings_groups import GROUPS
from audits.settings_words import ACT, label_of, value_text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

# The page shows the newest changes; the rest is in the record.
SHOWN = 20


@for_desks
@form_page
def settings(request: UserRequest) -> HttpResponse:
    """Show the settings, and to the scheme owner the form with which they are changed."""
    may_change = policies.administers_scheme(request.user)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    current = SchemeSettings.objects.current()
    form = _form(request, current) if may_change else None
    stale: list[dict[str, str]] = []
    failed = False
    if form is not None and request.method == "POST":
        if form.is_valid() and form.save():
            messages.success(request, _("The settings are changed."))
            return redirect("console:settings")
        failed = True
        if form.stale:
            # The page shows how things stand now, and beside it what would have been lost.
            current.refresh_from_db()
            stale = form.entered()
            form = SettingsForm(
                settings=current, actor=request.user, reason=form.cleaned_data["reason"]
            )
    events = OrganisationEvent.objects.visible_to(request.user).filter(act=ACT)
    return render(
        request,
        "audits/console/settings.html",
        {
            "form": form,
            "stale": stale,
            "groups": _words(current),
            "timeline": entries(events.select_related("actor").order_by("-at")[:SHOWN]),
        },
        status=422 if failed else 200,
    )


def _form(request: UserRequest, current: SchemeSettings) -> SettingsForm:
    data = request.POST if request.method == "POST" else None
    return SettingsForm(data, settings=current, actor=request.user)


def _words(current: SchemeSettings) -> list[dict[str, Any]]:
    """Return the settings in words, for those who only read them."""
    now = values_of(current)
    return [
        {
            "title": title,
            "text": text,
            "rows": [(label_of(name), value_text(name, now[name])) for name in names],
        }
        for title, text, names in GROUPS
    ]
