"""What a client reads after suppliers and sites were merged: the same ids, the same results, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.utils import timezone

from audits.services.merging import merge_sites, merge_suppliers
from audits.terms import Status
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant, make_site, make_supplier

if TYPE_CHECKING:
    from tests.api.conftest import Api

pytestmark = pytest.mark.django_db


def test_merged_site_is_read_as_before_and_the_other_is_not(brand: Api, ours: Scheme) -> None:
    other = make_site(ours.supplier)
    shared = audit_at(Status.ISSUED, ours, site=other)
    hidden = audit_at(Status.ISSUED, ours)
    audit_at(Status.DRAFT, ours, site=make_site(ours.supplier))
    make_grant(other, ours.brand, Level.FULL, granted_by=ours.manager)
    before = {path: brand.rows(path) for path in ("sites/", "results/", "corrective-actions/")}
    assert [row["number"] for row in before["results/"]] == [shared.number]

    merge_sites(actor=ours.owner, one=ours.site, other=other, reason="同じ工場")

    changed = brand.rows("sites/")
    assert [{**row, "updated_at": None} for row in changed] == [
        {**row, "updated_at": None} for row in before["sites/"]
    ]
    assert brand.rows("results/") == before["results/"]
    assert brand.rows("corrective-actions/") == before["corrective-actions/"]
    assert brand.json(f"sites/{other.pk}/")["id"] == str(other.pk)
    assert brand.get(f"sites/{ours.site.pk}/").status_code == 404
    assert brand.get(f"audits/{hidden.pk}/findings/").status_code == 404


def test_sites_of_a_merged_supplier_come_again_with_its_new_name(brand: Api, ours: Scheme) -> None:
    make_grant(ours.site, ours.brand, Level.STATUS, granted_by=ours.manager)
    keep = make_supplier(name_ja="残る会社")
    make_site(keep)
    since = quote(timezone.now().isoformat())
    assert brand.rows(f"sites/?updated_since={since}") == []

    merge_suppliers(actor=ours.owner, keep=keep, drop=ours.supplier, reason="同じ会社")

    (row,) = brand.rows(f"sites/?updated_since={since}")
    assert (row["id"], row["supplier"]["name_ja"]) == (str(ours.site.pk), "残る会社")
