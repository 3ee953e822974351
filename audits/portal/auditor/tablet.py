"""The tablet page, which works without a network, and what makes it installable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from audits.forms.evidence import ACCEPT
from audits.models import SyncOutcome
from audits.portal.auditor.places import audit_of, trail
from audits.portal.auditor.tablet_words import words
from audits.services.evidence import largest_file
from audits.services.fieldwork import LONGEST
from audits.services.tablet_keys import keys_of
from audits.terms import EvidenceClass, Judgement, Method, Severity

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from audits.models import Audit

# Each is loaded by its own address, so that one name always means one content.
MODULES = (
    "store",
    "outbox",
    "sync",
    "prepare",
    "dom",
    "list",
    "card",
    "photos",
    "conflict",
    "receipts",
)
# Bytes of findings in one request.
BATCH_BYTES = 700_000
BATCH_ITEMS = 84


def tablet_config(request: UserRequest, audit: Audit) -> dict[str, Any]:
    """Return what the scripts of the tablet need to know: who, which audit, addresses, limits."""
    number = audit.number
    page = reverse("portal:tablet", args=[number])
    return {
        "person": str(request.user.pk),
        "number": number,
        "urls": {
            "page": page,
            "data": reverse("portal:offline_data", args=[number]),
            "sync": reverse("portal:sync", args=[number]),
            "photo": reverse("portal:sync_photo", args=[number]),
            "sign_in": f"{reverse('account_login')}?next={page}",
            "keys": reverse("portal:tablet_keys"),
            "receipts": reverse("portal:receipts", args=[number]),
            "worker": reverse("portal:service_worker"),
            "scope": reverse("portal:home"),
        },
        "modules": {name: static(f"audits/tablet/{name}.js") for name in MODULES},
        "limits": {
            "bytes": BATCH_BYTES,
            "items": BATCH_ITEMS,
            "photo": largest_file(),
            "text": LONGEST,
        },
    }


@require_GET
def tablet(request: UserRequest, number: str) -> HttpResponse:
    """Show the page that does its work from what the tablet keeps; it is only a shell here."""
    audit = audit_of(request, number)
    config = tablet_config(request, audit) | {
        "words": words(),
        "judgements": [one for one in Judgement.choices if one[0] != Judgement.UNASSESSED],
        "unassessed": Judgement.UNASSESSED.label,
        "severities": Severity.choices,
        "methods": Method.choices,
        "classes": EvidenceClass.choices,
        "outcomes": SyncOutcome.choices,
        "accept": ACCEPT,
    }
    return render(
        request,
        "audits/portal/auditor/tablet.html",
        {"audit": audit, "config": config, "trail": trail(audit, _("Without a network"))},
    )


@require_GET
def tablet_keys(request: UserRequest) -> JsonResponse:
    """Give people the keys to what their tablets have sealed; each gets only the own ones."""
    answer = JsonResponse({"keys": keys_of(request.user)})
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the script that answers for the portal when there is no network."""
    # The worker's own file lies under its hashed name; a new name is a new worker.
    answer = HttpResponse(
        f'importScripts("{static("audits/tablet/worker.js")}");\n', content_type="text/javascript"
    )
    answer["Service-Worker-Allowed"] = reverse("portal:home")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
@login_not_required
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the portal as an application that a tablet can install."""
    home = reverse("portal:home")
    return JsonResponse(
        {
            "id": home,
            "name": _("Orime: fieldwork"),
            "short_name": _("Orime"),
            "lang": get_language(),
            "start_url": home,
            "scope": home,
            "display": "standalone",
            "background_color": "#fbfaf5",
            "theme_color": "#223a70",
            "icons": [{"src": static("ui/orime.svg"), "type": "image/svg+xml", "sizes": "any"}],
        },
        content_type="application/manifest+json",
    )
