"""A mistyped year is said in a sentence, and what is stored already breaks no page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.auditors.services.registering import add_absence
from audits.models import Audit
from audits.services.applying import fill_in, open_application
from audits.services.conflicts import declare_engagement, end_engagement
from audits.terms import AuditKind, Status
from tests.factories import Scheme, answer_offers, audit_at, make_engagement, open_draft
from ui.calendars import add_months

pytestmark = pytest.mark.django_db

ENDS = ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(9999, 12, 31), 1, date.max),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
        (date.min, -24, date.min),
        (date(1, 2, 1), -1, date.min),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
    ],
)
def test_months_end_where_the_calendar_ends(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


@pytest.mark.parametrize(("first", "last"), [(a, b) for a in ENDS for b in ENDS])
def test_visit_out_of_reach_is_refused_with_a_sentence(
    scheme: Scheme, first: str, last: str
) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    answer_offers(audit)
    client = Client()
    client.force_login(scheme.desk)

    sent = client.post(
        reverse("console:schedule", args=[audit.number]),
        {
            "planned_from": first,
            "planned_until": last,
            "person_days": "9",
            "version": Audit.objects.get().version,
        },
    )

    assert sent.status_code == 422
    audit.refresh_from_db()
    assert audit.planned_from is None


def test_visit_that_ends_years_ahead_is_refused(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    answer_offers(audit)
    client = Client()
    client.force_login(scheme.desk)
    first = timezone.localdate().isoformat()
    days = {"planned_from": first, "planned_until": "9999-12-31", "person_days": "9"}
    version = Audit.objects.get().version

    sent = client.post(
        reverse("console:schedule", args=[audit.number]), {**days, "version": version}
    )

    assert sent.status_code == 422


@pytest.mark.parametrize("day", [date.min, date.max])
def test_preferred_days_out_of_reach_are_refused(scheme: Scheme, day: date) -> None:
    draft = open_draft(scheme, scheme.site)
    for wishes in ({"preferred_from": day}, {"preferred_until": day}):
        with pytest.raises(ValidationError) as refused:
            fill_in(actor=scheme.manager, audit=draft, **wishes)
        assert list(refused.value.message_dict) == list(wishes)
    with pytest.raises(ValidationError):
        open_application(
            actor=scheme.manager,
            site=scheme.site,
            secretariat=scheme.secretariat,
            kind=AuditKind.SPECIAL,
            preferred_from=day,
        )


@pytest.mark.parametrize("day", [date.min, date.max])
def test_engagements_and_absences_out_of_reach_are_refused(scheme: Scheme, day: date) -> None:
    person, today = scheme.lead.user, timezone.localdate()
    tie = make_engagement(scheme.supplier, person)
    for days in ({"starts_on": day}, {"starts_on": today, "ends_on": day}):
        with pytest.raises(ValidationError):
            declare_engagement(
                actor=person, person=person, supplier=scheme.supplier, kind="family", **days
            )
    with pytest.raises(ValidationError):
        end_engagement(actor=scheme.owner, engagement=tie, ends_on=day, reason="契約書")
    for first, last in ((day, today), (today, day), (day, day)):
        with pytest.raises(ValidationError):
            add_absence(actor=person, auditor=scheme.lead, starts_on=first, ends_on=last)


@pytest.mark.parametrize("day", [date.min, date.max, date.max - timedelta(days=30)])
def test_pages_of_an_audit_with_such_days_open(scheme: Scheme, day: date) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    Audit.objects.filter(pk=audit.pk).update(preferred_from=day, preferred_until=day)
    client = Client()
    client.force_login(scheme.desk)

    for name in ("assign", "schedule", "audit"):
        assert client.get(reverse(f"console:{name}", args=[audit.number])).status_code == 200
    assert client.get(reverse("console:board")).status_code == 200
