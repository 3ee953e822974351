"""Merging suppliers: everything goes over, nothing that was said or shared changes, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Invitation, Membership, Notice, OrganisationEvent
from accounts.services.inviting import answer_invitation, invite
from accounts.services.records import verify_organisations
from accounts.terms import Kind, Role
from audits.auditors.models import Engagement
from audits.models import Audit, AuditEvent
from audits.services.merging import (
    counts_of,
    merge_suppliers,
    obstacles_of_suppliers,
    tied_by_merge,
)
from audits.services.records import verify_records
from audits.terms import Status
from reports.models import Snapshot
from suppliers.corporate_numbers import make_corporate_number
from suppliers.models import DuplicateProposal, FormerName, SharingGrant, Site, Supplier
from suppliers.services.duplicates import ask_for_search, run_search
from suppliers.services.registering import create_site
from suppliers.terms import Level, ProposalState
from tests.factories import (
    Scheme,
    audit_at,
    make_engagement,
    make_grant,
    make_organisation,
    make_site,
    make_supplier,
    make_user,
)

pytestmark = pytest.mark.django_db
ONE, OTHER = (make_corporate_number(f"{number:012d}") for number in (1, 2))


def merge(scheme: Scheme, keep: Supplier, drop: Supplier | None = None, **more: Any) -> Supplier:
    more.setdefault("actor", scheme.owner)
    more.setdefault("reason", "同じ会社が二度登録されていた。")
    return merge_suppliers(keep=keep, drop=drop or scheme.supplier, **more)


def codes(refusal: pytest.ExceptionInfo[ValidationError]) -> list[str | None]:
    return [error.code for error in refusal.value.error_list]


def test_everything_goes_over_and_the_row_stays() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)
    keep = make_supplier()
    tie = make_engagement(scheme.supplier, make_user())
    Supplier.objects.filter(pk=scheme.supplier.pk).update(corporate_number=ONE)

    merge(scheme, keep, taken=["corporate_number"])

    keep.refresh_from_db()
    drop = Supplier.objects.get(pk=scheme.supplier.pk)
    assert (keep.corporate_number, drop.corporate_number) == (ONE, None)
    assert (drop.merged_into, drop.name_ja) == (keep, scheme.supplier.name_ja)
    assert Site.objects.get(pk=scheme.site.pk).supplier == keep
    assert Engagement.objects.get(pk=tie.pk).supplier == keep
    assert Audit.objects.get(pk=audit.pk).site_id == scheme.site.pk
    assert list(Supplier.objects.current()) == [keep]
    former = FormerName.objects.get(supplier=keep)
    assert (former.name_ja, former.corporate_number) == (drop.name_ja, ONE)
    assert Supplier.objects.with_number(ONE) == keep


def test_people_of_the_merged_supplier_reach_the_other_and_see_nothing_else() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)
    keep, stranger = make_supplier(), make_supplier()
    there, elsewhere = make_site(keep), make_site(stranger)
    both = make_user(keep.organisation, Role.MANAGER)
    today = timezone.localdate()
    Membership.objects.filter(user=both).update(ends_on=today + timedelta(days=3))
    Membership.objects.create(
        user=both, organisation=scheme.supplier.organisation, role=Role.MANAGER
    )

    merge(scheme, keep)

    manager = type(scheme.manager).objects.get(pk=scheme.manager.pk)
    assert set(Site.objects.visible_to(manager)) == {scheme.site, there}
    assert elsewhere not in Site.objects.visible_to(manager)
    assert list(Audit.objects.visible_to(manager)) == [audit]
    assert list(Supplier.objects.visible_to(manager)) == [keep]
    assert not Membership.objects.filter(organisation=scheme.supplier.organisation).exists()
    # Whoever was in both stays once, for as long as the longer of the two.
    assert Membership.objects.get(user=both, role=Role.MANAGER).ends_on is None
    create_site(actor=manager, supplier=keep, name_ja="新工場", prefecture=38)
    assert Notice.objects.filter(recipient=manager, key=f"merged:{scheme.supplier.pk}").exists()


def test_invitations_lead_to_the_other_once() -> None:
    scheme = Scheme()
    keep = make_supplier()
    head = make_user(keep.organisation, Role.MANAGER)
    ask = {"name": "新任", "role": Role.MANAGER, "email": "new@example.org"}
    first = invite(actor=scheme.manager, organisation=scheme.supplier.organisation, **ask)
    only = {**ask, "email": "only@example.org"}
    second = invite(actor=scheme.manager, organisation=scheme.supplier.organisation, **only)
    invite(actor=head, organisation=keep.organisation, **ask)

    merge(scheme, keep)

    first.refresh_from_db()
    assert not first.is_open
    answer_invitation(
        actor=second.user, invitation=Invitation.objects.get(pk=second.pk), accepted=True
    )
    assert Membership.objects.get(user=second.user).organisation == keep.organisation


def test_records_say_who_merged_what_and_why() -> None:
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)
    keep = make_supplier()

    merge(scheme, keep, actor=scheme.coordinator, taken=["name_en"], reason=" 同一法人 ")

    entry = OrganisationEvent.objects.get(organisation=keep.organisation, act="supplier_merged")
    gone = OrganisationEvent.objects.get(
        organisation=scheme.supplier.organisation, act="supplier_merged_into"
    )
    assert entry.payload == gone.payload
    assert (entry.comment, entry.actor) == ("同一法人", scheme.coordinator)
    assert entry.payload["sites"] == [str(scheme.site.pk)]
    assert entry.payload["audits"] == [audit.number]
    assert entry.payload["fields"] == {"name_en": [keep.name_en, scheme.supplier.name_en]}
    assert [row["user"] for row in entry.payload["memberships"]] == [str(scheme.manager.pk)]
    told = AuditEvent.objects.visible_to(scheme.owner).get(audit=audit, act="supplier_merged")
    assert told.payload["merged"] == str(scheme.supplier.pk)
    assert verify_organisations()[1] == verify_records()[1] == []


def test_what_was_issued_is_not_touched() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    before = list(Snapshot.objects.order_by("pk").values_list("pk", "content", "sha256"))
    assert before

    merge(scheme, make_supplier(name_ja="別名"))

    assert list(Snapshot.objects.order_by("pk").values_list("pk", "content", "sha256")) == before
    assert "別名" not in str(before)
    assert Audit.objects.get(pk=audit.pk).version == audit.version


def test_merge_does_not_change_what_a_brand_sees() -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    keep = make_supplier()
    there = make_site(keep)
    grant = make_grant(there, scheme.brand, Level.FULL)
    assert not Audit.objects.visible_to(scheme.brand_user).exists()

    merge(scheme, keep)

    assert audit not in Audit.objects.visible_to(scheme.brand_user)
    assert list(Site.objects.visible_to(scheme.brand_user)) == [there]
    assert SharingGrant.objects.get() == grant


@pytest.mark.parametrize("who", ["reviewer", "desk", "manager", "brand_user", "observer"])
def test_merge_is_for_those_who_may_import_suppliers(who: str) -> None:
    scheme = Scheme()
    keep = make_supplier()

    with pytest.raises(PermissionDenied):
        merge(scheme, keep, actor=getattr(scheme, who))

    assert Supplier.objects.current().count() == 2


def test_merge_asks_for_a_reason() -> None:
    scheme = Scheme()

    with pytest.raises(ValidationError):
        merge(scheme, make_supplier(), reason=" ")


def test_merging_twice_says_that_it_is_done() -> None:
    scheme = Scheme()
    keep = make_supplier()
    merge(scheme, keep)

    with pytest.raises(ValidationError) as again:
        merge(scheme, keep)
    with pytest.raises(ValidationError) as back:
        merge(scheme, scheme.supplier, keep)

    assert codes(again) == codes(back) == ["merged"]
    assert OrganisationEvent.objects.filter(act="supplier_merged").count() == 1


def test_supplier_is_not_merged_into_itself() -> None:
    scheme = Scheme()

    with pytest.raises(ValidationError) as refused:
        merge(scheme, scheme.supplier)

    assert codes(refused) == ["same"]


def test_two_corporate_numbers_are_two_companies() -> None:
    scheme = Scheme()
    keep = make_supplier(corporate_number=ONE)
    Supplier.objects.filter(pk=scheme.supplier.pk).update(corporate_number=OTHER)

    with pytest.raises(ValidationError) as refused:
        merge(scheme, keep)

    assert codes(refused) == ["two_numbers"]
    assert ONE in refused.value.messages[0]
    assert OTHER in refused.value.messages[0]


def test_secretariat_leaves_audits_of_another_one_to_the_scheme_owner() -> None:
    scheme = Scheme()
    audit_at(Status.SUBMITTED, scheme)
    outsider = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)
    keep = make_supplier()

    with pytest.raises(ValidationError) as refused:
        merge(scheme, keep, actor=outsider)

    assert codes(refused) == ["other_secretariat"]
    assert merge(scheme, keep, actor=scheme.coordinator) == keep


def test_sites_of_one_name_have_to_be_the_same_or_renamed() -> None:
    scheme = Scheme()
    keep = make_supplier()
    twin = make_site(keep, name_ja=scheme.site.name_ja)

    with pytest.raises(ValidationError) as refused:
        merge(scheme, keep)
    assert codes(refused) == ["same_names"]

    merge(scheme, keep, same_sites={scheme.site.pk: twin.pk})
    assert list(Site.objects.current().filter(supplier=keep)) == [scheme.site]


def test_tie_with_the_other_flags_the_running_audit() -> None:
    scheme = Scheme()
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    keep = make_supplier()
    make_engagement(keep, scheme.member.user, body=scheme.body)
    ((found, names),) = tied_by_merge(keep, scheme.supplier)
    assert found == audit
    assert set(names) == {scheme.lead.user.name, scheme.member.user.name}

    merge(scheme, keep)

    assert Audit.objects.get(pk=audit.pk).conflict_found_at is not None
    assert AuditEvent.objects.filter(audit=audit, act="conflict_found").exists()


def test_third_merge_leads_straight_to_the_last() -> None:
    scheme = Scheme()
    second, third = make_supplier(), make_supplier()
    Supplier.objects.filter(pk=scheme.supplier.pk).update(corporate_number=ONE)
    merge(scheme, second)  # the number was wrong: it is left behind

    merge(scheme, third, Supplier.objects.get(pk=second.pk))

    assert set(Supplier.objects.filter(merged_into=third)) == {scheme.supplier, second}
    assert Supplier.objects.with_number(ONE) == third
    assert FormerName.objects.filter(supplier=third).count() == 2


def test_merge_settles_its_proposal_and_keeps_what_was_dismissed() -> None:
    scheme = Scheme()
    rows = [
        make_supplier(name_ja=name, name_en="") for name in ("髙橋染工", "㈱高橋染工", "高橋染工")
    ]
    search, _new = ask_for_search(actor=None)
    run_search(search.pk, least=50)
    keep, drop, third = rows
    pair = {drop.pk, third.pk}
    for row in DuplicateProposal.objects.all():
        if {row.first_id, row.second_id} == pair:
            DuplicateProposal.objects.filter(pk=row.pk).update(state=ProposalState.DISMISSED)
        if {row.first_id, row.second_id} == {keep.pk, third.pk}:
            row.delete()

    merge(scheme, keep, drop)

    states = {
        frozenset((row.first_id, row.second_id)): row.state
        for row in DuplicateProposal.objects.all()
    }
    assert states == {
        frozenset((keep.pk, drop.pk)): ProposalState.MERGED,
        frozenset((keep.pk, third.pk)): ProposalState.DISMISSED,
    }


@pytest.mark.parametrize("sites", [1, 3])
def test_looking_takes_the_same_queries_for_one_site_and_three(sites: int) -> None:
    scheme = Scheme()
    keep = make_supplier()
    partners = {make_site(scheme.supplier): make_site(keep) for _number in range(sites)}

    with CaptureQueriesContext(connection) as captured:
        assert obstacles_of_suppliers(scheme.owner, keep, scheme.supplier, partners) == []
        assert counts_of([keep, scheme.supplier])[keep.pk].sites == sites

    assert len(captured) == 10
