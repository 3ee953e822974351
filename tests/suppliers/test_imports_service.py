"""Importing into the database: all or nothing, twice as once, and in few queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Membership, Organisation, User
from accounts.terms import Kind, Role
from suppliers.corporate_numbers import make_corporate_number
from suppliers.imports import Parsed, SupplierRow, read_suppliers
from suppliers.models import Site, SiteProfile, Supplier
from suppliers.services.importing import import_suppliers
from suppliers.services.plans import Outcome
from tests.suppliers.test_imports_files import HEADER, NUMBER, ROW, csv_text

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.django_db
OTHER = make_corporate_number("123456789012")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def parse(*rows: Sequence[object]) -> Parsed[SupplierRow]:
    return read_suppliers(csv_text(HEADER, *rows).encode(), "list.csv")


def bring(*rows: Sequence[object], skip_bad: bool = False) -> Outcome:
    return import_suppliers(actor=None, parsed=parse(*rows), skip_bad=skip_bad)


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.created, outcome.updated, outcome.skipped


def row(**changed: object) -> list[object]:
    """The sample row with other cells, by our heading."""
    return [changed.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def test_import_creates_supplier_organisation_and_site() -> None:
    assert counts(bring(ROW)) == (1, 0, 0)
    supplier = Supplier.objects.get()
    assert supplier.corporate_number == NUMBER
    assert (supplier.name_ja, supplier.name_kana) == ("今治綿業株式会社", "イマバリメンギョウ")
    assert supplier.established_on == date(1985, 4, 1)
    assert (supplier.organisation.kind, supplier.organisation.name_ja) == (
        Kind.SUPPLIER,
        "今治綿業株式会社",
    )
    site = Site.objects.get()
    assert (site.supplier, site.name_ja, site.prefecture) == (supplier, "本社工場", 38)
    assert (site.processes, site.declared_workers) == (["weaving", "dyeing"], 46)
    supplier.full_clean()
    site.full_clean()
    # How the 46 divide by sex and contract is unknown: no profile is invented.
    assert not SiteProfile.objects.exists()


def test_import_twice_changes_nothing() -> None:
    second = row(事業所名="第二工場")
    bring(ROW, second)
    before = list(Site.objects.values()), list(Supplier.objects.values())
    assert counts(bring(ROW, second)) == (0, 0, 2)
    assert before == (list(Site.objects.values()), list(Supplier.objects.values()))


def test_import_updates_what_the_file_says_and_leaves_the_rest() -> None:
    bring(ROW)
    long_ago = timezone.now() - timedelta(days=9)
    Site.objects.update(os_id="JP2020000000000", updated_at=long_ago)
    changed = row(従業員数="50", 工程="", 所在地="", 設立日="", 事業者名="今治タオル株式会社")
    assert counts(bring(changed)) == (0, 1, 0)
    site = Site.objects.get()
    assert (site.declared_workers, site.processes) == (50, ["weaving", "dyeing"])
    assert (site.address, site.os_id) == ("今治市片原町1-1", "JP2020000000000")
    assert site.updated_at > long_ago
    supplier = Supplier.objects.select_related("organisation").get()
    assert supplier.name_ja == supplier.organisation.name_ja == "今治タオル株式会社"
    assert supplier.established_on == date(1985, 4, 1)


def test_import_finds_a_supplier_without_number_by_name_and_prefecture() -> None:
    bring(row(法人番号=""), row(法人番号="", 都道府県="大阪", 所在地=""))
    assert Supplier.objects.count() == 2
    # Another width of letters is the same name; the number becomes known later.
    outcome = bring(row(事業者名="今治綿業\u3000株式会社", 従業員数="51"))
    assert counts(outcome) == (0, 1, 0)
    assert Supplier.objects.filter(corporate_number=NUMBER, name_ja="今治綿業株式会社").count() == 1
    assert counts(bring(row(法人番号="", 従業員数="52"))) == (0, 1, 0)
    assert Supplier.objects.count() == 2


def test_import_of_an_ambiguous_name_asks_for_the_number() -> None:
    bring(ROW, row(法人番号=OTHER, 事業所名="別工場"))
    outcome = bring(row(法人番号=""))
    assert outcome.stopped
    assert [(each.row, each.column) for each in outcome.problems] == [(2, "事業者名")]
    assert "Several suppliers" in outcome.problems[0].reason


def test_import_sees_that_a_row_without_number_repeats_one_with_number() -> None:
    outcome = bring(row(法人番号=""), ROW)
    assert outcome.stopped
    assert [(each.row, each.column) for each in outcome.problems] == [(2, "事業所名")]
    assert not Supplier.objects.exists()


def test_import_with_a_bad_row_does_nothing() -> None:
    outcome = bring(ROW, row(事業所名="第二工場", 都道府県="東亜"))
    assert outcome.stopped
    assert counts(outcome) == (0, 0, 0)
    assert [each.row for each in outcome.problems] == [3]
    assert not Organisation.objects.filter(kind=Kind.SUPPLIER).exists()


def test_import_that_skips_bad_rows_brings_the_good_ones() -> None:
    outcome = bring(ROW, row(事業所名="第二工場", 都道府県="東亜", 従業員数="x"), skip_bad=True)
    assert not outcome.stopped
    assert counts(outcome) == (1, 0, 1)
    assert len(outcome.problems) == 2


@pytest.mark.parametrize(
    ("kind", "role", "allowed"),
    [
        (Kind.SCHEME_OWNER, Role.ADMINISTRATOR, True),
        (Kind.SECRETARIAT, Role.COORDINATOR, True),
        (Kind.SECRETARIAT, Role.REVIEWER, False),
        (Kind.SUPPLIER, Role.MANAGER, False),
        (Kind.BRAND, Role.READER, False),
        (Kind.OBSERVER, Role.READER, False),
    ],
)
def test_import_is_for_owner_and_coordinators_of_secretariats(
    kind: Kind, role: Role, allowed: bool
) -> None:
    user = User.objects.create(email="a@example.com")
    organisation = Organisation.objects.create(kind=kind, name_ja="機関")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    if allowed:
        assert counts(import_suppliers(actor=user, parsed=parse(ROW))) == (1, 0, 0)
    else:
        with pytest.raises(PermissionDenied):
            import_suppliers(actor=user, parsed=parse(ROW))
        assert not Supplier.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_import_takes_the_same_queries_for_one_row_and_three(rows: int) -> None:
    numbers = [make_corporate_number(f"{place:012d}") for place in range(rows)]
    for workers, queries in (("10", 9), ("11", 7)):
        parsed = parse(*(row(法人番号=number, 従業員数=workers) for number in numbers))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            import_suppliers(actor=None, parsed=parsed)
        assert len(captured) == queries, [each["sql"][:80] for each in captured]


def test_import_of_ten_thousand_rows_takes_queries_by_batch() -> None:
    parsed = parse(*(row(法人番号="", 事業者名=f"第{place}織布") for place in range(10_000)))
    with CaptureQueriesContext(connection) as captured:
        assert counts(import_suppliers(actor=None, parsed=parsed)) == (10_000, 0, 0)
    assert len(captured) < 400
    assert counts(import_suppliers(actor=None, parsed=parsed)) == (0, 0, 10_000)
