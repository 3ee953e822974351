"""Offers of a place in a team and the supplier's time to object: reminders, deadlines, lapses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from accounts.terms import Kind
from audits.models import AuditEvent, SchemeSettings, TeamMember
from audits.services import teams
from audits.services.clocks.offers import (
    end_unanswered_offers,
    remind_of_objections,
    remind_of_offers,
)
from audits.services.perform import perform
from audits.terms import Act, Answer, Status, Threat
from tests.factories import Scheme, audit_at, make_auditor, make_organisation
from ui.calendars import add_business_days

if TYPE_CHECKING:
    from audits.auditors.models import Auditor
    from audits.models import Audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return audit_at(Status.TEAM_PROPOSED, scheme)


def offer_of(audit: Audit, scheme: Scheme) -> TeamMember:
    return TeamMember.objects.get(audit=audit, auditor=scheme.lead)


def told(person: User, words: str) -> int:
    return Notice.objects.filter(recipient=person, subject__contains=words).count()


def read(person: User, name: str, *args: str) -> str:
    client = Client(headers={"accept-language": "en"})
    type(person).objects.filter(pk=person.pk).update(locale="en")
    client.force_login(type(person).objects.get(pk=person.pk))
    return client.get(reverse(name, args=args)).content.decode()


def over(person: User, audit: Audit) -> str:
    """What the page of an offer says that is over."""
    text = read(person, "portal:offer", audit.number)
    assert "This offer is no longer open." in text
    assert '<form class="card form"' not in text
    return text


def test_offer_ends_after_the_business_days_of_the_settings(audit: Audit, scheme: Scheme) -> None:
    days = SchemeSettings.objects.current().offer_days
    ends = add_business_days(timezone.localdate(), days)

    assert offer_of(audit, scheme).answer_by == ends
    assert f"Answer by {ends.day} " in read(scheme.lead.user, "portal:offer", audit.number)
    assert f"{ends.day} " in read(scheme.lead.user, "portal:today")


def test_auditor_is_reminded_once_the_day_before(audit: Audit, scheme: Scheme) -> None:
    ends = offer_of(audit, scheme).answer_by
    assert ends is not None

    assert remind_of_offers(ends - timedelta(days=2)) == 0
    assert remind_of_offers(ends - timedelta(days=1)) == 2
    assert remind_of_offers(ends) == 0


def test_unanswered_offer_lapses_and_somebody_else_is_proposed(
    audit: Audit, scheme: Scheme
) -> None:
    teams.accept_offer(
        actor=scheme.member.user,
        member=audit.team.get(auditor=scheme.member),
        declaration=dict.fromkeys(Threat.values, False),
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    TeamMember.objects.filter(audit=audit).update(answer_by=yesterday)
    assert "The time to answer this offer is over." in read(
        scheme.lead.user, "portal:offer", audit.number
    )
    # Before the clock comes by, a late answer is refused as well.
    late = pytest.raises(ValidationError, match=r"coordinator|調整|担当")
    with late:
        teams.accept_offer(
            actor=scheme.lead.user,
            member=offer_of(audit, scheme),
            declaration=dict.fromkeys(Threat.values, False),
        )
    with late:
        teams.decline_offer(actor=scheme.lead.user, member=offer_of(audit, scheme), reason="忙しい")

    assert end_unanswered_offers(timezone.localdate()) == 1
    assert end_unanswered_offers(timezone.localdate()) == 0

    lapsed = offer_of(audit, scheme)
    assert f"the time to answer ended on {yesterday.day} " in over(scheme.lead.user, audit)
    assert lapsed.answer == Answer.DECLINED
    assert lapsed.decline_reason
    assert AuditEvent.objects.filter(audit=audit, act="offer_lapsed").count() == 1
    assert Notice.objects.filter(recipient=scheme.desk, key__contains="lapsed").count() == 1
    second = make_auditor(scheme.body)
    teams.propose_team(
        actor=scheme.desk,
        audit=audit,
        team=[
            {"auditor": second, "function": "lead"},
            {"auditor": scheme.member, "function": "member"},
        ],
    )
    # The place went to somebody else, and the link still says what became of the offer.
    assert f"the time to answer ended on {yesterday.day} " in over(scheme.lead.user, audit)
    answers = dict(audit.team.values_list("auditor", "answer"))
    assert answers == {second.pk: Answer.OFFERED, scheme.member.pk: Answer.ACCEPTED}


def test_declined_offer_is_told_of_as_such_even_when_the_place_is_gone(
    audit: Audit, scheme: Scheme
) -> None:
    teams.decline_offer(
        actor=scheme.member.user, member=audit.team.get(auditor=scheme.member), reason="出張のため"
    )

    for _time in range(2):
        text = over(scheme.member.user, audit)
        assert f"You declined it on {timezone.localdate().day} " in text
        assert "出張のため" in text
        audit.team.filter(answer=Answer.DECLINED).delete()  # what fixing the visit does


def test_withdrawn_offer_is_told_of_until_there_is_a_new_one(audit: Audit, scheme: Scheme) -> None:
    def propose(*functions: tuple[Auditor, str]) -> None:
        teams.propose_team(
            actor=scheme.desk,
            audit=audit,
            team=[{"auditor": auditor, "function": function} for auditor, function in functions],
        )

    propose((scheme.lead, "lead"))

    text = over(scheme.member.user, audit)
    assert f"It was withdrawn on {timezone.localdate().day} " in text
    # Nothing of the audit that only its team reads.
    assert scheme.lead.user.name not in text
    propose((scheme.lead, "lead"), (scheme.member, "member"))
    assert 'value="accept"' in read(scheme.member.user, "portal:offer", audit.number)


def test_answer_to_an_offer_that_is_over_does_nothing(audit: Audit, scheme: Scheme) -> None:
    place = offer_of(audit, scheme)
    teams.let_lapse(place)
    client = Client()
    client.force_login(scheme.lead.user)

    answer = client.post(
        reverse("portal:offer", args=[audit.number]), {"answer": "decline", "reason": "遅れて"}
    )

    assert answer.status_code == 409
    place.refresh_from_db()
    assert place.decline_reason != "遅れて"


def test_link_to_an_offer_tells_others_nothing(audit: Audit, scheme: Scheme) -> None:
    address = reverse("portal:offer", args=[audit.number])
    for person, status in (
        (make_auditor(scheme.body).user, 404),
        (make_auditor(make_organisation(Kind.AUDIT_BODY)).user, 404),
        (scheme.desk, 403),
        (scheme.brand_user, 404),
    ):
        client = Client()
        client.force_login(person)
        assert client.get(address).status_code == status


def test_offer_of_an_audit_that_ended_says_where_the_audit_stands(
    audit: Audit, scheme: Scheme
) -> None:
    perform(audit, Act.WITHDRAW, actor=scheme.manager)

    text = read(scheme.lead.user, "portal:offer", audit.number)
    assert "This offer is no longer open." in text
    assert "Withdrawn by the supplier" in text


def test_open_offer_keeps_its_day_when_another_place_changes(audit: Audit, scheme: Scheme) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    TeamMember.objects.filter(audit=audit).update(answer_by=tomorrow)
    second = make_auditor(scheme.body)

    teams.propose_team(
        actor=scheme.desk,
        audit=audit,
        team=[
            {"auditor": scheme.lead, "function": "lead"},
            {"auditor": second, "function": "member"},
        ],
    )

    assert offer_of(audit, scheme).answer_by == tomorrow
    assert audit.team.get(auditor=second).answer_by != tomorrow


def test_only_who_must_answer_is_told_to_when_a_team_is_proposed_again(
    audit: Audit, scheme: Scheme
) -> None:
    teams.accept_offer(
        actor=scheme.lead.user,
        member=offer_of(audit, scheme),
        declaration=dict.fromkeys(Threat.values, False),
    )
    second = make_auditor(scheme.body)
    User.objects.update(locale="en")
    Notice.objects.all().delete()

    teams.propose_team(
        actor=scheme.desk,
        audit=audit,
        team=[
            {"auditor": scheme.lead, "function": "lead"},
            {"auditor": second, "function": "member"},
        ],
    )

    address = reverse("portal:offer", args=[audit.number])
    asked = Notice.objects.get(recipient=second.user)
    assert "Answer the offer" in asked.subject
    assert asked.path == address
    kept = Notice.objects.get(recipient=scheme.lead.user)
    assert "Your place stays; you need not answer." in kept.subject
    assert kept.path == reverse("portal:audit", args=[audit.number])
    gone = Notice.objects.get(recipient=scheme.member.user)
    assert "without you" in gone.subject
    assert gone.path == address
    assert "It was withdrawn on" in over(scheme.member.user, audit)


def test_supplier_reads_until_when_and_is_reminded_once(audit: Audit, scheme: Scheme) -> None:
    ends = audit.due_on
    assert ends is not None

    assert f"You may object until {ends.day} " in read(
        scheme.manager, "portal:our_team", audit.number
    )
    assert remind_of_objections(ends - timedelta(days=2)) == 0
    assert remind_of_objections(ends - timedelta(days=1)) == 1
    assert remind_of_objections(ends) == 0
    assert told(scheme.manager, "object to the audit team until") == 1


def test_supplier_who_agreed_is_not_reminded(audit: Audit, scheme: Scheme) -> None:
    teams.agree_team(actor=scheme.manager, audit=audit)

    assert audit.due_on is not None
    assert remind_of_objections(audit.due_on) == 0
