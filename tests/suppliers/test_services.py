"""Suppliers' own acts: profiles whose counts add up, sharing and taking back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.terms import Role
from suppliers.models import SharingGrant, SiteProfile
from suppliers.services.registering import create_site, create_supplier, save_profile
from suppliers.services.sharing import grant_sharing, revoke_sharing
from suppliers.terms import Level
from tests.factories import Scheme, make_profile, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def counts(**changes: Any) -> dict[str, Any]:
    return {
        "as_of": timezone.localdate(),
        "workers_male": 10,
        "workers_female": 20,
        "workers_regular": 25,
        "workers_fixed_term": 5,
        **changes,
    }


def test_profile_of_one_day_is_corrected_not_doubled(scheme: Scheme) -> None:
    save_profile(actor=scheme.manager, site=scheme.site, **counts())
    save_profile(
        actor=scheme.manager, site=scheme.site, **counts(workers_male=11, workers_regular=26)
    )

    profile = SiteProfile.objects.get(site=scheme.site)
    assert profile.workers == 31


def test_frozen_profile_stays_as_it_is(scheme: Scheme) -> None:
    frozen = make_profile(scheme.site, frozen_at=timezone.now())

    save_profile(actor=scheme.manager, site=scheme.site, **counts())

    frozen.refresh_from_db()
    assert frozen.workers == 46
    assert SiteProfile.objects.filter(site=scheme.site).count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"workers_regular": 24}, "workers_regular"),
        ({"technical_interns": 31}, "foreign_other"),
        ({"minors": 31}, "minors"),
        ({"as_of": timezone.localdate() + timedelta(days=2)}, "as_of"),
    ],
)
def test_contradicting_counts_are_refused_at_the_field(
    changes: dict[str, Any], field: str, scheme: Scheme
) -> None:
    with pytest.raises(ValidationError) as refusal:
        save_profile(actor=scheme.manager, site=scheme.site, **counts(**changes))

    assert field in refusal.value.message_dict


def test_database_refuses_contradicting_counts_too(scheme: Scheme) -> None:
    profile = make_profile(scheme.site)

    with pytest.raises(IntegrityError), transaction.atomic():
        SiteProfile.objects.filter(pk=profile.pk).update(workers_male=99)


def test_only_the_scheme_registers_suppliers(scheme: Scheme) -> None:
    supplier = create_supplier(actor=scheme.coordinator, name_ja="新しい会社", prefecture=38)

    assert (
        create_site(
            actor=scheme.coordinator, supplier=supplier, name_ja="本社工場", prefecture=38
        ).supplier
        == supplier
    )
    with pytest.raises(PermissionDenied):
        create_supplier(actor=scheme.manager, name_ja="別の会社", prefecture=38)
    with pytest.raises(PermissionDenied):
        create_site(actor=scheme.manager, supplier=supplier, name_ja="工場", prefecture=38)


def test_wrong_corporate_number_is_refused(scheme: Scheme) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_supplier(
            actor=scheme.owner, name_ja="会社", prefecture=38, corporate_number="1234567890123"
        )

    assert "corporate_number" in refusal.value.message_dict


def share(scheme: Scheme, **changes: Any) -> SharingGrant:
    fields: dict[str, Any] = {
        "actor": scheme.manager,
        "site": scheme.site,
        "brand": scheme.brand,
        "level": Level.SUMMARY,
        "ends_on": timezone.localdate() + timedelta(days=30),
        **changes,
    }
    return grant_sharing(**fields)


def test_new_grant_replaces_the_old_one(scheme: Scheme) -> None:
    share(scheme)
    second = share(scheme, level=Level.FULL)

    assert list(SharingGrant.objects.live()) == [second]


def test_taking_back_works_at_once_and_only_once(scheme: Scheme) -> None:
    grant = share(scheme)
    first = revoke_sharing(actor=scheme.manager, grant=grant).revoked_at

    assert revoke_sharing(actor=scheme.manager, grant=grant).revoked_at == first
    assert not SharingGrant.objects.live().exists()


def test_sharing_is_the_suppliers_right(scheme: Scheme) -> None:
    for person in (scheme.owner, scheme.coordinator, scheme.brand_user):
        with pytest.raises(PermissionDenied):
            share(scheme, actor=person)


def test_sharing_with_others_than_brands_or_until_yesterday_is_refused(scheme: Scheme) -> None:
    with pytest.raises(ValidationError):
        share(scheme, brand=scheme.body)
    with pytest.raises(ValidationError):
        share(scheme, ends_on=timezone.localdate() - timedelta(days=1))


def test_reader_of_the_company_does_not_manage(scheme: Scheme) -> None:
    reader = make_user(scheme.supplier.organisation, Role.READER)

    with pytest.raises(PermissionDenied):
        share(scheme, actor=reader)
    with pytest.raises(PermissionDenied):
        save_profile(actor=reader, site=scheme.site, **counts())
