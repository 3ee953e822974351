"""Submission targets: the first one, changes with a reason in the record, and the console's pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import override

from accounts.models import OrganisationEvent
from accounts.services.records import verify_organisations
from accounts.timeline import act_title, details
from reports.models import SubmissionTarget
from reports.services.targets import add_target, change_target, values_of
from tests.audits.desks import client_of
from tests.factories import Scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def target(db: None) -> SubmissionTarget:
    return SubmissionTarget.objects.offered()[0]


def line(**more: Any) -> dict[str, Any]:
    row = {
        "text": {"ja": "要件", "en": ""},
        "proof": {"ja": "", "en": ""},
        "asks_day": False,
        "asks_address": False,
    }
    return {**row, **more}


def change(scheme: Scheme, target: SubmissionTarget, **more: Any) -> SubmissionTarget:
    more.setdefault("actor", scheme.owner)
    more.setdefault("reason", "運用要領の改正")
    more.setdefault("seen", target.version)
    return change_target(target=target, **more)


def test_first_target_asks_for_three_months_and_three_requirements(
    target: SubmissionTarget,
) -> None:
    assert "JAIM" in target.name_ja
    assert target.minimum_months == 3
    assert [row["code"] for row in target.requirements] == ["r1", "r2", "r3"]
    texts = "".join(row["text"]["ja"] for row in target.requirements)
    for word in ("勤怠", "パートナーシップ構築宣言", "月給制"):
        assert word in texts
    assert SubmissionTarget.objects.offered().count() == 1


def test_change_is_recorded_with_its_reason(scheme: Scheme, target: SubmissionTarget) -> None:
    rows = [*target.requirements, line(text={"ja": "新しい要件", "en": "New"})]

    changed = change(scheme, target, values={"minimum_months": 6, "requirements": rows})

    assert (changed.minimum_months, changed.version) == (6, 2)
    assert [row["code"] for row in changed.requirements] == ["r1", "r2", "r3", "r4"]
    event = OrganisationEvent.objects.get(act="target_changed")
    assert event.comment == "運用要領の改正"
    assert event.payload["changes"]["minimum_months"] == {"from": 3, "to": 6}
    with override("ja"):
        assert act_title(event.act) == "提出先を変更"
        assert "3 → 6" in details(event)
        assert "新しい要件" in details(event)
    assert verify_organisations()[1] == []


def test_changes_without_reason_difference_or_right_are_refused(
    scheme: Scheme, target: SubmissionTarget
) -> None:
    with pytest.raises(ValidationError, match="理由"):
        change(scheme, target, values={"minimum_months": 6}, reason=" ")
    with pytest.raises(ValidationError):
        change(scheme, target, values=values_of(target))
    with pytest.raises(ValidationError):
        change(scheme, target, values={"minimum_months": 99})
    with pytest.raises(ValidationError):
        change(scheme, target, values={"requirements": [line(text={"ja": " ", "en": "x"})]})
    with pytest.raises(ValidationError):
        change(scheme, target, values={"requirements": [line()] * 11})
    with pytest.raises(ValidationError, match="別の人"):
        change(scheme, target, values={"minimum_months": 6}, seen=7)
    for person in (scheme.coordinator, scheme.decider, scheme.desk, scheme.manager):
        with pytest.raises(PermissionDenied):
            change(scheme, target, actor=person, values={"minimum_months": 6})
        with pytest.raises(PermissionDenied):
            add_target(actor=person, values={}, reason="x")
    assert not OrganisationEvent.objects.filter(act__startswith="target").exists()


def test_owner_changes_and_adds_on_the_page(scheme: Scheme, target: SubmissionTarget) -> None:
    client = client_of(scheme.owner)
    address = reverse("console:target", args=[target.pk])
    form = client.get(address).context["form"]
    sent = {
        name: value
        for name, value in form.initial.items()
        if value not in (None, False) and name in form.fields
    }

    answer = client.post(address, {**sent, "minimum_months": "4", "text_ja_2": "", "reason": ""})
    assert answer.status_code == 422
    gone = {f"{name}_2": "" for name in ("text_ja", "text_en", "proof_ja", "proof_en")}
    answer = client.post(
        address, {**sent, **gone, "minimum_months": "4", "report_language": "ja", "reason": "改正"}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    target.refresh_from_db()
    assert (target.minimum_months, target.report_language) == (4, "ja")
    assert [row["code"] for row in target.requirements] == ["r1", "r2"]
    assert target.requirements[1]["asks_address"]

    new = {**sent, "name_ja": "別の提出先", "seen": "0", "reason": "新設"}
    assert client.post(reverse("console:target_new"), new).status_code == 302
    page = client.get(reverse("console:targets")).content.decode()
    assert "別の提出先" in page or "Specified Skilled" in page
    assert "Submission target added" in page
    assert SubmissionTarget.objects.offered().count() == 2
    twice = client.post(reverse("console:target_new"), new)
    assert twice.status_code == 422


def test_desks_read_the_targets_without_buttons(scheme: Scheme, target: SubmissionTarget) -> None:
    address = reverse("console:target", args=[target.pk])
    assert address in client_of(scheme.owner).get(reverse("console:targets")).content.decode()
    for person in (scheme.coordinator, scheme.desk, scheme.observer):
        page = client_of(person).get(reverse("console:targets")).content.decode()
        assert "JAIM" in page
        assert address not in page


def test_target_that_is_not_offered_cannot_be_chosen(
    scheme: Scheme, target: SubmissionTarget
) -> None:
    change(scheme, target, values={"active": False})

    assert not SubmissionTarget.objects.offered().exists()
    assert SubmissionTarget.objects.known().count() == 1
