"""The page on which anybody holding a report checks that it is genuine and still stands."""

from __future__ import annotations

import re
from ipaddress import IPv6Network
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

from audits.result_states import meaning
from reports.models import Report, Snapshot
from reports.services.printing import is_as_frozen
from reports.services.verifying import results
from ui.language import active_language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from audits.models import Result

# Codes cannot be guessed (32^12); this only keeps one address from keeping the server busy.
MOST_PER_MINUTE = 30
# What is misread on paper: the alphabet of codes has no I, L or O.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


@login_not_required
@require_safe
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code printed on a report."""
    if code := request.GET.get("code", "").strip():
        return redirect("verify", code=plain(code) or "-")
    return render(request, "reports/public/ask.html")


@login_not_required
@require_safe
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is on record for a code: genuine or not, and whether the result still stands."""
    if too_many(request):
        return refused(request)
    result = results().filter(verification_code=plain(code)).first()
    if result is None:
        return render(request, "reports/public/unknown.html", {"code": code[:40]}, status=404)
    return render(request, "reports/public/verify.html", record_of(result))


def record_of(result: Result) -> dict[str, Any]:
    """Return what is on record for a result, as both pages show it."""
    newer = result.audit.results.filter(revision__gt=result.revision).order_by("-revision").first()
    snapshot = Snapshot.objects.filter(audit=result.audit, revision=result.revision).first()
    return {
        "result": result,
        "audit": result.audit,
        "newer": newer,
        "stands": result.stands and newer is None,
        "meaning": meaning(result.status),
        "printed": printed_line(result, snapshot),
        "damaged": snapshot is not None and not is_as_frozen(snapshot),
        "files": Report.objects.ready()
        .filter(audit=result.audit, revision=result.revision)
        .order_by("-language"),
    }


def printed_line(result: Result, snapshot: Snapshot | None) -> str:
    """Return supplier and site as they stand in the document, whatever they are called today."""
    site = result.audit.site
    if snapshot is None:
        return f"{site.supplier.name} {site.name}"
    language = active_language()
    frozen = snapshot.data["site"]
    return f"{frozen['supplier']['name'][language]} {frozen['name'][language]}"


def plain(code: str) -> str:
    """Return the code as it is kept: capitals, no spaces or hyphens, misread letters put right."""
    return re.sub(r"[^0-9A-Z]", "", code.upper()).translate(MISREAD)[:16]


def refused(request: HttpRequest) -> HttpResponse:
    """Ask somebody who looks up too much to wait."""
    response = render(request, "reports/public/too_many.html", status=429)
    response["Retry-After"] = "60"
    return response


def too_many(request: HttpRequest) -> bool:
    """Count this look-up for the address it comes from; say whether there were too many."""
    key = f"verify:{whose(get_adapter().get_client_ip(request))}"
    try:
        return not cache.add(key, 1, timeout=60) and int(cache.incr(key)) > MOST_PER_MINUTE
    except ValueError:  # it ran out between the two
        return False
    except RedisError:  # a counter that is down must not keep anybody from checking a report
        return False


def whose(address: str) -> str:
    """Return the address as it is counted: whoever has one of IPv6 has its whole network (/64)."""
    try:
        return str(IPv6Network((address, 64), strict=False))
    except ValueError:
        return address
