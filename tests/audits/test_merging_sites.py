"""Merging two rows of one place: the place goes on under one, consent and history stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import OrganisationEvent
from audits.models import Audit, AuditEvent, Result, SelfCheck
from audits.services import deciding
from audits.services.applying import open_application
from audits.services.assessment import computed_grade
from audits.services.candidate_facts import last_lead
from audits.services.following_up import followed
from audits.services.merging import home_first, merge_sites
from audits.services.records import verify_records
from audits.terms import AuditKind, ResultStatus, Status
from suppliers import policies
from suppliers.models import SharingGrant, Site
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant, make_site, make_supplier

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def merge(scheme: Scheme, one: Site, other: Site, reason: str = "同じ工場。") -> Site:
    return merge_sites(actor=scheme.owner, one=one, other=other, reason=reason)


def codes(refusal: pytest.ExceptionInfo[ValidationError]) -> list[str | None]:
    return [error.code for error in refusal.value.error_list]


def test_place_goes_on_under_the_audit_under_way_then_the_newest_result() -> None:
    scheme = Scheme()
    oldest, issued, busy = (make_site(scheme.supplier) for _number in range(3))
    audit_at(Status.ISSUED, scheme, site=issued)
    audit_at(Status.DRAFT, scheme, site=busy)

    assert home_first(oldest, issued) == (issued, oldest)
    assert home_first(issued, busy) == (busy, issued)
    assert home_first(scheme.site, oldest) == (scheme.site, oldest)


def test_merged_site_keeps_its_audits_and_begins_nothing_new() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier, name_en="")
    audit = audit_at(Status.ISSUED, scheme)
    Site.objects.filter(pk=scheme.site.pk).update(address="")
    Site.objects.filter(pk=other.pk).update(address="今治市1-1")

    home = merge(scheme, other, scheme.site)

    other.refresh_from_db()
    assert home == scheme.site
    assert home.address == "今治市1-1"  # what it did not say itself
    assert other.merged_into == home
    assert Audit.objects.get(pk=audit.pk).site == home
    assert list(Site.objects.current().filter(supplier=scheme.supplier)) == [home]
    assert set(Site.objects.at_place_of(other)) == {home, other}
    assert not policies.edits_site(scheme.manager, other)
    with pytest.raises(ValidationError):
        open_application(
            actor=scheme.manager, site=other, secretariat=scheme.secretariat, body=scheme.body
        )


def test_brand_sees_after_the_merge_what_it_saw_before_and_no_more() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    mine, theirs = audit_at(Status.ISSUED, scheme), audit_at(Status.ISSUED, scheme, site=other)
    make_grant(scheme.site, scheme.brand, Level.STATUS, granted_by=scheme.manager)
    before = list(SharingGrant.objects.values())

    home = merge(scheme, scheme.site, other)

    assert set(Audit.objects.filter(site__in=Site.objects.at_place_of(home))) == {mine, theirs}
    assert list(Audit.objects.visible_to(scheme.brand_user)) == [mine]
    assert list(Site.objects.visible_to(scheme.brand_user)) == [scheme.site]
    assert list(SharingGrant.objects.values()) == before


def test_history_of_a_place_is_one() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    earlier = audit_at(Status.ISSUED, scheme, site=other)
    audit = audit_at(Status.DECISION, scheme)
    assert followed(scheme.site) is None

    home = merge(scheme, scheme.site, other)

    assert home == scheme.site
    assert followed(home) == earlier
    audit = Audit.objects.with_people().get(pk=audit.pk)
    assert last_lead(audit, 2) == (scheme.lead.pk, 1)
    deciding.issue(actor=scheme.decider, audit=audit, grade=computed_grade(audit).grade)
    result = Result.objects.get(audit=earlier)
    assert result.status == ResultStatus.SUPERSEDED
    assert result.superseded_by is not None
    assert result.superseded_by.audit == audit
    assert verify_records()[1] == []


def test_records_of_both_sites_audits_tell_of_it() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    audits = [audit_at(Status.ISSUED, scheme), audit_at(Status.DRAFT, scheme, site=other)]

    home = merge(scheme, scheme.site, other, reason=" 同じ建物 ")

    for audit in audits:
        entry = AuditEvent.objects.visible_to(scheme.manager).get(audit=audit, act="sites_merged")
        assert entry.comment == "同じ建物"
        assert (entry.payload["site"], entry.payload["merged"]) == (
            str(home.pk),
            str(scheme.site.pk),
        )
    assert OrganisationEvent.objects.filter(
        organisation=scheme.supplier.organisation, act="sites_merged"
    ).exists()
    assert verify_records()[1] == []


def test_two_audits_under_way_stand_in_the_way() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    one, two = audit_at(Status.DRAFT, scheme), audit_at(Status.SUBMITTED, scheme, site=other)

    with pytest.raises(ValidationError) as refused:
        merge(scheme, scheme.site, other)

    assert codes(refused) == ["both_busy"]
    assert one.number in refused.value.messages[0]
    assert two.number in refused.value.messages[0]


def test_only_two_standing_sites_of_one_supplier_are_merged() -> None:
    scheme = Scheme()
    other, third = make_site(scheme.supplier), make_site(scheme.supplier)
    merge(scheme, scheme.site, other)

    for one, two, code in (
        (scheme.site, scheme.site, "same"),
        (scheme.site, make_site(make_supplier()), "same"),
        (scheme.site, other, "merged"),
        (third, other, "merged"),
    ):
        with pytest.raises(ValidationError) as refused:
            merge(scheme, one, two)
        assert codes(refused) == [code]
    with pytest.raises(PermissionDenied):
        merge_sites(actor=scheme.manager, one=scheme.site, other=third, reason="同じ")


def test_third_row_of_a_place_leads_straight_to_the_last() -> None:
    scheme = Scheme()
    second, third = make_site(scheme.supplier), make_site(scheme.supplier)
    assert merge(scheme, scheme.site, second) == scheme.site
    audit_at(Status.DRAFT, scheme, site=third)

    home = merge(scheme, scheme.site, third)

    assert home == third
    assert set(Site.objects.filter(merged_into=third)) == {scheme.site, second}
    second.refresh_from_db()
    assert set(Site.objects.at_place_of(second)) == {scheme.site, second, third}


def test_self_check_follows_where_the_place_has_none() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    audit_at(Status.DRAFT, scheme, site=other)
    requirement = scheme.standard.requirements.get(code="5-7")
    SelfCheck.objects.create(site=scheme.site, requirement=requirement, answer="met")

    home = merge(scheme, scheme.site, other)

    assert SelfCheck.objects.get().site == home == other


def test_follow_up_continues_the_result_of_the_merged_row() -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    audit_at(Status.ISSUED, scheme, site=other)
    home = merge(scheme, scheme.site, other)
    assert home == other
    busy = make_site(scheme.supplier)
    audit_at(Status.DRAFT, scheme, site=busy)

    home = merge(scheme, other, busy)

    assert home == busy
    application = open_application(
        actor=scheme.manager,
        site=home,
        secretariat=scheme.secretariat,
        body=scheme.body,
        kind=AuditKind.FOLLOW_UP,
    )
    assert application.site == home


def test_supplier_finds_both_rows_and_still_decides_who_sees_the_merged_one(
    client: Client,
) -> None:
    scheme = Scheme()
    other = make_site(scheme.supplier)
    audit = audit_at(Status.ISSUED, scheme, site=other)
    third = make_site(scheme.supplier)
    audit_at(Status.DRAFT, scheme, site=third)
    grant = make_grant(other, scheme.brand, granted_by=scheme.manager)
    merge(scheme, other, third)
    client.force_login(scheme.manager)

    def text(name: str, *arguments: object) -> str:
        return client.get(reverse(name, args=arguments)).content.decode()

    assert other.name not in text("portal:sites")
    assert reverse("portal:site", args=[other.pk]) in text("portal:site", third.pk)
    page = text("portal:site", other.pk)
    assert audit.number in page
    assert reverse("portal:site", args=[third.pk]) in page
    assert reverse("portal:apply") not in page
    assert str(other.pk) not in text("portal:apply")
    assert client.get(reverse("portal:profile_edit", args=[other.pk])).status_code == 403
    client.post(reverse("portal:sharing_revoke", args=[other.pk, grant.pk]))
    grant.refresh_from_db()
    assert grant.revoked_at is not None
