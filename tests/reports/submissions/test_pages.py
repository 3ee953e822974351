"""Submission papers: who makes and fetches them, and their page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.terms import Kind, Role
from audits.models import Result
from audits.terms import ResultStatus
from reports.models import Submission, SubmissionFile, SubmissionTarget
from reports.services.papers import render
from reports.services.printing import Printed
from reports.tasks import render_paper
from reports.terms import JobState
from tests.audits.desks import client_of
from tests.factories import Scheme, make_organisation, make_supplier, make_user

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

from tests.reports.submissions.making import PAPER, QUERIES, made, make, unzip

pytestmark = pytest.mark.django_db


def test_only_managers_of_the_supplier_make_sets(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    reader = make_user(scheme.supplier.organisation, Role.READER)
    stranger = make_user(make_supplier().organisation, Role.MANAGER)
    for person in (reader, stranger, scheme.owner, scheme.coordinator, scheme.brand_user):
        with pytest.raises(PermissionDenied):
            make(scheme, result, target, actor=person)
    address = reverse("portal:submission", args=[result.audit.number])
    for person in (reader, scheme.owner, scheme.coordinator):
        assert client_of(person).get(address).status_code == 200
        assert client_of(person).post(address, {"seen": 1}).status_code == 403


def test_others_fetch_nothing(scheme: Scheme, result: Result, target: SubmissionTarget) -> None:
    row = made(scheme, result, target)
    strangers = [
        make_user(make_supplier().organisation, Role.MANAGER),
        make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR),
        scheme.desk,
        scheme.lead.user,
        scheme.brand_user,
        scheme.observer,
    ]
    for person in strangers:
        client = client_of(person)
        assert client.get(reverse("portal:submission_file", args=[row.pk])).status_code == 404
        assert client.get(reverse("portal:submission_member", args=[row.pk, 1])).status_code == 404
        address = reverse("portal:submission", args=[result.audit.number])
        assert client.get(address).status_code == 404


def test_page_makes_the_set_and_hands_it_out(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    client = client_of(scheme.manager)
    address = reverse("portal:submission", args=[result.audit.number])
    assert "14 months and 3 days" in client.get(address).content.decode()
    answer = {"seen": target.version, "r1_met": "on"}
    refused = client.post(address, answer)
    assert refused.status_code == 422
    assert "Say which paper proves it" in refused.content.decode()
    assert client.post(address, {**answer, "r1_met": "", "r2_day": "2999-01-01"}).status_code == 422

    assert client.post(address, {**answer, "r1_paper": PAPER}).status_code == 302

    row = SubmissionFile.objects.get()
    waiting = client.get(address).content.decode()
    assert "every 4s" in waiting
    assert reverse("portal:submission_file", args=[row.pk]) not in waiting
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert row.submission.number in part
    render_paper(*row.message)
    row.refresh_from_db()
    ready = client.get(address).content.decode()
    assert "every 4s" not in ready
    packed = client.get(reverse("portal:submission_file", args=[row.pk]))
    assert packed["Content-Type"] == "application/zip"
    assert f"{row.submission.number}.zip" in packed["Content-Disposition"]
    files = unzip(packed.content)
    for place, member in enumerate(row.members, start=1):
        assert reverse("portal:submission_member", args=[row.pk, place]) in ready
        alone = client.get(reverse("portal:submission_member", args=[row.pk, place]))
        assert alone.content == files[member["name"]]
    assert client.get(reverse("portal:submission_member", args=[row.pk, 9])).status_code == 404


def test_target_changed_meanwhile_is_looked_at_again(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    SubmissionTarget.objects.update(version=2)
    client = client_of(scheme.manager)
    address = reverse("portal:submission", args=[result.audit.number])

    answer = client.post(address, {"seen": 1})

    assert answer.status_code == 422
    assert "was changed in the meantime" in answer.content.decode()
    assert not Submission.objects.exists()


def test_page_of_a_suspended_result_says_why_there_is_no_button(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    row = made(scheme, result, target)
    Result.objects.filter(pk=result.pk).update(status=ResultStatus.SUSPENDED)

    page = client_of(scheme.manager).get(reverse("portal:submission", args=[result.audit.number]))

    text = page.content.decode()
    assert "The papers cannot be made." in text
    assert "Make the submission papers" not in text
    assert "do not submit this set" in text
    assert reverse("portal:submission_file", args=[row.pk]) in text


def test_failure_is_kept_with_its_reason(
    scheme: Scheme, result: Result, target: SubmissionTarget
) -> None:
    row = make(scheme, result, target)

    def jam(*_: object) -> Printed:
        raise RuntimeError("paper jam")

    assert not render(SubmissionFile, row.pk, typeset=jam)

    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.QUEUED, 1)
    page = client_of(scheme.manager).get(reverse("portal:submission", args=[result.audit.number]))
    assert "paper jam" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_no_more_queries_for_more_sets(
    count: int,
    scheme: Scheme,
    result: Result,
    target: SubmissionTarget,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(count):
        make(scheme, result, target)
    client = client_of(scheme.manager)
    with django_assert_num_queries(QUERIES):
        client.get(reverse("portal:submission", args=[result.audit.number]))
