"""The record of an organisation as a timeline that people read: what each act is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from accounts.terms import Effect
from ui.templatetags.ui import day

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from accounts.models import OrganisationEvent

# What is recorded about an organisation, in words. Other rooms add their own acts to this table
# where they are loaded; an act that is not in it shows its code.
ACTS: dict[str, _StrPromise] = {
    "designated": gettext_lazy("Designated"),
    "designation_suspended": gettext_lazy("Designation suspended in part"),
    "designation_suspension_changed": gettext_lazy("Suspension of the designation changed"),
    "designation_lifted": gettext_lazy("Suspension of the designation lifted"),
    "designation_ended": gettext_lazy("End of the designation fixed"),
    "letters_retried": gettext_lazy("Letters that were given up tried again"),
    "person_invited": gettext_lazy("Person invited"),
    "invitation_taken_back": gettext_lazy("Invitation taken back"),
    "invitation_declined": gettext_lazy("Invitation declined"),
    "person_joined": gettext_lazy("Invitation accepted"),
    "role_ended": gettext_lazy("Role ended"),
}
# Acts that bear on the organisation; they are drawn in the colour of a setback.
BAD = {"designation_suspended", "designation_suspension_changed", "designation_ended"}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline, as `ui/parts/timeline.html` shows it."""

    title: str
    at: datetime
    who: str
    tag: str = ""
    text: str = ""
    tone: str = ""


def act_title(act: str) -> str:
    """Return a recorded act in words; an act without words keeps its code."""
    return str(ACTS.get(act, act))


def effects(stops: Iterable[str]) -> str:
    """Return what a suspension stops as one line, in the order of the terms."""
    held = set(stops)
    return _(", ").join(str(effect.label) for effect in Effect if effect in held)


def span(first: date, last: date | None) -> str:
    """Return from when until when a designation is in force."""
    end = day(last) if last else _("until further notice")
    return f"{day(first)} – {end}"


def _designated(payload: dict[str, Any]) -> str:
    last = payload.get("ends_on")
    days = span(
        date.fromisoformat(payload["starts_on"]), date.fromisoformat(last) if last else None
    )
    return " · ".join(filter(None, (days, payload.get("scope", ""))))


def _suspended(payload: dict[str, Any]) -> str:
    return _("Stopped: %(effects)s") % {"effects": effects(payload["stops"])}


def _lifted(payload: dict[str, Any]) -> str:
    return _("Permitted again: %(effects)s") % {"effects": effects(payload["stopped"])}


def _ended(payload: dict[str, Any]) -> str:
    return _("Last day: %(day)s") % {"day": day(date.fromisoformat(payload["ends_on"]))}


def _retried(payload: dict[str, Any]) -> str:
    count = int(payload["count"])
    return ngettext("%(count)d letter", "%(count)d letters", count) % {"count": count}


# What the details of an act say in one line; acts that are not in it say nothing more.
DETAILS: dict[str, Callable[[dict[str, Any]], str]] = {
    "designated": _designated,
    "designation_suspended": _suspended,
    "designation_suspension_changed": _suspended,
    "designation_lifted": _lifted,
    "designation_ended": _ended,
    "letters_retried": _retried,
}


def details(event: OrganisationEvent) -> str:
    """Return what the details of an entry say; nothing when they are not of the expected shape."""
    try:
        return DETAILS[event.act](event.payload) if event.act in DETAILS else ""
    except (KeyError, TypeError, ValueError):
        return ""


def entries(events: Iterable[OrganisationEvent]) -> list[Entry]:
    """Return the record as a timeline, in the order given; `events` come with their actor."""
    return [
        Entry(
            title=act_title(event.act),
            at=event.at,
            who=str(event.actor) if event.actor else _("automatic"),
            text="\n".join(filter(None, (details(event), event.comment))),
            tone="bad" if event.act in BAD else "",
        )
        for event in events
    ]
