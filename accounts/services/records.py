"""Writing hash-chained records, and verifying that nobody changed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from accounts.models import ChainEntry, Organisation, OrganisationEvent
from accounts.models.records import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User


@dataclass(frozen=True)
class Broken:
    """Where a chain is broken: of what, sequence number (0 when the end is missing), why."""

    number: str
    sequence: int
    reason: str


def chain_on(last: ChainEntry | None, entry: ChainEntry) -> None:
    """Append `entry` after `last`; the caller holds the lock on what the chain is about."""
    link(last, entry, timezone.now())
    entry.save(force_insert=True)


def link(last: ChainEntry | None, entry: ChainEntry, at: datetime) -> None:
    """Make `entry` the one after `last` without saving it; `at` is a moment in UTC."""
    entry.sequence = last.sequence + 1 if last else 1
    entry.previous_hash = last.hash if last else GENESIS
    entry.at = at
    entry.hash = entry.compute_hash()


def record(
    *,
    organisation: Organisation,
    actor: User | None,
    act: str,
    comment: str = "",
    payload: dict[str, Any] | None = None,
) -> OrganisationEvent:
    """Append one entry to an organisation's record, inside the transaction of what it tells.

    `payload` holds values of JSON. The organisation's row is locked until the transaction ends.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    last = OrganisationEvent.objects.filter(organisation=organisation).order_by("-sequence").first()
    event = OrganisationEvent(
        organisation=organisation, actor=actor, act=act, comment=comment, payload=payload or {}
    )
    chain_on(last, event)
    return event


class Entry(NamedTuple):
    """What one entry of an organisation's record says; `payload` holds values of JSON."""

    act: str
    payload: dict[str, Any]


def record_all(*, organisation: Organisation, actor: User | None, entries: Iterable[Entry]) -> None:
    """Append many entries to an organisation's record in their order, with few queries.

    As `record`: inside the transaction of what they tell, and with the organisation's row locked.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    last = OrganisationEvent.objects.filter(organisation=organisation).order_by("-sequence").first()
    events = []
    for entry in entries:
        event = OrganisationEvent(
            organisation=organisation, actor=actor, act=entry.act, payload=entry.payload
        )
        link(last, event, timezone.now())
        events.append(event)
        last = event
    OrganisationEvent.objects.bulk_create(events, batch_size=500)


def first_break(name: str, entries: Iterable[ChainEntry]) -> Broken | None:
    """Return the first broken entry of one chain (given in order), or None; `name` is for people."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.sequence != expected:
            return Broken(name, expected, "the entry is missing")
        if entry.previous_hash != previous:
            return Broken(name, entry.sequence, "it does not follow the entry before it")
        if entry.compute_hash() != entry.hash:
            return Broken(name, entry.sequence, "its content was changed")
        previous, expected = entry.hash, expected + 1
    return None


def verify_organisations(only: Organisation | None = None) -> tuple[int, list[Broken]]:
    """Check the record of every organisation that has one, or of one; return how many, what is broken."""
    checked, broken = 0, []
    recorded = Organisation.objects.filter(pk__in=OrganisationEvent.objects.values("organisation"))
    if only is not None:
        recorded = recorded.filter(pk=only.pk)
    for organisation in recorded.order_by("pk"):
        checked += 1
        entries = OrganisationEvent.objects.filter(organisation=organisation).order_by("sequence")
        if found := first_break(organisation.name_ja, entries.iterator(chunk_size=500)):
            broken.append(found)
    return checked, broken
