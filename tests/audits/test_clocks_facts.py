"""The clocks of the check of facts: reminders, silence taken as yes, answers that are missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from accounts.models import Notice, User
from audits.models import Audit, CommentDraft, FindingComment, SchemeSettings
from audits.services import deciding, fieldwork
from audits.services.clocks.facts import (
    accept_facts_when_over,
    remind_of_answers,
    remind_of_facts,
)
from audits.services.commenting import keep_comments
from audits.terms import Act, Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from datetime import date

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    scheme = Scheme()
    User.objects.update(locale="en")
    return scheme


def due(audit: Audit) -> date:
    audit.refresh_from_db()
    assert audit.due_on is not None
    return audit.due_on


def about(person: User, words: str) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(recipient=person, subject__contains=words)
    return list(notices.values_list("subject", "path"))


def test_supplier_is_reminded_of_the_facts_before_the_day_and_on_it(scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    day = due(audit)

    assert remind_of_facts(day - timedelta(days=4)) == 0
    assert remind_of_facts(day - timedelta(days=3)) == 1
    assert remind_of_facts(day - timedelta(days=2)) == 0
    assert remind_of_facts(day) == 1
    assert remind_of_facts(day) == 0
    assert remind_of_facts(day + timedelta(days=3)) == 0  # the facts are accepted by then
    found = about(scheme.manager, "count as accepted")
    assert len(found) == 2
    assert found[0][1].endswith("/facts/")
    assert about(scheme.lead.user, "count as accepted") == []


def test_silence_is_taken_as_yes_and_everybody_is_told(scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    keep_comments(actor=scheme.manager, audit=audit, act=Act.DISPUTE, texts={"5-7": "違う"})
    day = due(audit)

    assert accept_facts_when_over(day) == 0
    assert accept_facts_when_over(day + timedelta(days=1)) == 1
    assert accept_facts_when_over(day + timedelta(days=1)) == 0

    audit.refresh_from_db()
    assert audit.status == Status.DECISION
    for person in (scheme.manager, scheme.desk, scheme.coordinator):
        assert len(about(person, "No answer came by")) == 1
    assert about(scheme.lead.user, "No answer came by") == []
    assert not CommentDraft.objects.exists()


def test_facts_that_the_supplier_accepts_are_not_called_silence(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert accept_facts_when_over(due(audit) + timedelta(days=99)) == 0
    assert about(scheme.manager, "No answer came by") == []


def test_lead_is_reminded_of_missing_answers_only(scheme: Scheme) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    deciding.dispute(
        actor=scheme.manager, audit=audit, disputes={"5-7": "撤去済みです。", "1-1": "古いです。"}
    )
    day = due(audit)

    assert remind_of_answers(day - timedelta(days=4)) == 0
    assert remind_of_answers(day - timedelta(days=3)) == 1
    assert remind_of_answers(day - timedelta(days=3)) == 0
    [(subject, path)] = about(scheme.lead.user, "for your answer")
    assert "2 comments wait" in subject
    assert path.endswith("/comments/")
    assert about(scheme.member.user, "for your answer") == []
    for comment in FindingComment.objects.filter(answered_at=None):
        fieldwork.answer_comment(actor=scheme.lead.user, comment=comment, text="直しました。")
    assert remind_of_answers(day) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_with_nothing_new_is_cheap(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = audit_at(Status.FACT_CHECK, scheme)
    codes = ("5-7", "1-1", "8-1")[:count]
    deciding.dispute(actor=scheme.manager, audit=audit, disputes=dict.fromkeys(codes, "違う"))
    day = due(audit)
    SchemeSettings.objects.current()
    remind_of_answers(day)

    with django_assert_num_queries(4):
        assert remind_of_answers(day) == 0
