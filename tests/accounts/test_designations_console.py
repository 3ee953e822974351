"""The console's page of designations: who reads it, who designates whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Designation
from accounts.terms import Kind, Role
from tests.factories import make_organisation, make_user

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    type(user).objects.filter(pk=user.pk).update(locale="en")
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def test_list_shows_bodies_under_their_secretariat_and_what_is_suspended() -> None:
    secretariat = make_organisation(Kind.SECRETARIAT, name_en="First secretariat")
    body = make_organisation(Kind.AUDIT_BODY, parent=secretariat, name_en="Good body")
    ended = make_organisation(Kind.AUDIT_BODY, parent=secretariat, name_en="Ended body")
    Designation.objects.filter(organisation=ended).update(ends_on=date(2025, 12, 31))
    Designation.objects.filter(organisation=body).update(
        suspended_at=timezone.now(), stops=["accept"], suspension_reason="研修未了"
    )
    observer = make_user(make_organisation(Kind.OBSERVER), Role.READER)

    shown = client_of(observer).get(reverse("console:designations")).content.decode()

    assert shown.index("First secretariat") < shown.index("Good body")
    assert "suspended in part" in shown
    assert "accept applications" in shown
    assert "研修未了" in shown
    assert "not in force" in shown
    assert "Approve" not in shown


def test_secretariat_approves_its_own_bodies_only() -> None:
    secretariat = make_organisation(Kind.SECRETARIAT)
    coordinator = make_user(secretariat, Role.COORDINATOR)
    own = make_organisation(Kind.AUDIT_BODY, parent=secretariat)
    Designation.objects.filter(organisation=own).delete()
    foreign = make_organisation(Kind.AUDIT_BODY)
    client = client_of(coordinator)

    for organisation in (foreign, secretariat):
        address = reverse("console:designate", args=[organisation.pk])
        assert client.get(address).status_code == 403
        assert client.post(address, {"starts_on": "2026-04-01"}).status_code == 403
    address = reverse("console:designate", args=[own.pk])
    assert client.get(address).status_code == 200
    backwards = client.post(address, {"starts_on": "2026-04-01", "ends_on": "2026-03-01"})
    assert backwards.status_code == 422
    assert "ends before it begins" in backwards.content.decode()
    answer = client.post(address, {"starts_on": "2026-04-01", "scope": "全工程"})
    assert answer.status_code == 302
    assert Designation.objects.filter(organisation=own, scope="全工程").count() == 1


def test_owner_designates_secretariats_and_nobody_else_is_designated() -> None:
    owner = make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR)
    secretariat = make_organisation(Kind.SECRETARIAT)
    Designation.objects.filter(organisation=secretariat).delete()
    brand = make_organisation(Kind.BRAND)
    client = client_of(owner)

    address = reverse("console:designate", args=[secretariat.pk])
    assert client.post(address, {"starts_on": "2026-04-01"}).status_code == 302
    assert client.get(reverse("console:designate", args=[brand.pk])).status_code == 403
    reader = make_user(make_organisation(Kind.SCHEME_OWNER), Role.READER)
    assert client_of(reader).get(address).status_code == 403


@pytest.mark.parametrize("kind", [Kind.SUPPLIER, Kind.BRAND])
def test_suppliers_and_brands_do_not_open_the_console(kind: Kind) -> None:
    person = make_user(make_organisation(kind), Role.MANAGER)
    client = client_of(person)

    for name in ("designations", "board"):
        answer = client.get(reverse(f"console:{name}"), follow=True)
        assert answer.status_code == 403, name
