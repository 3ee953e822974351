"""The demo: every state, unbroken records, the same for the same seed, never among real data."""

from __future__ import annotations

from datetime import date, datetime
from io import StringIO
from random import Random
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, Organisation, User
from audits.models import Audit, Finding, Result
from audits.personal_data import personal_data_in
from audits.services.records import verify_records
from audits.terms import Status
from reports.demo import sign_ins, texts
from reports.demo.clock import walking
from reports.demo.pictures import draw
from reports.demo.plan import Plan, dated
from reports.demo.planned import EVERYTHING
from reports.demo.printing import AT_ONCE
from reports.models import Report
from suppliers.corporate_numbers import is_corporate_number
from suppliers.models import DuplicateProposal, SharingGrant, Supplier
from tests.factories import make_standard, make_supplier
from tests.reports.happenings import check_what_happened, pages

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


@pytest.mark.long
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
    assert not Notice.objects.to_send(timezone.now()).exists()  # no mail about the past
    assert Notice.objects.unread().exists()
    assert SharingGrant.objects.filter(revoked_at=None).exists()
    registered = Supplier.objects.exclude(corporate_number=None)
    assert all(is_corporate_number(row.corporate_number or "") for row in registered)
    # One was registered twice, the second time without its number.
    twice = DuplicateProposal.objects.waiting().get()
    assert {twice.first, twice.second} - set(registered)
    assert sign_ins.PASSWORD in printed
    # Reports are printed in turn, so that a new one need not wait for all of them.
    assert Report.objects.due().count() == AT_ONCE < Report.objects.count()

    check_what_happened()
    for name, address, words in pages():
        client.force_login(User.objects.get(email=sign_ins.address(name)))
        text = client.get(address, follow=True).content.decode()
        assert words in text, (name, address)

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


def numbers(seed: int) -> Random:
    return Random(seed)  # noqa: S311  repeatable on purpose, guards nothing


def days(seed: int) -> list[Plan]:
    rng = numbers(seed)
    return [dated(plan, rng, date(2026, 11, 24), date(2025, 4, 1)) for plan in EVERYTHING]


def test_days_depend_on_the_seed_alone() -> None:
    first, again, other = ([plan.days for plan in days(seed)] for seed in (1, 1, 2))

    assert first == again
    assert first != other


@pytest.mark.parametrize("today", [date(2025, 9, 1), date(2026, 11, 24), date(2027, 1, 2)])
def test_days_follow_each_other_and_none_lies_ahead_or_before_the_scheme(today: date) -> None:
    since = date(2025, 4, 1)
    for plan in EVERYTHING:
        planned = dated(plan, numbers(5), today, since)
        taken = [planned.days[step] for step in plan.steps]
        assert taken == sorted(taken)
        assert since <= taken[0]
        assert taken[-1] <= today


def test_texts_are_written_for_every_requirement_and_name_nobody() -> None:
    written = texts.read("findings")
    codes = make_standard().requirements.values_list("code", flat=True)

    assert set(written) == set(codes)
    assert len({row["text"] for row in written.values()}) == len(codes) == 84
    assert [row["text"] for row in written.values() if personal_data_in(row["text"])] == []


def walk_and_fall() -> None:
    with walking() as clock:
        clock.at(date(2025, 5, 1), 9)
        assert timezone.localdate() == date(2025, 5, 1)
        clock.set(clock.latest.replace(year=clock.latest.year + 1))
        assert timezone.now() == clock.latest
        raise RuntimeError


def test_clock_of_the_demo_stays_inside_its_block() -> None:
    before = timezone.now()
    with pytest.raises(RuntimeError):
        walk_and_fall()

    assert timezone.datetime is datetime  # type: ignore[attr-defined]  # the module's own import
    assert timezone.now() >= before


def test_pictures_are_repeatable_and_differ() -> None:
    rng = numbers(1)
    first, second = draw(rng).getvalue(), draw(rng).getvalue()

    assert first != second
    assert draw(numbers(1)).getvalue() == first
