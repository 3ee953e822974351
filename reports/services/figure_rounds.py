"""The nightly look at the figures: each place is compared once a week, and errors are told of."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

import structlog
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.letters import letter
from accounts.services.notices import notify
from accounts.services.people import scheme_office
from reports.services import counting
from reports.services.figures import uncounted, wrong_counters

if TYPE_CHECKING:
    from reports.services.figures import Difference

log = structlog.get_logger(__name__)

# Nights after which every place has had its turn.
ROUND = 7
# What is written into a log or a letter; `rebuild_figures --verify` names the rest.
NAMED = 10
MEND = _("Have your operator run the command `rebuild_figures`, which puts them right.")
DIFFER = letter(
    "figures-differ",
    _("The figures of the scheme do not agree with the issued results"),
    to=(_("Scheme owner"),),
    when=_("The nightly comparison found wrong figures"),
    group=_("Scheme"),
    urgent=True,
    example_body=MEND,
)


def check_night(day: date, *, seconds: float) -> list[Difference]:
    """Compare the places whose night it is with the frozen answers, and tell of what is wrong.

    Begins nothing new after so many seconds; what is left over then has its turn in a week.
    """
    stop = time.monotonic() + seconds
    found, places = uncounted(NAMED), places_of(day)
    for done, place in enumerate(places):
        if time.monotonic() > stop:
            log.warning("figures_not_all_checked", left=len(places) - done)
            break
        found += wrong_counters(NAMED, only=place)
    if found:
        _tell(day, found)
    return found


def places_of(day: date) -> list[tuple[str, str]]:
    """Return the (dimension, key) whose turn it is; no list of turns is kept, so none is lost."""
    tonight = day.toordinal() % ROUND
    return [
        place
        for place in counting.all_places()
        if crc32(" ".join(place).encode()) % ROUND == tonight
    ]


def _tell(day: date, found: list[Difference]) -> None:
    named = [str(difference) for difference in found[:NAMED]]
    log.error("figures_differ", differences=named)
    notify(
        scheme_office(),
        f"figures-differ:{day}",
        lambda: DIFFER.message(
            body="\n".join([str(MEND), "", *named]), path=reverse("console:home")
        ),
    )
