"""The register: who enters whom, who describes whom, days away, and what is recorded and told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Notice, OrganisationEvent
from accounts.services.records import verify_organisations
from accounts.terms import Kind, Role
from audits.auditors.models import Absence, Auditor
from audits.auditors.services.registering import (
    add_absence,
    change_auditor,
    deactivate,
    reactivate,
    register_auditor,
    remove_absence,
)
from tests.factories import Scheme, make_organisation, make_user

if TYPE_CHECKING:
    from accounts.models import Organisation, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def register(actor: User, body: Organisation, **fields: object) -> Auditor:
    given: dict[str, object] = {
        "email": "new@example.org",
        "name": "今治 太郎",
        "registration_number": "JA-9001",
        "languages": ["vi", "ja"],
        "prefectures": [38],
    }
    return register_auditor(actor=actor, body=body, **{**given, **fields})  # type: ignore[arg-type]  # a test's fields


def acts(body: Organisation) -> list[str]:
    events = OrganisationEvent.objects.filter(organisation=body).order_by("sequence")
    return list(events.values_list("act", flat=True))


def test_secretariat_registers_a_new_person_who_is_told(scheme: Scheme) -> None:
    auditor = register(scheme.coordinator, scheme.body)

    assert auditor.languages == ["ja", "vi"]
    assert not auditor.user.has_usable_password()
    assert Membership.objects.filter(
        user=auditor.user, organisation=scheme.body, role=Role.AUDITOR
    ).exists()
    assert acts(scheme.body) == ["auditor_registered"]
    assert Notice.objects.filter(recipient=auditor.user).count() == 1
    assert verify_organisations(scheme.body) == (1, [])


def test_person_known_by_mail_is_not_made_twice(scheme: Scheme) -> None:
    known = make_user(scheme.body, Role.COORDINATOR)

    auditor = register(scheme.owner, scheme.body, email=known.email.upper())

    assert auditor.user == known


@pytest.mark.parametrize(
    "wrong",
    [
        {"registration_number": "ja-TAKEN"},
        {"registration_number": ""},
        {"email": "no address"},
        {"languages": []},
        {"languages": ["xx"]},
        {"prefectures": [48]},
    ],
)
def test_wrong_data_registers_nobody(scheme: Scheme, wrong: dict[str, object]) -> None:
    Auditor.objects.filter(pk=scheme.member.pk).update(registration_number="JA-taken")

    with pytest.raises(ValidationError):
        register(scheme.coordinator, scheme.body, **wrong)

    assert Auditor.objects.count() == 2


def test_number_is_kept_in_half_width_and_is_one_whatever_its_case(scheme: Scheme) -> None:
    auditor = register(scheme.coordinator, scheme.body, registration_number=" ＪＡ－９０ ０１ ")

    assert auditor.registration_number == "JA-9001"
    with transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        Auditor.objects.filter(pk=scheme.lead.pk).update(registration_number="ja-9001")


def test_person_in_the_register_is_not_entered_again(scheme: Scheme) -> None:
    with pytest.raises(ValidationError):
        register(scheme.coordinator, scheme.body, email=scheme.lead.user.email)


def test_only_owner_and_own_secretariat_register(scheme: Scheme) -> None:
    other = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)
    for person in (scheme.desk, other, scheme.reviewer, scheme.manager, scheme.observer):
        with pytest.raises(PermissionDenied):
            register(person, scheme.body)
        with pytest.raises(PermissionDenied):
            deactivate(actor=person, auditor=scheme.lead, reason="x")


def test_desk_of_the_body_changes_languages_and_prefectures(scheme: Scheme) -> None:
    changed = change_auditor(
        actor=scheme.desk, auditor=scheme.lead, languages=["ja", "zh"], prefectures=[13, 13]
    )
    change_auditor(actor=scheme.desk, auditor=scheme.lead, languages=["zh", "ja"], prefectures=[13])

    assert (changed.languages, changed.prefectures) == (["ja", "zh"], [13])
    assert acts(scheme.body) == ["auditor_changed"]
    assert Notice.objects.filter(recipient=scheme.lead.user).count() == 1


def test_others_change_nothing(scheme: Scheme) -> None:
    elsewhere = make_user(make_organisation(Kind.AUDIT_BODY), Role.COORDINATOR)
    for person in (elsewhere, scheme.lead.user, scheme.reviewer):
        with pytest.raises(PermissionDenied):
            change_auditor(actor=person, auditor=scheme.lead, languages=["ja"], prefectures=[])


def test_deactivated_auditor_can_be_taken_up_again(scheme: Scheme) -> None:
    with pytest.raises(ValidationError):
        deactivate(actor=scheme.coordinator, auditor=scheme.lead, reason=" ")
    gone = deactivate(actor=scheme.coordinator, auditor=scheme.lead, reason="退職")
    with pytest.raises(ValidationError):
        deactivate(actor=scheme.coordinator, auditor=scheme.lead, reason="退職")
    back = reactivate(actor=scheme.owner, auditor=gone)

    assert (gone.is_active, back.is_active) == (False, True)
    assert acts(scheme.body) == ["auditor_deactivated", "auditor_reactivated"]
    assert Notice.objects.filter(recipient=scheme.lead.user).count() == 2


def test_auditor_and_desk_enter_days_away_and_take_them_out(scheme: Scheme) -> None:
    today = timezone.localdate()
    week = today + timedelta(days=7)
    own = add_absence(actor=scheme.lead.user, auditor=scheme.lead, starts_on=today, ends_on=week)
    with pytest.raises(ValidationError):
        add_absence(actor=scheme.desk, auditor=scheme.lead, starts_on=week, ends_on=week)
    with pytest.raises(ValidationError):
        add_absence(actor=scheme.desk, auditor=scheme.lead, starts_on=week, ends_on=today)
    with pytest.raises(PermissionDenied):
        add_absence(actor=scheme.member.user, auditor=scheme.lead, starts_on=today, ends_on=today)
    with pytest.raises(PermissionDenied):
        remove_absence(actor=scheme.member.user, absence=own)
    remove_absence(actor=scheme.desk, absence=own)

    assert not Absence.objects.exists()
    assert acts(scheme.body) == ["absence_added", "absence_removed"]
    # Of the own entry nobody need be told.
    assert Notice.objects.filter(recipient=scheme.lead.user).count() == 1
