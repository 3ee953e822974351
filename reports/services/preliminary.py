"""Printing what was signed at a closing meeting: once in each language, by a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audits.terms import Answer
from reports.models import Preliminary
from reports.services.printing import Printed, Renew
from reports.snapshot.values import moment, names_of, pair_of
from reports.terms import ReportLanguage

if TYPE_CHECKING:
    from audits.models import Audit, ClosingMeeting

# (what is printed, language) → PDF
Typesetter = Callable[[dict[str, Any], str], Printed]


@transaction.atomic
def request_preliminary(*, closing: ClosingMeeting, language: str) -> Preliminary:
    """Return the summary of a closing meeting in a language, made if it is not there."""
    row, _created = Preliminary.objects.get_or_create(
        closing=closing, language=ReportLanguage(language)
    )
    return row


def print_preliminary(row: Preliminary, typeset: Typesetter, _renew: Renew) -> Printed:
    """Return the summary of what was signed."""
    return typeset(contents_of(row.closing), row.language)


def contents_of(closing: ClosingMeeting) -> dict[str, Any]:
    """Return everything that the summary says, as plain data; moments are ISO in Japan time."""
    audit = closing.audit
    site, standard = audit.site, audit.pinned_standard
    return {
        "number": audit.number,
        "meeting": closing.number,
        "site": names_of(site),
        "supplier": names_of(site.supplier),
        "standard": pair_of(standard, "title"),
        "body": names_of(audit.body) if audit.body else None,
        "first_day": moment(audit.started_at),
        "team": _team(audit),
        "held_at": moment(closing.held_at),
        "signed_at": moment(closing.signed_at),
        "recorded_by": closing.recorded_by.name,
        "representative": closing.representative,
        "function": closing.function,
        "remarks": closing.remarks,
        "reason": closing.reason,
        "signature": closing.signature,
        "findings": [
            {
                "code": row.code,
                "title": pair_of(row, "title"),
                "judgement": row.judgement,
                "severity": row.severity,
                "text": row.text,
                "contested": row.contested,
                "words": row.words,
            }
            for row in closing.told
        ],
    }


def _team(audit: Audit) -> list[dict[str, str]]:
    places = audit.team.filter(answer=Answer.ACCEPTED).select_related("auditor__user")
    return [
        {
            "name": place.auditor.user.name,
            "number": place.auditor.registration_number,
            "function": place.function,
        }
        for place in places.order_by("pk")
    ]
