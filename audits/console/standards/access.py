"""Who works on versions of the standard, and where their pages stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policies import administers_scheme
from audits.standards.models import Standard

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from accounts.http import UserRequest

P = ParamSpec("P")
View = Callable[Concatenate["UserRequest", P], "HttpResponseBase"]


def for_scheme_desk(view: View[P]) -> View[P]:
    """Let only administrators and coordinators of the scheme owner in."""

    @wraps(view)
    def inner(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not administers_scheme(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


def version_or_404(request: UserRequest, version: str) -> Standard:
    """Return a version that the reader sees, with the one before it and its people."""
    visible = Standard.objects.visible_to(request.user)
    rows = visible.select_related("previous", "proposed_by", "activated_by")
    return get_object_or_404(rows, version=version)


def address_of(standard: Standard) -> str:
    """Return the page of a version."""
    return f"{reverse('console:standard')}?version={standard.version}"


def trail(standard: Standard | None = None) -> list[dict[str, Any]]:
    """Return the way to a page about a version, or about the import of one."""
    steps = [{"label": _("Versions of the standard"), "url": reverse("console:standards")}]
    if standard is not None:
        steps.append({"label": str(standard), "url": address_of(standard)})
    return steps
