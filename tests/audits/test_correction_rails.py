"""The guard rails of corrective actions, and the files that show a correction."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.terms import Role
from audits.models import CorrectiveAction, SuppliedFile
from audits.services.correcting import take_step
from audits.services.correction_files import send_shown
from audits.terms import CorrectionStatus, Status
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_grant, picture, plan_for, show

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def action(scheme: Scheme) -> CorrectiveAction:
    """One that is verified at the desk."""
    audit_at(Status.ISSUED, scheme, nonconforming=("6-3",))
    return CorrectiveAction.objects.get()


def plan(scheme: Scheme, action: CorrectiveAction, **changes: Any) -> CorrectiveAction:
    return take_step(
        actor=scheme.manager, action=action, step="plan", **plan_for(action, **changes)
    )


def accepted(scheme: Scheme, action: CorrectiveAction) -> CorrectiveAction:
    plan(scheme, action)
    return take_step(actor=scheme.desk, action=action, step="accept_plan")


def test_plan_is_for_a_day_before_the_last(scheme: Scheme, action: CorrectiveAction) -> None:
    today = timezone.localdate()
    for day, said in (
        (None, "needed"),
        (today - timedelta(days=1), "has passed"),
        (action.close_due_on + timedelta(days=1), "leaves time to verify"),
    ):
        with pytest.raises(ValidationError, match=said) as error:
            plan(scheme, action, planned_on=day)
        assert list(error.value.message_dict) == ["planned_on"]

    assert plan(scheme, action, planned_on=action.close_due_on).planned_on == action.close_due_on


def test_late_plan_may_name_a_later_day(scheme: Scheme, action: CorrectiveAction) -> None:
    today = timezone.localdate()
    CorrectiveAction.objects.update(close_due_on=today - timedelta(days=3))
    action.refresh_from_db()

    assert plan(scheme, action, planned_on=today + timedelta(days=5)).status == "planned"


def test_plan_names_no_worker(scheme: Scheme, action: CorrectiveAction) -> None:
    with pytest.raises(ValidationError) as error:
        plan(scheme, action, correction="山田太郎さんに説明した。", root_cause=" ")
    assert sorted(error.value.message_dict) == ["correction", "root_cause"]


def test_desk_verification_needs_a_file(scheme: Scheme, action: CorrectiveAction) -> None:
    accepted(scheme, action)
    with pytest.raises(ValidationError, match="at least one photo or document"):
        take_step(
            actor=scheme.manager, action=action, step="submit_evidence", evidence_note="直した。"
        )

    assert show(scheme, action).status == CorrectionStatus.EVIDENCE_SUBMITTED


def test_same_file_is_kept_once_and_none_while_it_is_checked(
    scheme: Scheme, action: CorrectiveAction
) -> None:
    accepted(scheme, action)
    content = picture().read()
    first, again = (
        send_shown(actor=scheme.manager, action=action, file=BytesIO(content), name="a.jpg")
        for _time in range(2)
    )
    assert first == again
    assert action.finding.audit.events.filter(act="corrective_action_file").count() == 1
    show(scheme, action)

    with pytest.raises(ValidationError, match="being checked"):
        send_shown(actor=scheme.manager, action=action, file=picture(), name="b.jpg")


def test_only_the_supplier_sends_and_a_broken_file_is_refused(
    scheme: Scheme, action: CorrectiveAction
) -> None:
    for person in (scheme.desk, scheme.lead.user, Scheme().manager):
        with pytest.raises(PermissionDenied):
            send_shown(actor=person, action=action, file=picture(), name="a.jpg")
    with pytest.raises(ValidationError):
        send_shown(actor=scheme.manager, action=action, file=BytesIO(b"MZ\x90\x00"), name="a.jpg")
    assert not SuppliedFile.objects.exists()


def test_file_is_seen_by_those_who_check_and_by_no_brand(
    scheme: Scheme, action: CorrectiveAction
) -> None:
    make_grant(scheme.site, scheme.brand)
    row = send_shown(actor=scheme.manager, action=action, file=picture(), name="a.jpg")

    def answer(person: User) -> int:
        response = client_of(person).get(reverse("portal:supplied_file", args=[row.pk]))
        if response.streaming:
            assert b"".join(response)  # reading to the end closes the file
        return response.status_code

    for person in (scheme.manager, scheme.desk, scheme.coordinator, scheme.lead.user):
        assert answer(person) == 200
    for person in (scheme.brand_user, scheme.observer, Scheme().manager, Scheme().desk):
        assert answer(person) == 404


def test_files_and_note_by_page(scheme: Scheme, action: CorrectiveAction) -> None:
    accepted(scheme, action)
    client = client_of(scheme.manager)
    address = reverse("portal:our_correction", args=[action.pk])

    def send(*files: SimpleUploadedFile, **data: str) -> int:
        given = {"step": "submit_evidence", "uploads": list(files), **data}
        return client.post(address, given).status_code

    photo = SimpleUploadedFile("a.jpg", picture().read(), "image/jpeg")
    broken = SimpleUploadedFile("b.jpg", b"no picture", "image/jpeg")
    assert send(keep="1") == 422
    assert send(photo, keep="1") == 302
    assert send(broken, evidence_note="済み") == 422  # nothing is submitted beside a refused file
    action.refresh_from_db()
    assert (action.status, action.files.count()) == (CorrectionStatus.PLAN_ACCEPTED, 1)
    assert send(evidence_note="済み") == 302
    action.refresh_from_db()
    assert action.status == CorrectionStatus.EVIDENCE_SUBMITTED
    shown = client_of(scheme.desk).get(reverse("console:correction", args=[action.pk]))
    assert "D-001" in shown.content.decode()


def test_who_is_tied_to_the_supplier_does_not_check(
    scheme: Scheme, action: CorrectiveAction
) -> None:
    plan(scheme, action)
    organisation = scheme.supplier.organisation
    Membership.objects.create(user=scheme.desk, organisation=organisation, role=Role.READER)

    with pytest.raises(ValidationError, match="belong to this supplier"):
        take_step(actor=scheme.desk, action=action, step="accept_plan")
    checked = take_step(actor=scheme.coordinator, action=action, step="accept_plan")
    assert checked.status == CorrectionStatus.PLAN_ACCEPTED


def test_on_site_verification_is_closed_with_a_word(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme, nonconforming=("5-7",))
    action = CorrectiveAction.objects.get()
    accepted(scheme, action)
    take_step(
        actor=scheme.manager, action=action, step="submit_evidence", evidence_note="線を引いた。"
    )
    with pytest.raises(ValidationError, match="who saw it there"):
        take_step(actor=scheme.desk, action=action, step="close")

    take_step(actor=scheme.desk, action=action, step="close", comment="11月20日に現場で確認。")
    action.refresh_from_db()
    assert action.status == CorrectionStatus.CLOSED
