"""Who may open a page of the console, and how its pages get at an audit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import policies
from audits.models import Audit
from audits.services.perform import may
from audits.workflow import TRANSITIONS

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from audits.terms import Act

P = ParamSpec("P")
View = Callable[Concatenate["UserRequest", P], "HttpResponseBase"]

form_page = require_http_methods(["GET", "HEAD", "POST"])


def for_desks(view: View[P]) -> View[P]:
    """Let only those in who use the console: owner, secretariats, desks of bodies, observers."""

    @wraps(view)
    def inner(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not policies.uses_console(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


def for_letters(view: View[P]) -> View[P]:
    """Let only those in who look after letters: owner, coordinators of secretariats."""

    @wraps(view)
    def inner(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not policies.oversees_mail(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


def audit_or_404(request: UserRequest, number: str) -> Audit:
    """Return the audit with its people, if the reader sees it."""
    visible = Audit.objects.visible_to(request.user).with_people().select_related("profile")
    return get_object_or_404(visible, number=number)


def audit_for(request: UserRequest, number: str, *acts: Act) -> Audit:
    """Return the audit for somebody who may do one of the acts, in whatever state it is."""
    audit = audit_or_404(request, number)
    if not any(may(request.user, audit, TRANSITIONS[act]) for act in acts):
        raise PermissionDenied
    return audit


def open_for(audit: Audit, *acts: Act) -> bool:
    """Say whether one of the acts can be done in the state in which the audit is."""
    return any(audit.status in TRANSITIONS[act].sources for act in acts)


def not_now(request: UserRequest, audit: Audit) -> HttpResponse:
    """Send somebody who comes too late or too early to the audit, saying where it stands."""
    messages.info(
        request,
        _("This step is not open: the audit stands at “%(status)s”.")
        % {"status": audit.get_status_display()},
    )
    return redirect("console:audit", number=audit.number)


def status_of(errors: object) -> int:
    """Return the HTTP status of a form page: 422 when something has to be mended."""
    return 422 if errors else 200
