"""The step of the application in which the supplier chooses who audits: secretariat and body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from accounts.terms import Practice
from audits.forms.routes import RouteForm, key_of_body, key_of_route
from audits.portal.supplier.steps import after, draft_page, show_step
from audits.services.routes import routes_of
from suppliers.portal.access import sent

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.services.routes import Office, Route

# What a supplier should know of each profession before it chooses.
PRACTICES: dict[str, tuple[str | _StrPromise, str | _StrPromise]] = {
    Practice.INSPECTION: (
        gettext_lazy("By an inspection body"),
        gettext_lazy(
            "An inspection body sends a team of its auditors. It suits larger sites, and sites "
            "whose workers speak several languages."
        ),
    ),
    Practice.ATTORNEY: (
        gettext_lazy("By a labour and social security attorney"),
        gettext_lazy(
            "One attorney, often near the site, does the audit. Whoever advises your company "
            "now, or did so lately, may not audit it."
        ),
    ),
}
# How many bodies of a route are shown before somebody looks for another one.
SHOWN = 12


@dataclass(frozen=True)
class Shown:
    """A route as the page shows it: its bodies with what the form sends for each, and how many more."""

    route: Route
    heading: str
    text: str
    key: str
    offices: list[tuple[str, Office]]
    more: int


@draft_page
def choose_route(request: UserRequest, audit: Audit) -> HttpResponse:
    """Choose a body, or leave it to a secretariat; `?q=` looks for a body by its name."""
    routes = routes_of(audit)
    form = RouteForm(**sent(request), actor=request.user, audit=audit, routes=routes)
    if form.is_valid() and form.save():
        return after(request, form.made, "portal:apply_route")
    q = request.GET.get("q", "")[:100]
    return show_step(
        request,
        audit,
        "portal:apply_route",
        "apply_route.html",
        form,
        routes=[_shown(audit, route, q) for route in routes],
        chosen=form["choice"].value(),
        q=q,
    )


def _shown(audit: Audit, route: Route, q: str) -> Shown:
    words = q.casefold().split()
    found = [
        office
        for office in route.offices
        if all(word in f"{office.body.name_ja} {office.body.name_en}".casefold() for word in words)
    ]
    first = found if words else found[:SHOWN]
    # What was chosen before is always there.
    first += [row for row in found[len(first) :] if row.body.pk == audit.body_id]
    heading, text = PRACTICES.get(route.secretariat.practice, (route.secretariat.name, ""))
    return Shown(
        route,
        str(heading),
        str(text),
        key_of_route(route.secretariat),
        [(key_of_body(office.body), office) for office in first],
        len(found) - len(first),
    )
