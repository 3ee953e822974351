"""The demo: every state, unbroken records, the same for the same seed, never among real data."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation, User
from audits.models import Audit, Finding, Result
from audits.services.records import verify_records
from audits.terms import Status
from reports.demo import sign_ins
from suppliers.models import Supplier
from tests.factories import make_supplier

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def make() -> str:
    out = StringIO()
    call_command("demo", "--small", stdout=out)
    return out.getvalue()


def picture() -> list[tuple[str, str, str]]:
    """What two runs are compared by: numbers, states and sites."""
    rows = Audit.objects.order_by("number").values_list("number", "status", "site__name_ja")
    return list(rows)


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True


def test_demo_is_complete_repeatable_and_made_once(demo: None, client: Client) -> None:
    """One test for what needs a whole demo: making it twice is enough."""
    with transaction.atomic():
        make()
        first = picture()
        transaction.set_rollback(True)
    printed = make()

    assert picture() == first
    assert set(Audit.objects.values_list("status", flat=True)) == set(Status.values)
    assert verify_records()[1] == []
    assert Finding.objects.filter(judgement="nonconforming").exclude(report_text="").count() > 10
    assert Result.objects.exists()
    assert sign_ins.PASSWORD in printed

    for row in sign_ins.SIGN_INS:
        assert authenticate(username=row.email, password=sign_ins.PASSWORD), row.email
        client.force_login(User.objects.get(email=row.email))
        assert client.get(reverse("home"), follow=True).status_code == 200, row.email

    with pytest.raises(CommandError, match="already"):
        make()
    call_command("demo", "--if-empty", stdout=StringIO())
    assert Audit.objects.count() == len(first)


def test_real_data_is_left_alone(demo: None) -> None:
    make_supplier()

    with pytest.raises(CommandError, match="real data"):
        make()

    assert Supplier.objects.count() == 1


def test_production_is_left_alone(settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False

    with pytest.raises(CommandError, match="ORIME_DEMO"):
        make()

    assert not Organisation.objects.exists()


def test_sign_in_page_shows_the_accounts_in_the_demo_only(
    settings: Settings, client: Client
) -> None:
    settings.DEMO = False
    assert sign_ins.PASSWORD not in client.get(reverse("account_login")).content.decode()

    settings.DEMO = True
    assert sign_ins.PASSWORD in client.get(reverse("account_login")).content.decode()


def test_sign_ins_of_a_database_without_the_demo_are_refused() -> None:
    with pytest.raises(CommandError):
        call_command("demo", "--sign-ins")
