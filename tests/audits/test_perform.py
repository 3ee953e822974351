"""Who may move an audit from which state: the whole table, and what perform() promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audits.models import Audit, AuditEvent
from audits.services.guards import GUARDS
from audits.services.perform import available, perform
from audits.services.records import append_event
from audits.signals import audit_moved
from audits.terms import Act, Actor, Status
from audits.workflow import OPEN, TRANSITIONS
from tests.factories import Scheme, audit_at, make_user

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db


def people(scheme: Scheme) -> dict[str, tuple[User | None, set[Actor]]]:
    """Everybody who could try, with the capacities that the design gives them."""
    return {
        "supplier": (scheme.manager, {Actor.SUPPLIER}),
        "body coordinator": (scheme.desk, {Actor.BODY}),
        "secretariat coordinator": (scheme.coordinator, {Actor.SECRETARIAT}),
        "lead": (scheme.lead.user, {Actor.LEAD}),
        "member": (scheme.member.user, set()),
        "reviewer": (scheme.reviewer, {Actor.REVIEWER, Actor.DECISION_MAKER}),
        "decision maker": (scheme.decider, {Actor.SECRETARIAT, Actor.DECISION_MAKER}),
        "owner": (scheme.owner, {Actor.OWNER}),
        "brand": (scheme.brand_user, set()),
        "observer": (scheme.observer, set()),
        "stranger": (make_user(), set()),
        "clock": (None, {Actor.SYSTEM}),
    }


@pytest.mark.past_the_record
@pytest.mark.parametrize("status", Status)
def test_only_the_right_people_may_act_in_each_state(
    status: Status, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status × act × person: refused as forbidden, refused as moved on, or let through to guards."""
    audit = audit_at(Status.SCHEDULED, scheme)
    Audit.objects.filter(pk=audit.pk).update(status=status)
    reached: list[Act] = []

    class ReachedGuardsError(Exception):
        """Stands for the guards: what comes after them is tested elsewhere."""

    def stop(audit: Audit, move: object) -> list[object]:
        reached.append(Act.ACCEPT)
        raise ReachedGuardsError

    monkeypatch.setattr("audits.services.perform.refusals", stop)
    for name, (person, capacities) in people(scheme).items():
        for act, row in TRANSITIONS.items():
            allowed = not capacities.isdisjoint(row.actors)
            expected: type[Exception] = ReachedGuardsError
            if not allowed:
                expected = PermissionDenied
            elif status not in row.sources:
                expected = ValidationError
            with pytest.raises(expected):
                perform(audit, act, actor=person, comment="理由")
            assert allowed == (expected is not PermissionDenied), (name, act)


def test_comment_is_required_where_the_table_says_so(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    with pytest.raises(ValidationError) as refusal:
        perform(audit, Act.RETURN, actor=scheme.desk, comment="  ")

    assert refusal.value.code == "comment_missing"
    assert (
        perform(audit, Act.RETURN, actor=scheme.desk, comment="住所を直してください。").status
        == "draft"
    )


def test_stale_version_changes_nothing(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    seen = audit.version
    perform(audit, Act.RETURN, actor=scheme.desk, comment="直してください。")
    entries = AuditEvent.objects.count()

    with pytest.raises(ValidationError) as refusal:
        perform(audit, Act.CANCEL, actor=scheme.desk, comment="中止", expected_version=seen)

    assert refusal.value.code == "moved_on"
    assert AuditEvent.objects.count() == entries


def test_refused_move_leaves_no_trace(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    entries = AuditEvent.objects.count()

    with pytest.raises(ValidationError):
        perform(audit, Act.PROPOSE_TEAM, actor=scheme.desk, data={"team": []})

    audit.refresh_from_db()
    assert audit.status == Status.ACCEPTED
    assert not audit.team.exists()
    assert AuditEvent.objects.count() == entries


def test_move_sends_one_signal_inside_the_transaction(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    heard: list[str] = []

    def listen(audit: Audit, event: AuditEvent, **_rest: object) -> None:
        heard.append(f"{event.act} {audit.status}")

    audit_moved.connect(listen)
    try:
        perform(audit, Act.RETURN, actor=scheme.desk, comment="直してください。")
    finally:
        audit_moved.disconnect(listen)

    assert heard == ["return draft"]


def test_available_acts_are_those_of_the_table(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)

    def acts(person: User) -> set[Act]:
        return {row.act for row in available(audit, person)}

    assert acts(scheme.manager) == {Act.OBJECT, Act.WITHDRAW}
    assert acts(scheme.desk) == {Act.PROPOSE_TEAM, Act.SCHEDULE, Act.CANCEL}
    assert acts(scheme.brand_user) == set()


def test_every_guard_of_the_table_exists_and_is_used() -> None:
    named = {name for row in TRANSITIONS.values() for name in row.guards}

    assert named == set(GUARDS)
    assert all(guard.__doc__ for guard in GUARDS.values())


def test_every_open_state_has_a_way_on() -> None:
    for status in OPEN:
        onward = [row for row in TRANSITIONS.values() if status in row.sources]
        assert any(row.target not in (Status.CANCELLED, Status.WITHDRAWN) for row in onward)


def test_event_outside_the_chain_is_found_by_its_hash(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)
    event = append_event(audit=audit, actor=scheme.desk, act="note", comment="覚え書き")

    event.comment = "書き換え"

    assert event.compute_hash() != event.hash
