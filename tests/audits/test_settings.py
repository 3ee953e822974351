"""The scheme's settings: bounds, reason, old and new in the record, two owners at once, the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, OrganisationEvent
from accounts.services.records import verify_organisations
from accounts.terms import Kind, Role
from audits.forms.settings import SettingsForm, days_from
from audits.models import SchemeSettings
from audits.services.settings import (
    BOUNDS,
    StaleSettingsError,
    change_settings,
    values_of,
    version_of,
)
from audits.settings_groups import GROUPS, HELP
from audits.settings_words import LARGEST
from tests.factories import make_organisation, make_user

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db

ADDRESS = "console:settings"


@pytest.fixture
def owner() -> User:
    return make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR, locale="en")


def now() -> SchemeSettings:
    return SchemeSettings.objects.get(pk=1)


def sent(owner: User, **changes: Any) -> dict[str, Any]:
    """Return what the page would send back, with some fields filled in differently."""
    form = SettingsForm(settings=SchemeSettings.objects.current(), actor=owner)
    data = {name: form[name].value() for name in form.fields}
    for name, field in form.fields.items():
        data[name] = field.prepare_value(data[name])
    data = {name: "" if value is None else value for name, value in data.items()}
    return data | {"reason": "運営委員会の決定"} | changes


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_setting_has_a_group_bounds_and_help() -> None:
    grouped = [name for _title, _text, names in GROUPS for name in names]

    assert sorted(grouped) == sorted(values_of(SchemeSettings()))
    assert len(grouped) == len(set(grouped))
    assert set(HELP) == set(grouped) - {
        "corrective_deadlines",
        "person_days",
        "interview_minimums",
    }
    for name, (least, most) in BOUNDS.items():
        default = getattr(SchemeSettings(), name)
        assert default is None or least <= default <= most, name


def test_change_keeps_old_and_new_in_the_owners_record(owner: User) -> None:
    change_settings(
        actor=owner,
        changes={"objection_days": 7, "renewal_months_b": 12, "appeal_days": 30},
        reason=" 運営委員会の決定 ",
    )

    assert (now().objection_days, now().renewal_months_b) == (7, 12)
    event = OrganisationEvent.objects.get(act="settings_changed")
    assert (event.actor, event.comment) == (owner, "運営委員会の決定")
    assert event.payload["changes"] == {
        "objection_days": {"from": 5, "to": 7},
        "renewal_months_b": {"from": None, "to": 12},
    }
    assert verify_organisations() == (1, [])


def test_administrators_of_secretariats_and_bodies_are_told_from_what_to_what(owner: User) -> None:
    secretariat = make_organisation(Kind.SECRETARIAT)
    body = make_organisation(Kind.AUDIT_BODY, parent=secretariat)
    told = [
        make_user(secretariat, Role.ADMINISTRATOR, locale="en"),
        make_user(body, Role.ADMINISTRATOR),
    ]
    make_user(secretariat, Role.COORDINATOR)
    make_user(body, Role.AUDITOR)
    make_user(make_organisation(Kind.BRAND), Role.ADMINISTRATOR)

    change_settings(
        actor=owner,
        changes={"objection_days": 7, "renewal_months_b": 12},
        reason="運営委員会の決定",
    )

    notices = Notice.objects.filter(key__startswith="settings:").order_by("pk")
    assert {notice.recipient for notice in notices} == set(told)
    english = notices.get(recipient=told[0])
    assert "Business days to object to a team: 5 → 7" in english.body
    assert "Months until a grade B is due for renewal: – → 12" in english.body
    assert "運営委員会の決定" in english.body
    assert english.path == reverse(ADDRESS)
    with pytest.raises(ValidationError):
        change_settings(actor=owner, changes={"objection_days": 8}, reason=" ")
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("objection_days", 0),
        ("objection_days", 31),
        ("objection_days", None),
        ("objection_days", True),
        ("similar_text_percent", 101),
        ("reminder_days", [-61]),
        ("reminder_days", "3"),
        ("reminder_days", list(range(11))),
        ("renewal_reminder_days", [-1]),
        ("corrective_deadlines", {"major": {"plan": 1, "close": 2, "verification": "desk"}}),
        ("person_days", []),
        ("person_days", [[50, 1], [50, 2]]),
        ("person_days", [[50, 2], [LARGEST, 1]]),
        ("person_days", [[50, 1.3]]),
        ("interview_minimums", []),
        ("interview_minimums", [[50, 1.5]]),
        ("interview_minimums", [[50, 0]]),
        ("interview_minimums", [[50, 6], [50, 7]]),
        ("interview_minimums", [[50, 6], [LARGEST, 5]]),
    ],
)
def test_nonsense_is_refused(owner: User, name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as error:
        change_settings(actor=owner, changes={name: value}, reason="試行")

    assert list(error.value.error_dict) == [name]
    assert not OrganisationEvent.objects.exists()


def test_closure_before_the_plan_is_refused(owner: User) -> None:
    table = {
        severity: {"plan": 30, "close": 20, "verification": "desk"}
        for severity in ("unacceptable", "major", "minor")
    }
    with pytest.raises(ValidationError):
        change_settings(actor=owner, changes={"corrective_deadlines": table}, reason="試行")


def test_reason_and_a_difference_are_needed(owner: User) -> None:
    with pytest.raises(ValidationError) as error:
        change_settings(actor=owner, changes={"objection_days": 6}, reason="  ")
    assert list(error.value.error_dict) == ["reason"]
    with pytest.raises(ValidationError):
        change_settings(actor=owner, changes={"objection_days": 5}, reason="同じ")
    with pytest.raises(ValidationError):
        change_settings(actor=owner, changes={"id": 5}, reason="x")


def test_only_the_owner_changes() -> None:
    for kind, role in (
        (Kind.SCHEME_OWNER, Role.READER),
        (Kind.SECRETARIAT, Role.ADMINISTRATOR),
        (Kind.OBSERVER, Role.READER),
    ):
        person = make_user(make_organisation(kind), role)
        with pytest.raises(PermissionDenied):
            change_settings(actor=person, changes={"objection_days": 6}, reason="x")
        client = client_of(person)
        answer = client.get(reverse(ADDRESS))
        assert answer.status_code == 200
        assert b'name="objection_days"' not in answer.content
        assert client.post(reverse(ADDRESS), {}).status_code == 403


def test_settings_changed_meanwhile_are_not_overwritten(owner: User) -> None:
    seen = version_of(SchemeSettings.objects.current())
    change_settings(actor=owner, changes={"appeal_days": 45}, reason="先", seen=seen)

    with pytest.raises(StaleSettingsError):
        change_settings(actor=owner, changes={"appeal_days": 60}, reason="後", seen=seen)
    assert now().appeal_days == 45


def test_page_sends_back_what_it_shows_and_changes_everything(owner: User) -> None:
    client = client_of(owner)
    assert client.get(reverse(ADDRESS)).status_code == 200

    unchanged = client.post(reverse(ADDRESS), sent(owner))
    assert unchanged.status_code == 422
    assert "Nothing is different" in unchanged.content.decode()
    data = sent(
        owner,
        objection_days="8",
        renewal_months_b="18",
        reminder_days="０、−5, 5",
        deadline_major_plan="10",
        upto_6="",
        days_6="",
        days_larger="6.5",
    )
    assert client.post(reverse(ADDRESS), data).status_code == 302

    settings = now()
    assert (settings.objection_days, settings.renewal_months_b) == (8, 18)
    assert settings.reminder_days == [-5, 0, 5]
    assert settings.corrective_deadlines["major"]["plan"] == 10
    assert settings.person_days[0] == [50, 1]
    assert settings.person_days[-1] == [LARGEST, 6.5]
    event = OrganisationEvent.objects.get(act="settings_changed")
    assert set(event.payload["changes"]) == {
        "objection_days",
        "renewal_months_b",
        "reminder_days",
        "corrective_deadlines",
        "person_days",
    }
    shown = client.get(reverse(ADDRESS)).content.decode()
    assert "Business days to object to a team: 5 → 8" in shown
    assert "運営委員会の決定" in shown


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("objection_days", "99", "less than or equal to 30"),
        ("reminder_days", "three", "separated by commas"),
        ("deadline_minor_close", "2", "the plan is due after the closure"),
        ("days_1", "", "Fill in the whole line"),
        ("upto_2", "40", "Put them in order"),
        ("reason", "", "required"),
    ],
)
def test_page_says_what_is_wrong(owner: User, field: str, value: str, said: str) -> None:
    answer = client_of(owner).post(reverse(ADDRESS), sent(owner, **{field: value}))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OrganisationEvent.objects.exists()


def test_second_owner_sees_what_changed_and_what_was_not_kept(owner: User) -> None:
    data = sent(owner, appeal_days="60", reason="後から")
    change_settings(actor=owner, changes={"appeal_days": 45}, reason="先に")
    client = client_of(owner)

    answer = client.post(reverse(ADDRESS), data)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed the settings" in shown
    assert "Days to appeal: 60 (now 45)" in shown
    assert "後から" in shown
    assert now().appeal_days == 45
    again = client.post(reverse(ADDRESS), sent(owner, appeal_days="60"))
    assert again.status_code == 302
    assert now().appeal_days == 60


def test_page_asks_the_database_the_same_for_a_longer_history(
    owner: User, django_assert_num_queries: Any
) -> None:
    client = client_of(owner)
    for days in (6, 7, 8):
        change_settings(actor=owner, changes={"objection_days": days}, reason="試行")
        if days in (6, 8):
            with django_assert_num_queries(5):
                client.get(reverse(ADDRESS))


def test_days_are_read_as_people_write_them() -> None:
    assert days_from("-3, 0,３、") == [-3, 0, 3]
    with pytest.raises(ValueError, match="x"):
        days_from("x")
