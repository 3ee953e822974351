"""Checking a file that somebody holds, and what is needed to do so without this site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reports.forms.verifying import MOST_BYTES, TOO_LARGE, VerifyFileForm
from reports.public.views import record_of, refused, too_many
from reports.services.verifying import VERIFIER, UnavailableError, trusted_certificates

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

LATER = _(
    "No file can be examined at the moment. Try again in a minute, or check it without this site."
)
# What a form adds around its file.
AROUND = 100_000


# Nothing is changed by it, and reading a form to look for a token would take in a file of any size.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Say whether a file is as it was issued; by GET the form for it."""
    if request.method != "POST":
        return render(request, "reports/public/file.html", {"form": VerifyFileForm()})
    if too_many(request):
        return refused(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + AROUND:
        return render(request, "reports/public/file.html", {"refused": TOO_LARGE}, status=413)
    form = VerifyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "reports/public/file.html", {"form": form}, status=422)
    try:
        found = form.save()
    except UnavailableError:
        return later(request)
    record = record_of(found.result) if found.result else {}
    return render(request, "reports/public/file_found.html", {"found": found, **record})


@login_not_required
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Hand out the certificates by which papers are checked elsewhere."""
    try:
        trusted = trusted_certificates()
    except UnavailableError:
        return later(request)
    return HttpResponse(trusted, content_type="application/x-pem-file")


def later(request: HttpRequest) -> HttpResponse:
    """Ask somebody to come back when files can be examined."""
    response = render(request, "reports/public/file.html", {"refused": LATER}, status=503)
    response["Retry-After"] = "30"
    return response


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponseBase:
    """Hand out the program that checks a paper without a network."""
    return FileResponse(
        VERIFIER.open("rb"),
        as_attachment=True,
        filename="orime_verify.py",
        content_type="text/x-python",
    )
