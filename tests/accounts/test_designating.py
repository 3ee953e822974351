"""The life of a designation: given, suspended in part, permitted again, ended; each told and recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Designation, Notice, OrganisationEvent, User
from accounts.services.designating import designate, end, lift, suspend
from accounts.services.records import verify_organisations
from accounts.terms import Effect, Kind, Role
from accounts.timeline import ACTS, entries
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


class Place:
    """An owner, a secretariat with a body, and the people of their desks."""

    def __init__(self) -> None:
        seat = make_organisation(Kind.SCHEME_OWNER)
        self.owner = make_user(seat, Role.ADMINISTRATOR)
        self.secretariat = make_organisation(Kind.SECRETARIAT)
        self.coordinator = make_user(self.secretariat, Role.COORDINATOR)
        self.body = make_organisation(
            Kind.AUDIT_BODY, parent=self.secretariat, name_ja="良い監査所", name_en="Good body"
        )
        self.desk = make_user(self.body, Role.COORDINATOR, locale="en")
        self.auditor = make_user(self.body, Role.AUDITOR)
        self.stranger = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)
        self.held = Designation.objects.get(organisation=self.body)

    def told(self, act: str) -> set[Any]:
        """Return who was told of the last entry of that act."""
        event = OrganisationEvent.objects.filter(act=act).latest("at")
        return {notice.recipient for notice in Notice.objects.filter(key=f"designation:{event.pk}")}


@pytest.fixture
def place() -> Place:
    return Place()


def refused(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(str(message) for message in error.value.messages)


def test_designating_is_recorded_and_told(place: Place) -> None:
    body = make_organisation(Kind.AUDIT_BODY, parent=place.secretariat)
    Designation.objects.filter(organisation=body).delete()
    administrator = make_user(body, Role.ADMINISTRATOR)

    designate(
        actor=place.coordinator, organisation=body, starts_on=date(2026, 4, 1), scope=" 全工程 "
    )

    event = OrganisationEvent.objects.get(organisation=body)
    assert (event.act, event.actor) == ("designated", place.coordinator)
    assert event.payload["scope"] == "全工程"
    assert place.told("designated") == {administrator, place.coordinator, place.owner}
    assert "全工程" in entries([event])[0].text


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (date(2026, 1, 1), None, True),
        (date(2025, 1, 1), date(2025, 3, 31), False),
        (date(2025, 1, 1), date(2025, 4, 1), True),
    ],
)
def test_two_designations_never_overlap(
    place: Place, first: date, last: date | None, refusal: bool
) -> None:
    """A second one would go on permitting what the suspension of the first stops."""
    if not refusal:
        designate(actor=place.owner, organisation=place.body, starts_on=first, ends_on=last)
        assert place.body.designations.count() == 2
        return
    with pytest.raises(ValidationError) as error:
        designate(actor=place.owner, organisation=place.body, starts_on=first, ends_on=last)
    assert error.value.code == "overlap"
    assert place.body.designations.count() == 1


def test_designation_after_an_ended_one_and_its_sentence(place: Place) -> None:
    Designation.objects.filter(pk=place.held.pk).update(ends_on=date(2026, 3, 31))

    with pytest.raises(ValidationError) as error:
        designate(actor=place.owner, organisation=place.body, starts_on=date(2026, 3, 31))
    assert "2026年4月1日" in refused(error)
    designate(actor=place.owner, organisation=place.body, starts_on=date(2026, 4, 1))


def test_designation_until_the_end_of_the_calendar_has_a_sentence_too(place: Place) -> None:
    Designation.objects.filter(pk=place.held.pk).update(ends_on=date.max)

    with pytest.raises(ValidationError) as error:
        designate(actor=place.owner, organisation=place.body, starts_on=date(2026, 3, 31))

    assert error.value.code == "overlap"
    assert refused(error)


@pytest.mark.parametrize("effect", Effect)
def test_each_effect_is_stopped_alone(place: Place, effect: Effect) -> None:
    held = suspend(
        actor=place.coordinator, designation=place.held, stops=[effect], reason="研修未了"
    )

    today = timezone.localdate()
    permitted = {other for other in Effect if held.permits(other, today)}
    assert permitted == set(Effect) - {effect}
    assert held.suspended_at is not None
    event = OrganisationEvent.objects.get(act="designation_suspended")
    assert (event.comment, event.payload["stops"]) == ("研修未了", [effect.value])
    assert place.told("designation_suspended") == {place.desk, place.coordinator, place.owner}


def test_mail_is_in_the_readers_language_and_says_what_and_why(place: Place) -> None:
    suspend(
        actor=place.owner,
        designation=place.held,
        stops=[Effect.VERIFY, Effect.ACCEPT],
        reason="研修未了",
    )

    english = Notice.objects.get(recipient=place.desk)
    assert english.subject == "The designation of Good body is suspended in part."
    assert "accept applications, verify corrective actions" in english.body
    assert "研修未了" in english.body
    assert str(place.body.pk) in english.path
    assert "良い監査所" in Notice.objects.get(recipient=place.owner).subject


def test_changing_a_suspension_keeps_since_when(place: Place) -> None:
    first = suspend(
        actor=place.coordinator, designation=place.held, stops=[Effect.ACCEPT], reason="研修未了"
    )
    changed = suspend(
        actor=place.coordinator,
        designation=place.held,
        stops=["issue", "accept"],
        reason="記録に不備",
    )

    assert changed.suspended_at == first.suspended_at
    assert changed.stops == ["accept", "issue"]
    event = OrganisationEvent.objects.get(act="designation_suspension_changed")
    assert (event.payload["before"], event.payload["stops"]) == (["accept"], ["accept", "issue"])
    with pytest.raises(ValidationError, match=r"for the same reason|同じ理由"):
        suspend(
            actor=place.coordinator,
            designation=place.held,
            stops=["accept", "issue"],
            reason="記録に不備",
        )


def test_lifting_permits_everything_again(place: Place) -> None:
    suspend(actor=place.owner, designation=place.held, stops=list(Effect), reason="調査中")
    held = lift(actor=place.owner, designation=place.held, reason="調査が終わった")

    assert (held.suspended_at, held.stops, held.suspension_reason) == (None, [], "")
    event = OrganisationEvent.objects.get(act="designation_lifted")
    assert event.payload["stopped"] == list(Effect.values)
    assert place.told("designation_lifted") == {place.desk, place.coordinator, place.owner}
    with pytest.raises(ValidationError):
        lift(actor=place.owner, designation=place.held, reason="もう一度")


def test_what_the_owner_stopped_only_the_owner_permits_again(place: Place) -> None:
    suspend(actor=place.owner, designation=place.held, stops=["accept", "issue"], reason="調査中")

    with pytest.raises(PermissionDenied, match=r"scheme owner|統括事務局"):
        lift(actor=place.coordinator, designation=place.held, reason="問題なし")
    with pytest.raises(PermissionDenied):  # fewer would be a part of lifting it
        suspend(actor=place.coordinator, designation=place.held, stops=["accept"], reason="一部")
    place.held.refresh_from_db()
    assert place.held.stops == ["accept", "issue"]

    assert lift(actor=place.owner, designation=place.held, reason="終了").suspended_at is None


def test_secretariat_lifts_its_own_suspension_unless_the_owner_took_it_over(place: Place) -> None:
    def suspended(actor: User, *stops: str) -> Designation:
        return suspend(actor=actor, designation=place.held, stops=stops, reason="研修未了")

    suspended(place.coordinator, "accept")
    lift(actor=place.coordinator, designation=place.held, reason="研修済み")
    suspended(place.owner, "accept")
    lift(actor=place.owner, designation=place.held, reason="終了")
    suspended(place.coordinator, "accept")  # anew, and the secretariat's own again
    assert lift(actor=place.coordinator, designation=place.held, reason="研修済み").stops == []

    suspended(place.coordinator, "accept")
    suspended(place.owner, "accept", "issue")
    with pytest.raises(PermissionDenied):
        lift(actor=place.coordinator, designation=place.held, reason="研修済み")


def test_suspension_of_the_owner_is_not_evaded_by_designating_anew(place: Place) -> None:
    today = timezone.localdate()
    suspend(actor=place.owner, designation=place.held, stops=["accept"], reason="調査中")
    with pytest.raises(PermissionDenied, match=r"scheme owner|統括事務局"):
        end(actor=place.coordinator, designation=place.held, ends_on=today, reason="更新のため")
    end(actor=place.owner, designation=place.held, ends_on=today, reason="更新のため")
    tomorrow = today + timedelta(days=1)

    with pytest.raises(PermissionDenied):
        designate(actor=place.coordinator, organisation=place.body, starts_on=tomorrow)
    designate(actor=place.owner, organisation=place.body, starts_on=tomorrow)


def test_later_designation_does_not_hide_that_the_owner_suspended_one_before_it(
    place: Place,
) -> None:
    today = timezone.localdate()
    first, gap, last = (today + timedelta(days=days) for days in (-9, 5, 90))
    Designation.objects.filter(pk=place.held.pk).update(ends_on=today + timedelta(days=3))
    designate(actor=place.coordinator, organisation=place.body, starts_on=last)
    suspend(actor=place.owner, designation=place.held, stops=list(Effect), reason="虚偽の疑い")

    def fill(actor: User) -> Designation:
        return designate(
            actor=actor, organisation=place.body, starts_on=gap, ends_on=last - timedelta(days=1)
        )

    with pytest.raises(PermissionDenied):
        fill(place.coordinator)
    # Nor when the suspended one is over, and only the one after it is left.
    Designation.objects.filter(pk=place.held.pk).update(ends_on=first)
    with pytest.raises(PermissionDenied):
        fill(place.coordinator)
    # What the owner gave is followed by what the secretariat gives, as ever.
    fill(place.owner)
    Designation.objects.filter(starts_on=last).update(ends_on=last)
    designate(actor=place.coordinator, organisation=place.body, starts_on=last + timedelta(days=1))


def test_secretariat_ends_and_follows_what_it_suspended_itself(place: Place) -> None:
    today = timezone.localdate()
    suspend(actor=place.coordinator, designation=place.held, stops=["accept"], reason="研修未了")
    end(actor=place.coordinator, designation=place.held, ends_on=today, reason="更新のため")

    designate(actor=place.coordinator, organisation=place.body, starts_on=today + timedelta(days=1))


def test_end_holds_on_its_last_day_and_only_comes_nearer(place: Place) -> None:
    today = timezone.localdate()
    held = end(
        actor=place.coordinator,
        designation=place.held,
        ends_on=today + timedelta(days=30),
        reason="廃業",
    )
    for day in (today + timedelta(days=30), today + timedelta(days=60), today - timedelta(days=1)):
        with pytest.raises(ValidationError):
            end(actor=place.coordinator, designation=place.held, ends_on=day, reason="廃業")
    held = end(actor=place.coordinator, designation=place.held, ends_on=today, reason="本日限り")

    assert held.permits(Effect.ISSUE, today)
    assert not held.permits(Effect.ISSUE, today + timedelta(days=1))
    first, second = OrganisationEvent.objects.filter(act="designation_ended").order_by("sequence")
    assert first.payload["before"] is None
    assert second.payload["before"] == (today + timedelta(days=30)).isoformat()
    assert place.told("designation_ended") == {place.desk, place.coordinator, place.owner}


def test_what_has_ended_is_not_changed(place: Place) -> None:
    Designation.objects.filter(pk=place.held.pk).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )

    acts: tuple[tuple[Any, dict[str, Any]], ...] = (
        (suspend, {"stops": [Effect.ACCEPT]}),
        (lift, {}),
        (end, {"ends_on": timezone.localdate()}),
    )
    for act, fields in acts:
        with pytest.raises(ValidationError) as error:
            act(actor=place.owner, designation=place.held, reason="遅すぎた", **fields)
        assert error.value.code == "ended"
    assert not OrganisationEvent.objects.exists()


@pytest.mark.parametrize(
    ("stops", "reason", "field"),
    [([], "研修未了", "stops"), (["accept"], "  ", "reason"), (["fly"], "研修未了", None)],
)
def test_incomplete_suspensions_are_refused(
    place: Place, stops: list[str], reason: str, field: str | None
) -> None:
    with pytest.raises(ValidationError) as error:
        suspend(actor=place.owner, designation=place.held, stops=stops, reason=reason)

    assert list(getattr(error.value, "error_dict", {None: []})) == [field]
    place.held.refresh_from_db()
    assert place.held.suspended_at is None
    assert not Notice.objects.exists()


def test_only_owner_and_own_secretariat_act(place: Place) -> None:
    for person in (place.desk, place.auditor, place.stranger):
        with pytest.raises(PermissionDenied):
            suspend(actor=person, designation=place.held, stops=["accept"], reason="x")
        with pytest.raises(PermissionDenied):
            lift(actor=person, designation=place.held, reason="x")
        with pytest.raises(PermissionDenied):
            end(actor=person, designation=place.held, ends_on=timezone.localdate(), reason="x")
    own = Designation.objects.get(organisation=place.secretariat)
    with pytest.raises(PermissionDenied):
        suspend(actor=place.coordinator, designation=own, stops=["accept"], reason="x")
    suspend(actor=place.owner, designation=own, stops=["accept"], reason="x")


def test_every_act_is_in_the_table_and_the_chain_holds(place: Place) -> None:
    suspend(actor=place.owner, designation=place.held, stops=["accept"], reason="a")
    suspend(actor=place.owner, designation=place.held, stops=["issue"], reason="b")
    lift(actor=place.owner, designation=place.held, reason="c")
    end(actor=place.owner, designation=place.held, ends_on=timezone.localdate(), reason="d")

    events = OrganisationEvent.objects.filter(organisation=place.body).order_by("sequence")
    assert {event.act for event in events} <= set(ACTS)
    assert len(entries(events)) == 4
    assert verify_organisations(place.body) == (1, [])
