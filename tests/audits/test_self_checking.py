"""The self-check: what is kept, what is carried over, what it would be graded; and no trace of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.terms import Role
from audits.models import AuditEvent, SelfAnswer, SelfCheck
from audits.services.readiness import Given, Readiness
from audits.services.self_checking import clear_answers, keep_answers
from audits.standards.grading import Outcome, grade
from audits.standards.models import Requirement
from audits.standards.services.mapping import Follows, set_mappings
from audits.standards.terms import Relation
from audits.terms import Status
from tests.factories import (
    Scheme,
    audit_at,
    make_next_standard,
    make_profile,
    make_site,
    make_supplier,
    make_user,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User

pytestmark = pytest.mark.django_db


def keep(scheme: Scheme, **said: str) -> None:
    """Say something by code; `r5_7` stands for 5-7."""
    given = {
        code[1:].replace("_", "-"): Given(SelfAnswer(answer), f"{answer}のメモ")
        for code, answer in said.items()
    }
    keep_answers(actor=scheme.manager, site=scheme.site, given=given)


def answers(scheme: Scheme) -> dict[str, SelfAnswer]:
    return {line.code: line.answer for line in Readiness(scheme.site, scheme.manager).lines}


def notes(scheme: Scheme) -> dict[str, str]:
    lines = Readiness(scheme.site, scheme.manager).lines
    return {line.code: line.given.note for line in lines if line.given.note}


def test_everything_is_open_before_the_first_answer(scheme: Scheme) -> None:
    ready = Readiness(scheme.site, scheme.manager)

    assert len(ready.lines) == 84
    assert [len(section.lines) for section in ready.sections] == [9, 6, 9, 2, 22, 15, 8, 7, 6]
    assert ready.done == 0
    assert not ready.is_begun


def test_answers_are_kept_and_changed(scheme: Scheme) -> None:
    keep(scheme, r1_1="met", r5_7="unmet")
    keep(scheme, r5_7="partly")

    found = answers(scheme)
    assert (found["1-1"], found["5-7"], found["5-8"]) == ("met", "partly", "open")
    assert notes(scheme) == {"1-1": "metのメモ", "5-7": "partlyのメモ"}
    assert SelfCheck.objects.count() == 2


def test_what_the_profile_excludes_does_not_apply(scheme: Scheme) -> None:
    make_profile(scheme.site, as_of=date(2025, 1, 1), has_dormitory=True, has_canteen=True)
    before = answers(scheme)
    make_profile(scheme.site, has_dormitory=False, has_canteen=False)
    ready = Readiness(scheme.site, scheme.manager)
    excluded = {line.code: line.reason for line in ready.lines if line.reason}
    conditions = {line.code: line.requirement.condition for line in ready.lines}

    dormitory = [
        code for code, condition in conditions.items() if condition.startswith("dormitory")
    ]
    assert dormitory
    assert set(dormitory) <= set(excluded)
    assert all(excluded.values())
    assert {before[code] for code in dormitory} == {SelfAnswer.OPEN}
    keep(scheme, **{"r" + dormitory[0].replace("-", "_"): "unmet"})
    assert answers(scheme)[dormitory[0]] == SelfAnswer.NOT_APPLICABLE


def test_estimate_is_what_the_grading_functions_say(scheme: Scheme) -> None:
    make_profile(scheme.site, has_dormitory=False)
    ready = Readiness(scheme.site, scheme.manager)
    asked = [line.code for line in ready.lines if not line.reason]
    partly, unmet, not_ours, unsaid = asked[10], asked[20], asked[30], asked[40]
    said = dict.fromkeys(asked, Given(SelfAnswer.MET))
    said[partly] = Given(SelfAnswer.PARTLY)
    said[unmet] = Given(SelfAnswer.UNMET)
    said[not_ours] = Given(SelfAnswer.NOT_APPLICABLE)
    del said[unsaid]
    keep_answers(actor=scheme.manager, site=scheme.site, given=said)
    judged = {
        partly: "nonconforming",
        unmet: "nonconforming",
        not_ours: "not_applicable",
        unsaid: "unassessed",
    }
    outcomes = [
        Outcome(
            line.code,
            "not_applicable" if line.reason else judged.get(line.code, "conforming"),
            line.requirement.severity,
        )
        for line in ready.lines
    ]
    better = [
        Outcome(row.code, "conforming", row.severity) if row.code == unsaid else row
        for row in outcomes
    ]

    ready = Readiness(scheme.site, scheme.manager)
    assert ready.estimate == grade(scheme.standard.parameters, outcomes)
    assert ready.at_best == grade(scheme.standard.parameters, better)
    assert ready.estimate != ready.at_best


def test_own_people_only_see_it(scheme: Scheme) -> None:
    audit_at(Status.FIELDWORK, scheme)
    keep(scheme, r1_1="unmet")
    reader = make_user(scheme.supplier.organisation, Role.READER)
    other = make_user(make_supplier().organisation, Role.MANAGER)
    others: list[User] = [
        scheme.owner,
        scheme.coordinator,
        scheme.reviewer,
        scheme.decider,
        scheme.desk,
        scheme.lead.user,
        scheme.brand_user,
        scheme.observer,
        other,
    ]

    for own in (scheme.manager, reader):
        assert SelfCheck.objects.visible_to(own).count() == 1
    for person in others:
        assert not SelfCheck.objects.visible_to(person).exists(), person
        assert not Readiness(scheme.site, person).is_begun
    assert SelfCheck not in admin.site._registry


def test_only_who_acts_for_the_supplier_answers_and_deletes(scheme: Scheme) -> None:
    keep(scheme, r1_1="met")
    reader = make_user(scheme.supplier.organisation, Role.READER)
    for person in (reader, scheme.owner, scheme.lead.user):
        with pytest.raises(PermissionDenied):
            keep_answers(actor=person, site=scheme.site, given={"1-1": Given(SelfAnswer.UNMET)})
        with pytest.raises(PermissionDenied):
            clear_answers(actor=person, site=scheme.site)
    assert answers(scheme)["1-1"] == SelfAnswer.MET


def test_unknown_code_is_refused(scheme: Scheme, english: None) -> None:
    with pytest.raises(ValidationError, match="no requirement 12-1"):
        keep_answers(actor=scheme.manager, site=scheme.site, given={"12-1": Given(SelfAnswer.MET)})


def test_nothing_of_it_is_recorded(scheme: Scheme) -> None:
    audit_at(Status.SUBMITTED, scheme)
    before = AuditEvent.objects.count()
    keep(scheme, r1_1="unmet")
    clear_answers(actor=scheme.manager, site=scheme.site)

    assert AuditEvent.objects.count() == before


def test_everything_is_deleted_for_one_site_only(scheme: Scheme) -> None:
    keep(scheme, r1_1="met", r5_7="unmet")
    second = make_site(scheme.supplier)
    keep_answers(actor=scheme.manager, site=second, given={"1-1": Given(SelfAnswer.PARTLY)})

    assert clear_answers(actor=scheme.manager, site=scheme.site) == 2
    assert set(answers(scheme).values()) == {SelfAnswer.OPEN}
    assert [row.site for row in SelfCheck.objects.all()] == [second]


def next_version(scheme: Scheme) -> None:
    """Bring a version into force today: 5-7 is changed, 5-8 reworded, all others are the same."""
    standard = make_next_standard(
        effective_on=timezone.localdate(), changed=("5-7", "5-8"), active=False
    )
    set_mappings(
        actor=scheme.owner,
        standard=standard,
        rows={
            "5-7": Follows(Relation.CHANGED, "5-7"),
            "5-8": Follows(Relation.REWORDED, "5-8"),
        },
    )
    type(standard).objects.filter(pk=standard.pk).update(
        status="active", content_hash="0" * 64, activated_at=timezone.now()
    )


def test_new_version_takes_over_what_is_unchanged(scheme: Scheme) -> None:
    keep(scheme, r1_1="met", r5_7="met", r5_8="met")
    next_version(scheme)

    ready = Readiness(scheme.site, scheme.manager)
    assert ready.standard is not None
    assert ready.standard.version == "2027"
    found = answers(scheme)
    assert (found["1-1"], found["5-7"], found["5-8"]) == ("met", "open", "open")
    # What was written to oneself is not lost, whatever became of the requirement.
    assert set(notes(scheme)) == {"1-1", "5-7", "5-8"}
    assert SelfCheck.objects.count() == 3  # reading writes nothing


def test_first_answer_under_a_new_version_keeps_the_others(scheme: Scheme) -> None:
    keep(scheme, r1_1="met", r5_7="met")
    next_version(scheme)
    keep(scheme, r5_9="unmet")
    keep(scheme, r1_1="open")

    found = answers(scheme)
    assert (found["1-1"], found["5-7"], found["5-9"]) == ("open", "open", "unmet")
    assert set(notes(scheme)) == {"1-1", "5-7", "5-9"}
    assert clear_answers(actor=scheme.manager, site=scheme.site) == 5  # of both versions
    assert set(answers(scheme).values()) == {SelfAnswer.OPEN}


def test_answers_of_a_colleague_stand_when_another_carries_over(scheme: Scheme) -> None:
    keep(scheme, r1_1="met", r1_2="met")
    next_version(scheme)
    stale = Readiness(scheme.site, scheme.manager)
    keep(scheme, r1_1="unmet")
    assert not stale.is_stored
    new = Requirement.objects.get(standard__version="2027", code="1-1")

    assert SelfCheck.objects.get(requirement=new).answer == SelfAnswer.UNMET
    keep(scheme, r1_2="partly")
    assert answers(scheme)["1-1"] == SelfAnswer.UNMET


@pytest.mark.parametrize("count", [1, 3, 84])
def test_number_of_queries_stays(
    scheme: Scheme, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_profile(scheme.site)
    codes = [line.code for line in Readiness(scheme.site, scheme.manager).lines][:count]
    given = dict.fromkeys(codes, Given(SelfAnswer.MET, "x"))
    with django_assert_num_queries(QUERIES_KEEP):
        keep_answers(actor=scheme.manager, site=scheme.site, given=given)
    with django_assert_num_queries(QUERIES_READ):
        assert Readiness(scheme.site, scheme.manager).done >= count


QUERIES_KEEP, QUERIES_READ = 7, 4


def test_visit_of_the_future_does_not_decide(scheme: Scheme) -> None:
    make_next_standard(effective_on=timezone.localdate() + timedelta(days=30))

    ready = Readiness(scheme.site, scheme.manager)
    assert ready.standard == scheme.standard
