"""Lists that name a supplier as it was before a merge land on the one that goes on."""

from __future__ import annotations

import pytest
from django.utils import translation

from audits.services.merging import merge_sites, merge_suppliers
from suppliers.models import Site, Supplier
from suppliers.services.importing import preview_import
from tests.factories import Scheme
from tests.suppliers.test_imports_files import NUMBER
from tests.suppliers.test_imports_service import bring, counts, parse, row

pytestmark = pytest.mark.django_db
OLD = row(法人番号="", 事業者名="旧今治綿業株式会社", 事業所名="旧工場", 工程="製織")


@pytest.fixture(autouse=True)
def merged() -> Supplier:
    """今治綿業 with its number, into which 旧今治綿業 was merged."""
    with translation.override("ja"):
        bring(row())
        bring(OLD)
    keep = Supplier.objects.get(corporate_number=NUMBER)
    drop = Supplier.objects.exclude(pk=keep.pk).get()
    return merge_suppliers(actor=Scheme().owner, keep=keep, drop=drop, reason="同じ会社")


def current() -> Supplier:
    """The one that has the number, or had it."""
    found = Supplier.objects.with_number(NUMBER)
    assert found is not None
    return found


def test_list_with_the_former_name_changes_nothing(merged: Supplier) -> None:
    before = list(Supplier.objects.order_by("pk").values()), list(Site.objects.values())

    outcome = bring(OLD)

    assert counts(outcome) == (0, 0, 1)
    assert before == (list(Supplier.objects.order_by("pk").values()), list(Site.objects.values()))
    assert merged.name_ja in preview_import(actor=None, parsed=parse(OLD)).done[2]


def test_new_site_under_the_former_name_is_one_of_the_merged_supplier(merged: Supplier) -> None:
    outcome = bring(row(法人番号="", 事業者名="旧今治綿業株式会社", 事業所名="新工場"))

    assert counts(outcome) == (1, 0, 0)
    assert Site.objects.get(name_ja="新工場").supplier == merged == current()
    assert current().name_ja == "今治綿業株式会社"


def test_number_with_the_former_name_finds_it_and_does_not_rename_it(merged: Supplier) -> None:
    outcome = bring(row(事業者名="旧今治綿業株式会社", 事業所名="旧工場", 従業員数="60"))

    assert counts(outcome) == (0, 1, 0)
    assert current().name_ja == "今治綿業株式会社"
    assert Site.objects.get(name_ja="旧工場").declared_workers == 60


def test_number_that_was_given_up_still_leads_there_and_does_not_come_back() -> None:
    scheme = Scheme()
    keep = Supplier.objects.get(pk=scheme.supplier.pk)
    merge_suppliers(actor=scheme.owner, keep=keep, drop=current(), reason="番号は誤り")
    assert Supplier.objects.get(pk=keep.pk).corporate_number is None

    outcome = bring(row(事業所名="新工場"))

    assert counts(outcome) == (1, 0, 0)
    keep.refresh_from_db()
    assert (Site.objects.get(name_ja="新工場").supplier, keep.corporate_number) == (keep, None)


def test_row_of_a_merged_site_is_one_of_the_place() -> None:
    one, other = Site.objects.filter(supplier=current()).order_by("created_at")
    home = merge_sites(actor=Scheme().owner, one=one, other=other, reason="同じ工場")
    gone = other if home == one else one

    outcome = bring(row(事業所名=gone.name_ja, 従業員数="99", 工程="染色"))

    assert counts(outcome) == (0, 0, 1)  # nothing is missing there
    assert Site.objects.filter(supplier=current()).count() == 2
    both = [row(事業所名=one.name_ja), row(事業所名=other.name_ja)]
    assert bring(*both).stopped
