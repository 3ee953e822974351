"""Whose audits the auditor's pages show, and the path at the top of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.terms import Kind, Role
from audits import policies
from audits.models import Audit
from audits.terms import Actor

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from accounts.models import User


def auditors_only(user: User) -> None:
    """Refuse everybody who is not an auditor of a body (403)."""
    if not accounts.organisation_ids(user, Kind.AUDIT_BODY, {Role.AUDITOR}):
        raise PermissionDenied


def audit_of(request: UserRequest, number: str, *actors: Actor) -> Audit:
    """Return the audit with that number, with people and profile.

    404 when it is not visible, 403 for people outside its team or, where `actors` are given, for
    those who stand to it in none of these capacities.
    """
    audit = get_object_or_404(
        Audit.objects.visible_to(request.user).with_people().select_related("profile"),
        number=number,
    )
    if policies.member_of(request.user, audit) is None:
        raise PermissionDenied
    if actors and policies.capacities(request.user, audit).isdisjoint(actors):
        raise PermissionDenied
    return audit


def trail(audit: Audit | None = None, *labels: str) -> list[dict[str, Any]]:
    """Return the path to a page: my audits, the audit, and what follows without an address."""
    steps: list[dict[str, Any]] = [{"label": _("My audits"), "url": reverse("portal:my_audits")}]
    if audit is not None:
        steps.append(
            {"label": audit.number, "url": reverse("portal:audit", args=[audit.number])}
            if labels
            else {"label": audit.number}
        )
    return steps + [{"label": label} for label in labels]
