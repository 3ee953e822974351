"""Proposing the team and fixing the visit through the console."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Kind
from audits.auditors.models import Absence, Qualification
from audits.models import Audit, AuditEvent, TeamMember
from audits.terms import Act, Answer, Status
from benchmarks.assignment import employ
from tests.audits.desks import client_of, send
from tests.factories import (
    Scheme,
    answer_offers,
    audit_at,
    make_auditor,
    make_engagement,
    make_organisation,
    make_site,
)
from ui.calendars import add_months

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries


pytestmark = pytest.mark.django_db


# With three auditors, with thirty and with three hundred.
ASSIGN_QUERIES = 17


def place(auditor: Any) -> str:
    return f"place-{auditor.pk}"


def test_team_is_proposed_in_one_go(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    chosen = {place(scheme.lead): "lead", place(scheme.member): "member"}

    answer = send(scheme.desk, "assign", audit, **chosen)

    assert answer.status_code == 302
    team = TeamMember.objects.filter(audit=audit).values_list("auditor", "function")
    assert set(team) == {(scheme.lead.pk, "lead"), (scheme.member.pk, "member")}
    stale = send(scheme.coordinator, "assign", audit, **chosen)
    assert stale.status_code == 422
    assert "has moved on in the meantime" in stale.content.decode()


def test_refusals_of_a_team_are_sentences(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    scheme.lead.languages = ["ja"]
    scheme.lead.save()

    none = send(scheme.desk, "assign", audit).content.decode()
    assert "exactly one lead auditor" in none
    mute = send(scheme.desk, "assign", audit, **{place(scheme.lead): "lead"})
    assert "Nobody in the team speaks Vietnamese" in mute.content.decode()
    answer = send(
        scheme.desk, "assign", audit, **{place(scheme.lead): "lead", "interpreters": "on"}
    )
    assert answer.status_code == 302


def test_assignment_ranks_the_eligible_and_says_why_not_for_the_others(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    far = make_auditor(scheme.body, prefectures=[1], languages=["ja"])
    lapsed = make_auditor(scheme.body)
    Qualification.objects.filter(auditor=lapsed).update(ends_on=date(2025, 5, 1))

    shown = client_of(scheme.desk).get(reverse("console:assign", args=[audit.number]))

    form = shown.context["form"]
    assert [offer.row.auditor.pk for offer in form.offers][-1] == far.pk
    assert [row.auditor.pk for row in form.shortlist.others] == [lapsed.pk]
    for offer in form.offers:
        parts = offer.merits
        total = parts.languages + parts.near + parts.light + parts.fresh
        assert round(total) == offer.row.score
    text = shown.content.decode()
    assert "The qualification does not hold on every visit day" in text
    assert place(lapsed) not in text
    # A trainee's or member's select offers no function that the qualification does not cover.
    offered = dict(form.fields[place(scheme.member)].choices)
    assert "lead" not in offered
    # And a choice that was not offered is refused.
    forged = send(scheme.desk, "assign", audit, **{place(scheme.member): "lead"})
    assert forged.status_code == 422


@pytest.mark.past_the_record
@pytest.mark.parametrize("count", [3, 30, 300])
def test_assignment_needs_no_more_queries_for_more_auditors(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    employ(scheme, audit, count)
    make_engagement(scheme.supplier, make_auditor().user)
    client = client_of(scheme.desk)
    with django_assert_num_queries(ASSIGN_QUERIES):
        page = client.get(reverse("console:assign", args=[audit.number]))
    assert len(page.content) < 150_000


@pytest.mark.past_the_record
def test_choice_is_kept_while_searching_and_paging(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    employ(scheme, audit, 80)
    chosen = {place(scheme.lead): "lead", place(scheme.member): "member"}
    url = reverse("console:assign", args=[audit.number])
    client = client_of(scheme.desk)

    for look in ({"page": "2"}, {"look": "1", "q": "JB-0001"}, {"show": "unqualified"}):
        page = client.post(url, {"version": audit.version, **chosen, **look})
        assert page.status_code == 200
        form = page.context["form"]
        held = [offer.row.auditor.pk for offer in (*form.picked, *form.offers)]
        assert {scheme.lead.pk, scheme.member.pk} <= set(held)
        assert form[place(scheme.lead)].value() == "lead"
    assert not TeamMember.objects.filter(audit=audit).exists()
    # What is narrowed to one obstacle shows nobody else, and every one of them by paging.
    narrowed = {"version": audit.version, **chosen, "show": "unqualified"}
    others = client.post(url, narrowed).context["list"]
    assert all("unqualified" in row.hindered for row in others.rest)
    assert dict(others.counts)["unqualified"] == others.rest.paginator.count
    # And proposing needs the chosen alone, wherever they stand in the list.
    assert send(scheme.desk, "assign", audit, q="JB-0001", **chosen).status_code == 302


def test_choice_that_is_no_longer_possible_is_refused_with_the_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    today = timezone.localdate()
    Absence.objects.create(auditor=scheme.lead, starts_on=today, ends_on=today)

    answer = send(scheme.desk, "assign", audit, **{place(scheme.lead): "lead"})

    assert answer.status_code == 422
    assert f"{scheme.lead.user.name}: The auditor is not available" in answer.content.decode()


def test_secretariat_looks_at_all_bodies_and_the_body_at_its_own(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    other = make_auditor(make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat))
    url = reverse("console:assign", args=[audit.number])

    wide = client_of(scheme.coordinator).get(url, {"scope": "all"})
    assert [row.auditor.pk for row in wide.context["list"].others] == [other.pk]
    assert "The auditor belongs to another body." in wide.content.decode()
    assert str(other.body) in wide.content.decode()
    assert not client_of(scheme.coordinator).get(url).context["list"].others
    assert not client_of(scheme.desk).get(url, {"scope": "all"}).context["list"].others


@pytest.mark.past_the_record
def test_calendar_shows_other_visits_and_absences(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    day = timezone.localdate()
    elsewhere = audit_at(Status.TEAM_PROPOSED, scheme, site=make_site(scheme.supplier))
    Audit.objects.filter(pk=elsewhere.pk).update(planned_from=day, planned_until=day)
    month_end = add_months(day.replace(day=1), 1) - timedelta(days=1)
    if month_end > day + timedelta(days=2):
        Absence.objects.create(auditor=scheme.lead, starts_on=month_end, ends_on=month_end)

    page = client_of(scheme.desk).get(reverse("console:assign", args=[audit.number]))

    offers = {offer.row.auditor.pk: offer for offer in page.context["form"].offers}
    month = offers[scheme.lead.pk].month
    assert month.clash == elsewhere.number
    assert f"{day.day}: {elsewhere.number}" in month.strip
    if month_end > day + timedelta(days=2):
        assert f"{month_end.day}: away" in month.strip
    # A visit that was cancelled takes nobody's time.
    Audit.objects.filter(pk=elsewhere.pk).update(status=Status.CANCELLED)
    page = client_of(scheme.desk).get(reverse("console:assign", args=[audit.number]))
    offer = next(o for o in page.context["form"].offers if o.row.auditor.pk == scheme.lead.pk)
    assert (offer.month.clash, offer.row.candidate.load) == ("", 0)


def test_one_member_is_replaced_and_the_others_keep_their_answers(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    second = make_auditor(scheme.body)
    url = reverse("console:assign", args=[audit.number])

    page = client_of(scheme.desk).get(url, {"instead": str(scheme.member.pk)})
    form = page.context["form"]
    assert form[place(scheme.lead)].value() == "lead"
    assert not form[place(scheme.member)].value()
    assert f"in the place of {scheme.member.user.name}" in page.content.decode()
    answer = send(
        scheme.desk, "assign", audit, **{place(scheme.lead): "lead", place(second): "member"}
    )

    assert answer.status_code == 302
    audit.refresh_from_db()
    assert (audit.status, audit.team_agreed_at) == (Status.TEAM_PROPOSED, None)
    answers = dict(audit.team.values_list("auditor", "answer"))
    assert answers == {scheme.lead.pk: Answer.ACCEPTED, second.pk: Answer.OFFERED}
    event = AuditEvent.objects.filter(audit=audit, act=Act.PROPOSE_TEAM).latest("sequence")
    assert event.payload["left"] == [scheme.member.registration_number]
    assert event.payload["kept"] == [scheme.lead.registration_number]


def test_visit_is_fixed_by_the_rule_or_with_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    today = timezone.localdate()
    days = {"planned_from": today, "planned_until": today + timedelta(days=1)}

    early = send(scheme.desk, "schedule", audit, **days, person_days="2").content.decode()
    assert "has not accepted yet" in early
    assert "The supplier can still object" in early
    answer_offers(audit)
    Audit.objects.filter(pk=audit.pk).update(team_agreed_at=timezone.now())
    short = send(scheme.desk, "schedule", audit, **days, person_days="0.5").content.decode()
    assert "needs 1 person-days" in short
    reasoned = send(
        scheme.desk, "schedule", audit, **days, person_days="0.5", person_days_reason="半日で足りる"
    )
    assert reasoned.status_code == 302
    audit.refresh_from_db()
    assert (audit.status, audit.planned_from) == (Status.SCHEDULED, today)
