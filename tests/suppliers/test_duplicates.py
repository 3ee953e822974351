"""Proposals of duplicates: found, renewed, dismissed for good, at any number of suppliers."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, OrganisationEvent
from accounts.terms import Kind, Role
from suppliers.models import DuplicateProposal, DuplicateSearch, Supplier
from suppliers.services.duplicates import ask_for_search, dismiss, run_search
from suppliers.terms import Likeness, ProposalState, Strength
from tests.factories import Scheme, make_site, make_supplier, make_user

pytestmark = pytest.mark.django_db
LEAST = 50


def look(least: int = LEAST) -> list[DuplicateProposal]:
    search, _new = ask_for_search(actor=None)
    assert run_search(search.pk, least=least) == DuplicateProposal.objects.waiting().count()
    return list(DuplicateProposal.objects.waiting().order_by("-score", "pk"))


def twins() -> tuple[Supplier, Supplier]:
    return (
        make_supplier(name_ja="株式会社髙橋染工", name_en="", address="今治市見本町1丁目2番"),
        make_supplier(name_ja="(株) 高橋染工", name_en="", address="今治市見本町1-2"),
    )


def test_same_name_and_address_are_proposed_with_what_shows_it() -> None:
    one, other = twins()
    make_supplier(name_ja="株式会社高梁染工", prefecture=33)

    (found,) = look()

    assert {found.first, found.second} == {one, other}
    assert found.signs == [Likeness.NAME, Likeness.ADDRESS]
    assert (found.score, found.strength) == (100, Strength.HIGH)
    assert not found.is_of_sites


def test_second_look_keeps_one_row_and_takes_out_what_is_no_longer_alike() -> None:
    one, _other = twins()
    (found,) = look()
    Supplier.objects.filter(pk=one.pk).update(address="")
    (again,) = look()
    assert (again.pk, again.score) == (found.pk, 75)

    Supplier.objects.filter(pk=one.pk).update(name_ja="別の会社")

    assert look() == []


def test_sites_of_one_supplier_are_proposed_those_of_two_not() -> None:
    supplier, other = make_supplier(), make_supplier()
    one = make_site(supplier, name_ja="本社工場", address="今治市1-1")
    two = make_site(supplier, name_ja="本社 工場", address="今治市1番1")
    make_site(other, name_ja="本社工場", address="今治市1-1")
    make_site(supplier, name_ja="第1工場", name_en="", address="今治市1-1")
    make_site(supplier, name_ja="第2工場", name_en="", address="今治市1-1")

    (found,) = look()

    assert set(found.pair) == {one, two}
    assert found.is_of_sites


def test_dismissed_pair_is_not_proposed_again_and_the_records_say_why() -> None:
    scheme = Scheme()
    twins()
    (found,) = look()

    dismiss(actor=scheme.coordinator, proposal=found, reason=" 親会社と子会社 ")

    assert look() == []
    found.refresh_from_db()
    assert (found.state, found.reason) == (ProposalState.DISMISSED, "親会社と子会社")
    assert found.decided_by == scheme.coordinator
    events = OrganisationEvent.objects.filter(act="duplicate_dismissed", comment="親会社と子会社")
    assert {event.organisation for event in events} == {
        found.first.organisation,
        found.second.organisation,
    }
    with pytest.raises(ValidationError):
        dismiss(actor=scheme.coordinator, proposal=found, reason="もう一度")


def test_dismissing_asks_for_a_reason_and_for_the_right_desk() -> None:
    scheme = Scheme()
    twins()
    (found,) = look()

    with pytest.raises(ValidationError):
        dismiss(actor=scheme.coordinator, proposal=found, reason=" ")
    for person in (scheme.reviewer, scheme.desk, scheme.manager, scheme.observer):
        with pytest.raises(PermissionDenied):
            dismiss(actor=person, proposal=found, reason="違う")
        with pytest.raises(PermissionDenied):
            ask_for_search(actor=person)
    assert found in DuplicateProposal.objects.visible_to(scheme.reviewer)
    assert not DuplicateProposal.objects.visible_to(scheme.manager).exists()
    assert not DuplicateSearch.objects.visible_to(scheme.brand_user).exists()


def test_one_search_at_a_time_and_each_is_run_once() -> None:
    search, new = ask_for_search(actor=None)
    again, new_again = ask_for_search(actor=None)
    assert (new, new_again, again) == (True, False, search)

    assert run_search(search.pk, least=LEAST) == 0
    assert run_search(search.pk, least=LEAST) is None

    search.refresh_from_db()
    assert (search.percent, search.finished_at is not None) == (100, True)
    assert ask_for_search(actor=None)[1]


def test_people_of_one_mail_domain_are_a_sign_unless_everybody_is_there() -> None:
    one, other = make_supplier(name_ja="今治織布工業"), make_supplier(name_ja="今治織布工業所")
    for supplier in (one, other):
        person = make_user(supplier.organisation, Role.MANAGER)
        person.email = f"{person.pk}@imabari.example"
        person.save()
    (found,) = look()
    assert Likeness.DOMAIN in found.signs
    for number, supplier in enumerate((one, other)):
        person = supplier.organisation.memberships.get().user
        person.email = f"{number}@gmail.com"
        person.save()

    (again,) = look()

    assert Likeness.DOMAIN not in again.signs


def queries_of_a_search(suppliers: int) -> int:
    made = Organisation.objects.bulk_create(
        Organisation(kind=Kind.SUPPLIER, name_ja=f"{n}") for n in range(suppliers)
    )
    Supplier.objects.bulk_create(
        Supplier(
            organisation=organisation,
            # Every hundredth is there twice, in two spellings.
            name_ja=f"株式会社{n - n % 2 if n % 200 < 2 else n:05d}織物" + " " * (n % 2),
            prefecture=38,
            address=f"今治市見本町{n % 97}-{n % 89}",
        )
        for n, organisation in enumerate(made)
    )
    search, _new = ask_for_search(actor=None)
    with CaptureQueriesContext(connection) as captured:
        found = run_search(search.pk, least=LEAST)
    assert found == suppliers // 200
    return len(captured)


@pytest.mark.parametrize("suppliers", [400, 10_000])
def test_search_takes_the_same_queries_at_any_number_of_suppliers(suppliers: int) -> None:
    assert queries_of_a_search(suppliers) == 20
