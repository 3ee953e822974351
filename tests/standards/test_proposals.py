"""Two people bring a version into force; its end is fixed with a reason; everything is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Notice, OrganisationEvent
from accounts.services.records import verify_organisations
from accounts.terms import Kind, Role
from accounts.timeline import act_title, entries
from audits.standards.models import RequirementMapping, Standard
from audits.standards.services.activating import (
    confirm_activation,
    propose_activation,
    seal,
    withdraw_proposal,
)
from audits.standards.services.loading import discard_draft, load_catalogue
from audits.standards.services.mapping import Follows, carried_over, set_mappings
from audits.standards.services.retiring import (
    fix_mandatory_from,
    retire_due,
    retire_standard,
    sunset_standard,
)
from audits.standards.terms import Relation, StandardStatus
from tests.factories import (
    make_next_standard,
    make_organisation,
    make_standard,
    make_user,
    next_catalogue,
)

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


class Owner:
    """The scheme owner with two people who may bring a version into force, and a body's desk."""

    def __init__(self) -> None:
        self.organisation = make_organisation(Kind.SCHEME_OWNER)
        self.first = make_user(self.organisation, Role.ADMINISTRATOR)
        self.second = make_user(self.organisation, Role.COORDINATOR)
        self.desk = make_user(make_organisation(Kind.AUDIT_BODY), Role.COORDINATOR)

    @property
    def acts(self) -> list[str]:
        """What stands in the owner's record."""
        rows = OrganisationEvent.objects.filter(organisation=self.organisation)
        return list(rows.order_by("sequence").values_list("act", flat=True))


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def draft(owner: Owner) -> Standard:
    return make_next_standard(active=False)


def soon(days: int = 30) -> date:
    return timezone.localdate() + timedelta(days=days)


def activated(owner: Owner, draft: Standard) -> Standard:
    proposed = propose_activation(actor=owner.first, standard=draft)
    return confirm_activation(actor=owner.second, standard=draft, seen=seal(proposed))


def test_one_proposes_and_another_confirms(owner: Owner, draft: Standard) -> None:
    proposed = propose_activation(actor=owner.first, standard=draft, comment="検討済み")
    assert proposed.status == StandardStatus.DRAFT
    asked = Notice.objects.get()
    assert asked.recipient == owner.second
    assert asked.path.endswith("/act/confirm/")

    standard = confirm_activation(actor=owner.second, standard=draft, seen=seal(proposed))

    assert (standard.status, standard.proposed_by, standard.activated_by) == (
        StandardStatus.ACTIVE,
        owner.first,
        owner.second,
    )
    assert standard.verify()
    assert owner.acts[-2:] == ["standard_proposed", "standard_activated"]
    assert verify_organisations()[1] == []
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert told == {owner.first.pk, owner.second.pk, owner.desk.pk}


def test_the_same_person_cannot_confirm(owner: Owner, draft: Standard) -> None:
    proposed = propose_activation(actor=owner.first, standard=draft)
    with pytest.raises(ValidationError) as refused:
        confirm_activation(actor=owner.first, standard=draft, seen=seal(proposed))
    assert refused.value.code == "same_person"
    with pytest.raises(DatabaseError), transaction.atomic():
        Standard.objects.filter(pk=draft.pk).update(activated_by=owner.first)


def test_only_what_was_looked_at_is_confirmed(owner: Owner, draft: Standard) -> None:
    seen = seal(draft)
    propose_activation(actor=owner.first, standard=draft)
    withdraw_proposal(actor=owner.second, standard=draft, comment="対応付けを直す")
    rows = {"5-7": Follows(Relation.REWORDED, "5-7")}
    assert set_mappings(actor=owner.first, standard=draft, rows=rows) == 1
    propose_activation(actor=owner.first, standard=draft)
    with pytest.raises(ValidationError) as refused:
        confirm_activation(actor=owner.second, standard=draft, seen=seen)
    assert refused.value.code == "changed"


@pytest.mark.parametrize(
    "act",
    [
        lambda user, draft: propose_activation(actor=user, standard=draft),
        lambda user, draft: withdraw_proposal(actor=user, standard=draft),
        lambda user, draft: confirm_activation(actor=user, standard=draft, seen=""),
        lambda user, draft: set_mappings(actor=user, standard=draft, rows={}),
        lambda user, draft: discard_draft(actor=user, standard=draft, reason="x"),
        lambda user, draft: sunset_standard(actor=user, standard=draft, reason="x"),
        lambda user, draft: retire_standard(actor=user, standard=draft, reason="x", on=soon()),
        lambda user, draft: fix_mandatory_from(actor=user, standard=draft, reason="x", on=soon()),
    ],
)
def test_others_may_do_nothing(
    owner: Owner, draft: Standard, act: Callable[[User, Standard], object]
) -> None:
    for user in (owner.desk, make_user(owner.organisation, Role.READER)):
        with pytest.raises(PermissionDenied):
            act(user, draft)


def test_a_proposed_draft_is_not_changed_or_proposed_twice(owner: Owner, draft: Standard) -> None:
    propose_activation(actor=owner.first, standard=draft)
    other = next_catalogue(effective_on=draft.effective_on, changed=("1-1",))
    for act in (
        lambda: propose_activation(actor=owner.second, standard=draft),
        lambda: set_mappings(actor=owner.second, standard=draft, rows={}),
        lambda: discard_draft(actor=owner.second, standard=draft, reason="x"),
        lambda: load_catalogue(catalogue=other, actor=owner.second),
    ):
        with pytest.raises(ValidationError):
            act()


def test_confirming_without_proposal_and_twice_is_refused(owner: Owner, draft: Standard) -> None:
    with pytest.raises(ValidationError):
        confirm_activation(actor=owner.second, standard=draft, seen=seal(draft))
    activated(owner, draft)
    with pytest.raises(ValidationError):
        confirm_activation(actor=owner.second, standard=draft, seen=seal(draft))


def test_two_versions_do_not_take_effect_on_the_same_day(owner: Owner, draft: Standard) -> None:
    activated(owner, draft)
    twin = make_next_standard("2027b", effective_on=draft.effective_on, active=False)
    with pytest.raises(ValidationError) as refused:
        propose_activation(actor=owner.first, standard=twin)
    assert refused.value.code == "same_day"


def test_the_mapping_is_proposed_and_frozen_with_the_version(owner: Owner, draft: Standard) -> None:
    rows = RequirementMapping.objects.filter(requirement__standard=draft)
    assert rows.count() == 84
    assert [row.requirement.code for row in rows.exclude(relation=Relation.UNCHANGED)] == ["5-7"]
    activated(owner, draft)
    with pytest.raises(ValidationError):
        rows.update(relation=Relation.CHANGED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE standards_requirementmapping SET relation = 'changed'")


@pytest.mark.parametrize(
    "row",
    [
        Follows(Relation.NEW, "5-7"),
        Follows(Relation.CHANGED, ""),
        Follows(Relation.CHANGED, "9-99"),
        Follows(Relation.UNCHANGED, "5-8"),
        Follows("other", "5-7"),
    ],
)
def test_rows_of_the_mapping_that_cannot_be(owner: Owner, draft: Standard, row: Follows) -> None:
    with pytest.raises(ValidationError):
        set_mappings(actor=owner.first, standard=draft, rows={"5-7": row})


def test_requirements_carry_over_across_versions_and_back(owner: Owner) -> None:
    first = make_standard()
    second = make_next_standard("2027", effective_on=soon(30), changed=("5-7",))
    third = make_next_standard("2029", effective_on=soon(60), changed=("5-7", "1-1"))
    assert third.previous == second
    carried = carried_over(first, third)
    # 5-7 is the same in the last two, yet another one than in the first.
    assert len(carried) == 82
    assert carried_over(second, third).keys() > carried.keys()
    assert carried_over(third, first) == {old: new for new, old in carried.items()}


def test_a_draft_is_discarded_with_its_mapping(owner: Owner, draft: Standard) -> None:
    with pytest.raises(ValidationError):
        discard_draft(actor=owner.first, standard=draft, reason=" ")
    discard_draft(actor=owner.first, standard=draft, reason="作り直す")
    assert Standard.objects.get() == make_standard()
    assert owner.acts[-1] == "standard_discarded"


def test_mandatory_from_is_fixed_until_it_has_come(owner: Owner) -> None:
    standard = make_next_standard()
    told = Notice.objects.count()
    fixed = fix_mandatory_from(actor=owner.first, standard=standard, on=soon(90), reason="延期")
    assert fixed.mandatory_from == soon(90)
    assert Notice.objects.count() > told
    for day in (soon(-1), soon(10)):  # past, before it takes effect
        with pytest.raises(ValidationError):
            fix_mandatory_from(actor=owner.first, standard=standard, on=day, reason="x")
    Standard.objects.filter(pk=standard.pk).update(mandatory_from=soon(30))
    Standard.objects.filter(version="2025").update(mandatory_from=soon(0))
    with pytest.raises(ValidationError):
        fix_mandatory_from(actor=owner.first, standard=make_standard(), on=soon(90), reason="x")


def test_a_version_is_phased_out_only_with_a_newer_one_in_force(owner: Owner) -> None:
    old = make_standard()
    with pytest.raises(ValidationError):
        sunset_standard(actor=owner.first, standard=old, reason="x")
    make_next_standard()
    phased = sunset_standard(actor=owner.first, standard=old, reason="改定", on=soon(120))
    assert (phased.status, phased.retired_on) == (StandardStatus.SUNSET, soon(120))
    assert owner.acts[-1] == "standard_sunset"
    with pytest.raises(ValidationError):
        sunset_standard(actor=owner.first, standard=old, reason="x")


def test_retiring_needs_another_usable_version_and_happens_on_the_day(owner: Owner) -> None:
    old = make_standard()
    make_next_standard(effective_on=soon(30))
    for day in (soon(0), soon(29), soon(-1)):  # nothing else can be used yet
        with pytest.raises(ValidationError):
            retire_standard(actor=owner.first, standard=old, on=day, reason="x")
    later = retire_standard(actor=owner.first, standard=old, on=soon(40), reason="改定")
    assert (later.status, later.retired_on) == (StandardStatus.SUNSET, soon(40))
    with pytest.raises(ValidationError):
        retire_due(old, soon(39))
    assert retire_due(old, soon(40)).status == StandardStatus.RETIRED
    assert owner.acts[-1] == "standard_retired"
    with pytest.raises(ValidationError):
        retire_standard(actor=owner.first, standard=old, on=soon(50), reason="x")


def test_every_act_in_the_record_has_a_title(owner: Owner, draft: Standard) -> None:
    load_catalogue(
        catalogue=next_catalogue(effective_on=draft.effective_on, changed=()), actor=owner.first
    )
    activated(owner, draft)
    acts = set(owner.acts)
    assert acts == {"standard_imported", "standard_proposed", "standard_activated"}
    assert all(act_title(act) != act for act in acts)
    shown = entries(OrganisationEvent.objects.select_related("actor"))
    assert all("2027" in entry.text for entry in shown if "2025" not in entry.text)
