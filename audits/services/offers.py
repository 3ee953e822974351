"""Offers of a place in a team that are over: what became of them, as the record tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils import timezone

from audits.auditors.models import Auditor
from audits.auditors.terms import Level
from audits.models import Audit, AuditEvent
from audits.terms import Act

if TYPE_CHECKING:
    from accounts.models import User


class End(TextChoices):
    """How an offer came to its end."""

    LAPSED = "offer_lapsed"
    DECLINED = "offer_declined"
    # The place was proposed to somebody else.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class PastOffer:
    """An offer that is over: of which place, how and on which day it ended, with which reason."""

    audit: Audit
    function: Level
    end: End
    on: date
    reason: str = ""


def past_offer(user: User, number: str) -> PastOffer | None:
    """Return what became of the last offer to the user in an audit; None when there was none.

    An auditor whose offer is over no longer sees the audit, and the place itself may be gone with
    the next proposal: the record alone still knows, and no more than this is told of it.
    """
    own = set(Auditor.objects.filter(user=user).values_list("registration_number", flat=True))
    if not own:
        return None
    events = AuditEvent.objects.filter(
        audit__number=number, act__in=(Act.PROPOSE_TEAM, End.LAPSED, End.DECLINED)
    ).select_related("audit__site__supplier")
    found: PastOffer | None = None
    function: Level | None = None  # of the place that is held or offered, as the record goes on
    for event in events.order_by("sequence"):
        day = timezone.localdate(event.at)
        if event.act == Act.PROPOSE_TEAM:
            places = {str(code): Level(place) for code, place in event.payload["team"]}
            offered = next((places[code] for code in own if code in places), None)
            if function is not None and offered is None:
                found = PastOffer(event.audit, function, End.WITHDRAWN, day)
            function = offered
        elif function is not None and event.payload["auditor"] in own:
            stated = event.payload.get("answer_by")  # a lapse is entered the day after it
            over = date.fromisoformat(stated) if stated else day
            found = PastOffer(event.audit, function, End(event.act), over, event.comment)
            function = None
    return None if function is not None else found
