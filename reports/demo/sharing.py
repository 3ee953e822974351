"""What the demo's suppliers share with brands: every level, some taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.services.service_accounts import issue_token
from reports.demo.planned import DYEHOUSE
from suppliers.services.sharing import grant_sharing, revoke_sharing
from suppliers.terms import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.demo.clock import Clock
    from reports.demo.people import Scheme
    from reports.demo.plan import Plan
    from reports.demo.suppliers import Place

# A report that is revised later is worth reading in full.
REVISED = "uphold_appeal"
LEVELS = (Level.FULL, Level.SUMMARY, Level.STATUS)
# Few suppliers show a result without a grade.
UNGRADED_EVERY = 6
REVOKED_EVERY = 5
# Some prolong the first permission a month later, which puts a new one in its place.
CHANGED_EVERY = 4
PURPOSE = "年次の取引先評価のため"


def share(
    scheme: Scheme, walked: Iterable[tuple[Plan, Place]], clock: Clock, *, not_yet: str
) -> None:
    """Share the sites that have a result, each with one to three brands, from a few days after.

    Each brand sees every level. `not_yet` is a site that has shared nothing so far.
    """
    sites = {
        place.site.pk: (plan, place)
        for plan, place in walked
        if "issue" in plan.steps and place.site.name_ja != not_yet
    }
    for number, (plan, place) in enumerate(sites.values()):
        clock.at(plan.days["issue"] + timedelta(days=4), 11, 20)
        last = None
        for index, brand in enumerate(scheme.brands[: 1 + number % 3]):
            last = grant_sharing(
                actor=place.manager,
                site=place.site,
                brand=brand,
                level=_level(plan, number, index),
                ends_on=clock.today + timedelta(days=180 + 30 * (number % 7)),
                future=index == 0,
                ungraded=number % UNGRADED_EVERY == 0,
                purpose=PURPOSE if index == 0 else "",
            )
            clock.tick(3)
        if last is not None and number % REVOKED_EVERY == REVOKED_EVERY - 1:
            clock.tick(24 * 60)
            revoke_sharing(actor=place.manager, grant=last)
        if number % CHANGED_EVERY == CHANGED_EVERY - 1:
            clock.tick(30 * 24 * 60)
            grant_sharing(
                actor=place.manager,
                site=place.site,
                brand=scheme.brands[0],
                level=_level(plan, number, 0),
                ends_on=clock.today + timedelta(days=365),
                future=True,
                ungraded=number % UNGRADED_EVERY == 0,
                purpose=PURPOSE,
            )
    # The account of the brand's machine; `manage.py api_client` prints a token that can be used.
    clock.set(clock.latest)
    issue_token(actor=scheme.owner, brand=scheme.brands[0])


def share_ahead(scheme: Scheme, places: Iterable[Place], clock: Clock) -> None:
    """Let the dyehouse of the sign-ins promise a brand its first result before there is one."""
    place = next(row for row in places if row.site.name_ja == DYEHOUSE)
    with clock.visiting(clock.today - timedelta(days=9), 14, 5):
        grant_sharing(
            actor=place.manager,
            site=place.site,
            brand=scheme.brands[0],
            level=Level.SUMMARY,
            ends_on=clock.today + timedelta(days=365),
            future=True,
            purpose=PURPOSE,
        )


def _level(plan: Plan, number: int, index: int) -> Level:
    return Level.FULL if REVISED in plan.steps else LEVELS[(number // 3 + index) % 3]
