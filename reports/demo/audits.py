"""Makes the whole demo: institutions, suppliers, then every planned audit at a site that fits."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from audits.standards.catalogue import SHIPPED, Catalogue, read_catalogue
from audits.standards.models import Standard
from audits.standards.services import activate_standard, load_catalogue
from audits.terms import AuditKind
from reports.demo.action_plans import make_action_plan
from reports.demo.changes import tell_changes
from reports.demo.clock import Clock, walking
from reports.demo.duplicates import register_twice
from reports.demo.life import Life
from reports.demo.next_version import draft_next_version
from reports.demo.notices import settle_notices
from reports.demo.people import Scheme, make_scheme, suspend_approval
from reports.demo.plan import Plan, dated
from reports.demo.planned import EVERYTHING, SMALL, SUSPENDED_BODY
from reports.demo.register import enter_absences
from reports.demo.sharing import share, share_ahead
from reports.demo.sign_ins import set_passwords
from reports.demo.submitting import submit_results
from reports.demo.suppliers import Place, make_suppliers, make_ties

if TYPE_CHECKING:
    from datetime import date

# Of the supplier of the sign-ins, which has something left to share.
UNSHARED = "本社工場"
# After so many days a further audit is a renewal, before it is a follow-up.
RENEWAL_AFTER = 300


@dataclass(frozen=True)
class Assigned:
    """A plan with its days, at the site where it takes place, as an audit of a kind."""

    plan: Plan
    place: Place
    kind: AuditKind


@transaction.atomic
def make_demo(*, seed: int = 1, small: bool = False) -> int:
    """Make the demo in an empty database and return how many audits it has.

    The same seed gives the same names, numbers and grades on the same day; dates are relative to
    today. Keys and verification codes are random, as everywhere. All or nothing.
    """
    rng = Random(seed)  # noqa: S311  repeatable on purpose, guards nothing
    # What the services keep as text, such as reasons, is kept in the scheme's language.
    with translation.override("ja"), walking() as clock:
        standard = standard_of(clock.today)
        clock.at(standard.effective_on, 9)
        scheme = make_scheme(standard, clock)
        places = make_suppliers(scheme, rng)
        make_ties(places, clock)
        enter_absences([row for body in scheme.bodies for row in body.auditors], clock)
        plans = [
            dated(plan, rng, clock.today, standard.effective_on)
            for plan in (SMALL if small else EVERYTHING)
        ]
        assigned = assign(plans, places, rng)
        lives = [_life(row, scheme, clock, rng) for row in assigned]
        for life in lives:
            life.go()
        share(scheme, [(row.plan, row.place) for row in assigned], clock, not_yet=UNSHARED)
        for life in lives:
            life.go_on()
        share_ahead(scheme, places, clock)
        tell_changes(lives, clock)
        register_twice(places, scheme, clock)
        submit_results(lives, clock)
        make_action_plan(lives, clock)
        suspend_approval(scheme.bodies[SUSPENDED_BODY], scheme, clock)
        draft_next_version(scheme.owner, standard, clock)
        clock.set(clock.latest)
        settle_notices()
        set_passwords()
    return len(assigned)


def standard_of(today: date) -> Standard:
    """Return the version in force, loading the one that ships when there is none."""
    found = Standard.objects.usable_on(today).order_by("effective_on").first()
    if found is not None:
        return found
    catalogue = read_catalogue(SHIPPED)
    if not isinstance(catalogue, Catalogue):
        raise TypeError(f"the catalogue that ships has problems: {catalogue}")
    return activate_standard(standard=load_catalogue(catalogue=catalogue).standard)


def _life(row: Assigned, scheme: Scheme, clock: Clock, rng: Random) -> Life:
    # Its own numbers for each audit: one more draw in one does not change all that follow.
    own = Random(rng.random())  # noqa: S311  as above
    return Life(row.plan, row.place, row.kind, scheme, clock, own)


def assign(plans: list[Plan], places: list[Place], rng: Random) -> list[Assigned]:
    """Give each plan a site, in the order of the applications.

    Sites named by a plan are kept for it. Of the others the least used one that has no open audit
    is taken, in a random but repeatable order.
    """
    named = {place.site.name_ja: place for place in places}
    kept = {plan.site for plan in plans if plan.site}
    free = [place for place in places if place.site.name_ja not in kept]
    rng.shuffle(free)
    done: dict[str, list[Plan]] = {place.site.name_ja: [] for place in places}
    assigned = []
    for plan in sorted(plans, key=lambda row: (row.days["open"], plans.index(row))):
        place = named[plan.site] if plan.site else _site_for(plan, free, done)
        earlier = done[place.site.name_ja]
        assigned.append(Assigned(plan, place, plan.kind or _kind(plan, earlier)))
        earlier.append(plan)
    return assigned


def _site_for(plan: Plan, free: list[Place], done: dict[str, list[Plan]]) -> Place:
    """Return the least used site where no other audit is open by then, of a wished body if any."""
    idle = [
        place
        for place in free
        if all(
            row.ended_on is not None and row.ended_on < plan.days["open"]
            for row in done[place.site.name_ja]
        )
    ]
    wished = [place for place in idle if place.body.number in plan.bodies]
    return min(wished or idle, key=lambda place: len(done[place.site.name_ja]))


def _kind(plan: Plan, earlier: list[Plan]) -> AuditKind:
    results = [row.days["issue"] for row in earlier if "issue" in row.steps]
    if not results or any("void" in row.steps for row in earlier):
        return AuditKind.INITIAL
    apart = (plan.days["open"] - max(results)).days
    return AuditKind.RENEWAL if apart > RENEWAL_AFTER else AuditKind.FOLLOW_UP
