"""What the bar shows to whom: one list, read by the context processor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.terms import Kind, Role
from reports.demo import sign_ins as demo
from suppliers.policies import reads_every_supplier
from ui.navigation import Item, bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from accounts.models import User


def _of(*kinds: Kind, roles: set[str] | None = None) -> Callable[[User], bool]:
    return lambda user: any(policies.organisation_ids(user, kind, roles) for kind in kinds)


def _company(user: User) -> bool:
    return policies.runs_people(user) and not policies.uses_console(user)


def _desk(user: User) -> bool:
    return policies.runs_people(user) and policies.uses_console(user)


# For each noun of the bar (none: by themselves) its entries: label, name of the URL, for whom.
BAR: list[tuple[Any, list[tuple[Any, str, Callable[[User], bool]]]]] = [
    (
        "",
        [
            (_("Today"), "portal:today", _of(Kind.AUDIT_BODY, roles={Role.AUDITOR})),
            (_("My audits"), "portal:my_audits", _of(Kind.AUDIT_BODY, roles={Role.AUDITOR})),
            (
                _("My qualifications"),
                "portal:qualifications",
                _of(Kind.AUDIT_BODY, roles={Role.AUDITOR}),
            ),
            (_("My sites"), "portal:sites", _of(Kind.SUPPLIER)),
            (_("Our audits"), "portal:our_audits", _of(Kind.SUPPLIER)),
            (_("Corrective actions"), "portal:our_corrections", _of(Kind.SUPPLIER)),
            (_("Advisers and auditors"), "portal:our_ties", _of(Kind.SUPPLIER)),
            (_("Shared with us"), "portal:shared", _of(Kind.BRAND)),
            (_("Receipts of consent"), "portal:consents", _of(Kind.BRAND)),
            (_("People"), "people", _company),
            (_("Dashboard"), "console:home", policies.uses_console),
            (_("Board"), "console:board", policies.uses_console),
            (_("Statistics"), "console:statistics", policies.uses_console),
        ],
    ),
    (
        _("Audits"),
        [
            (_("All audits"), "console:audits", policies.uses_console),
            (_("Results"), "console:results", policies.uses_console),
            (_("Corrective actions"), "console:corrections", policies.uses_console),
            (_("Alerts"), "console:alerts", policies.uses_console),
            (_("Appeals"), "console:appeals", policies.uses_console),
            (_("Change notices"), "console:changes", policies.uses_console),
        ],
    ),
    (
        _("Participants"),
        [
            (_("Designations"), "console:designations", policies.uses_console),
            (_("Auditors"), "console:auditors", policies.uses_console),
            (_("Engagements"), "console:engagements", policies.uses_console),
            (_("Suppliers"), "console:suppliers", reads_every_supplier),
            (_("Import suppliers"), "console:import_suppliers", policies.imports_suppliers),
            (_("People"), "people", _desk),
        ],
    ),
    ("", [(_("Standard"), "console:standard", policies.uses_console)]),
    (
        _("Record and settings"),
        [
            (_("Record"), "console:records", policies.uses_console),
            (_("Letters"), "console:letters", policies.oversees_mail),
            (_("Settings"), "console:settings", policies.uses_console),
            (_("Submission targets"), "console:targets", policies.uses_console),
            (_("Printed papers"), "console:papers", policies.is_scheme_owner),
            (_("API clients"), "console:api_clients", policies.administers_scheme),
        ],
    ),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context: the items of the bar for this person; to others the sign-ins of the demo, if it is one."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "demo": demo.shown() if settings.DEMO else None}
    nouns = [
        (noun, [Item(label, reverse(name)) for label, name, fits in entries if fits(user)])
        for noun, entries in BAR
    ]
    return {"nav": bar(nouns, request.path)}
