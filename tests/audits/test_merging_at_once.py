"""Merges at the same moment, and a merge beside what else is done to the same supplier."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import OrganisationEvent
from accounts.services.records import verify_organisations
from audits.models import Audit
from audits.services.applying import open_application
from audits.services.merging import merge_sites, merge_suppliers
from suppliers.models import Site, Supplier
from tests.audits.test_two_at_once import at_once
from tests.factories import Scheme, make_site, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_merge_the_same_two_suppliers_each_into_the_other() -> None:
    scheme = Scheme()
    keep = make_supplier()
    merge = partial(merge_suppliers, reason="同じ会社")

    answers = at_once(
        partial(merge, actor=scheme.owner, keep=keep, drop=scheme.supplier),
        partial(merge, actor=scheme.coordinator, keep=scheme.supplier, drop=keep),
        partial(merge, actor=scheme.owner, keep=keep, drop=scheme.supplier),
    )

    assert sorted(len(sentences) for sentences in answers) == [0, 1, 1]
    assert Supplier.objects.current().count() == 1
    assert OrganisationEvent.objects.filter(act="supplier_merged").count() == 1
    assert verify_organisations()[1] == []


def test_application_and_merge_of_its_site_wait_for_each_other() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)

    at_once(
        partial(merge_sites, actor=scheme.owner, one=scheme.site, other=other, reason="同じ工場"),
        partial(
            open_application,
            actor=scheme.manager,
            site=other,
            secretariat=scheme.secretariat,
            body=scheme.body,
        ),
    )

    merged = Site.objects.exclude(merged_into=None)
    assert not Audit.objects.open().filter(site__in=merged).exists()
