"""Pages of the console that are read: for whom, what they show, and in how many queries."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.terms import Kind, Role
from audits.auditors.terms import Level
from audits.models import Audit, AuditEvent, CorrectiveAction, Finding
from audits.services.records import append_event
from audits.services.reviewing import take_review
from audits.terms import Status
from tests.factories import (
    Scheme,
    audit_at,
    make_auditor,
    make_engagement,
    make_organisation,
    make_site,
    make_supplier,
    make_user,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

# With one row and with many.
BOARD_QUERIES = 9
LIST_QUERIES = 8
OTHER_QUERIES = {"corrections": 7, "records": 5, "auditors": 8, "designations": 5}
LISTS = ("board", "audits", "corrections", "records", "auditors", "standard", "designations")


def client_of(user: User, language: str = "en") -> Client:
    """A signed-in client; the user is read anew, so that nothing is remembered from before."""
    type(user).objects.filter(pk=user.pk).update(locale=language)
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def page(user: User, name: str, *args: object, query: str = "", language: str = "en") -> str:
    answer = client_of(user, language).get(reverse(f"console:{name}", args=args) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def others(scheme: Scheme, status: Status, count: int) -> None:
    for _one in range(count):
        audit_at(status, scheme, site=make_site(scheme.supplier))


@pytest.mark.parametrize("name", LISTS)
def test_desks_and_observers_read_the_lists_and_nobody_else(name: str, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    readers = (scheme.owner, scheme.coordinator, scheme.reviewer, scheme.desk, scheme.observer)
    for person in readers:
        assert client_of(person).get(reverse(f"console:{name}")).status_code == 200, person
    for person in (scheme.manager, scheme.lead.user, scheme.brand_user, make_user()):
        assert client_of(person).get(reverse(f"console:{name}")).status_code == 403, person
    assert Client().get(reverse(f"console:{name}")).status_code == 302


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.TEAM_PROPOSED, Status.IN_REVIEW, Status.CLOSED]
)
def test_audit_page_is_for_those_who_see_the_audit(status: Status, scheme: Scheme) -> None:
    audit = audit_at(status, scheme)
    stranger = Scheme().coordinator

    for person in (scheme.owner, scheme.coordinator, scheme.desk, scheme.observer):
        assert audit.number in page(person, "audit", audit.number)
    address = reverse("console:audit", args=[audit.number])
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(scheme.manager).get(address).status_code == 403


def test_observer_and_reader_see_pages_without_acts(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    reader = make_user(scheme.secretariat, Role.READER)
    cancel = reverse("console:act", args=[audit.number, "cancel"])
    examine = reverse("console:intake", args=[audit.number])

    shown = page(scheme.coordinator, "audit", audit.number)
    assert cancel in shown
    assert examine in shown
    for person in (scheme.observer, reader, scheme.owner):
        shown = page(person, "audit", audit.number)
        assert cancel not in shown
        assert examine not in shown


def test_board_shows_overdue_first_with_what_is_left(scheme: Scheme) -> None:
    late = audit_at(Status.IN_REVIEW, scheme)
    early = audit_at(Status.IN_REVIEW, scheme, site=make_site(scheme.supplier))
    today = timezone.localdate()
    Audit.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=2))
    Audit.objects.filter(pk=early.pk).update(due_on=today + timedelta(days=3))

    shown = page(scheme.coordinator, "board", language="ja")

    assert "2日超過" in shown
    assert "あと3日" in shown
    assert shown.index(late.number) < shown.index(early.number)
    assert shown.count("weave-strip") == 2


def test_board_names_the_reviewer_only_while_he_or_she_may_review(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    take_review(actor=scheme.reviewer, audit=audit)
    assert f"taken by {scheme.reviewer.name}" in page(scheme.coordinator, "board")

    User.objects.filter(pk=scheme.reviewer.pk).update(is_active=False)

    shown = page(scheme.coordinator, "board")
    assert scheme.reviewer.name not in shown
    assert "no reviewer yet" in shown


def test_board_narrows_to_what_waits_for_the_reader(scheme: Scheme) -> None:
    submitted = audit_at(Status.SUBMITTED, scheme)
    reviewed = audit_at(Status.IN_REVIEW, scheme, site=make_site(scheme.supplier))

    mine = page(scheme.reviewer, "board", query="?mine=on")
    assert reviewed.number in mine
    assert submitted.number not in mine
    mine = page(scheme.coordinator, "board", query="?mine=on")
    assert reviewed.number not in mine
    assert submitted.number in mine


def test_board_says_what_to_do_when_empty(scheme: Scheme) -> None:
    assert "No audit is under way" in page(scheme.coordinator, "board")
    assert "Nothing fits these conditions" in page(scheme.coordinator, "board", query="?mine=on")


@pytest.mark.parametrize("count", [1, 3])
def test_board_needs_no_more_queries_for_more_audits(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others(scheme, Status.IN_REVIEW, count)
    client = client_of(scheme.coordinator)
    with django_assert_num_queries(BOARD_QUERIES):
        client.get(reverse("console:board"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_audits_needs_no_more_queries_for_more_audits(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others(scheme, Status.IN_REVIEW, count)
    client = client_of(scheme.coordinator)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("console:audits"))


@pytest.mark.parametrize("count", [1, 3])
def test_other_lists_need_no_more_queries_for_more_rows(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "6-3", "7-2")[:count])
    for _one in range(count):
        make_engagement(make_supplier(), make_auditor(scheme.body).user)
    client = client_of(scheme.coordinator)
    for name, queries in OTHER_QUERIES.items():
        with django_assert_num_queries(queries):
            client.get(reverse(f"console:{name}"))


def test_list_is_narrowed_searched_and_sorted(scheme: Scheme) -> None:
    first = audit_at(Status.SUBMITTED, scheme)
    site = make_site(scheme.supplier, name_ja="小松工場", name_en="Komatsu", prefecture=17)
    second = audit_at(Status.ACCEPTED, scheme, site=site)

    for query in (
        "?q=小松",
        "?q=komatsu",
        f"?q={second.number}",
        "?status=accepted",
        "?prefecture=17",
    ):
        shown = page(scheme.coordinator, "audits", query=query)
        assert second.number in shown, query
        assert first.number not in shown, query
    shown = page(scheme.coordinator, "audits", query="?o=-number")
    assert shown.index(second.number) < shown.index(first.number)
    assert 'aria-sort="descending"' in shown
    assert "Nothing fits" in page(scheme.coordinator, "audits", query="?q=nowhere")
    # Nonsense in the address is answered with a page.
    page(scheme.coordinator, "audits", query="?o=x&status=y&page=z&body=q")


def test_downloads_hold_what_is_shown_and_no_more(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    hidden = audit_at(Status.ISSUED, Scheme())
    client = client_of(scheme.coordinator)

    for name in ("audits", "corrections", "records"):
        address = reverse(f"console:{name}")
        text = client.get(f"{address}?format=csv").getvalue().decode("utf-8-sig")
        assert audit.number in text
        assert hidden.number not in text
    book = load_workbook(
        io.BytesIO(client.get(reverse("console:audits") + "?format=xlsx").getvalue())
    )
    assert book.active is not None
    assert book.active["A2"].value == audit.number
    none = client.get(reverse("console:audits") + "?format=csv&q=nowhere").getvalue()
    assert audit.number not in none.decode("utf-8-sig")
    auditors = (
        client.get(reverse("console:auditors") + "?format=csv").getvalue().decode("utf-8-sig")
    )
    assert scheme.lead.registration_number in auditors


def test_audit_page_has_everything_and_few_queries(
    scheme: Scheme, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    client = client_of(scheme.coordinator)
    with django_assert_max_num_queries(40):
        shown = client.get(reverse("console:audit", args=[audit.number])).content.decode()

    for words in (
        "Timeline",
        "Documents",
        "Site profile",
        "Corrective actions",
        "Verification code",
    ):
        assert words in shown
    assert scheme.lead.user.name in shown
    assert "1 corrective actions are still open" in shown
    assert len(shown.encode()) < 150_000


def test_audit_page_hides_working_notes_and_pages_speak_japanese(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    Finding.objects.filter(audit=audit).update(working_note="秘密のメモ")

    assert "秘密のメモ" not in page(scheme.observer, "audit", audit.number)
    shown = page(scheme.coordinator, "audit", audit.number, language="ja")
    assert "審査中" in shown
    assert "経過" in shown


def test_records_are_searched_and_verified(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    hidden = audit_at(Status.DRAFT, Scheme())
    address = reverse("console:records")

    shown = page(scheme.coordinator, "records", query=f"?q={audit.number}&act=accept")
    assert audit.number in shown
    assert "Nothing fits" in page(scheme.coordinator, "records", query=f"?q={hidden.number}")
    client = client_of(scheme.coordinator)
    answer = client.post(address, {"number": audit.number.lower()})
    assert "complete and unchanged" in answer.content.decode()
    assert client.post(address, {"number": hidden.number}).status_code == 404
    assert client.post(address, {"all": "1"}).status_code == 403
    assert (
        "2 audits are complete"
        in client_of(scheme.owner).post(address, {"all": "1"}).content.decode()
    )


@pytest.mark.past_the_record
def test_broken_chain_is_named(scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFT, scheme)
    # An entry that says another state than the audit has: as after a change behind the pages' back.
    append_event(audit=audit, actor=None, act="submit", to_status="submitted")

    answer = client_of(scheme.owner).post(reverse("console:records"), {"number": audit.number})

    assert "was changed or is incomplete" in answer.content.decode()
    assert AuditEvent.objects.filter(audit=audit).count() == 2


def test_register_shows_qualifications_and_engagements(scheme: Scheme) -> None:
    make_engagement(make_supplier(name_ja="播州織物", name_en="Banshu"), scheme.lead.user)
    other = make_auditor(make_organisation(Kind.AUDIT_BODY), Level.MEMBER)
    scheme.member.is_active = False
    scheme.member.save()

    shown = page(scheme.coordinator, "auditors", query="?level=lead")
    assert "Banshu" in shown
    assert scheme.lead.registration_number in shown
    assert other.registration_number not in shown
    assert scheme.member.registration_number not in page(scheme.coordinator, "auditors")
    assert scheme.member.registration_number in page(
        scheme.coordinator, "auditors", query="?inactive=on"
    )


def test_standard_page_lists_84_requirements_and_says_provisional(scheme: Scheme) -> None:
    shown = page(scheme.observer, "standard", language="ja")

    assert shown.count('<article class="desk-row requirement"') == 84
    assert "暫定基準" in shown
    assert len(shown.encode()) < 150_000
    address = reverse("console:standard") + "?version=1999"
    assert client_of(scheme.observer).get(address).status_code == 404


def test_overview_of_corrective_actions_is_narrowed(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "7-2"))
    late = CorrectiveAction.objects.get(finding__audit=audit, finding__requirement__code="7-2")
    CorrectiveAction.objects.filter(pk=late.pk).update(
        close_due_on=timezone.localdate() - timedelta(days=1)
    )

    shown = page(scheme.coordinator, "corrections", query="?overdue=on")
    assert "7-2 " in shown
    assert "5-7 " not in shown
    shown = page(scheme.coordinator, "corrections", query="?severity=unacceptable")
    assert "5-7 " in shown
    assert "7-2 " not in shown
    assert "Nothing fits" in page(scheme.coordinator, "corrections", query="?status=closed")
    assert "Nothing fits" in page(scheme.coordinator, "corrections", query="?check=on")
