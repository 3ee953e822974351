"""Change notices: who tells, who decides, what is told and recorded, and what the clock does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, Notice, User
from accounts.terms import Role
from audits.change_terms import ChangeDecision, ChangeKind
from audits.models import AuditEvent, ChangeNotice, Result, SchemeSettings
from audits.services.change_hints import Described, hints
from audits.services.clocks.changes import remind_of_changes
from audits.services.independence import independent
from audits.services.noticing import decide_change, declare_change
from audits.services.records import verify_records
from audits.terms import ResultStatus, Status
from audits.timeline import entries
from suppliers.models import SiteProfile
from suppliers.services.registering import save_profile, update_site
from tests.factories import Scheme, audit_at, make_engagement, make_user
from ui.calendars import add_business_days

if TYPE_CHECKING:
    from audits.models import Audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def told(scheme: Scheme, **changes: Any) -> ChangeNotice:
    fields = {
        "kind": ChangeKind.DORMITORY,
        "starts_on": timezone.localdate(),
        "text": "敷地内に寮を新設した。",
        **changes,
    }
    return declare_change(actor=scheme.manager, site=scheme.site, **fields)


def decided(scheme: Scheme, notice: ChangeNotice, decision: str, **more: Any) -> ChangeNotice:
    fields = {"actor": scheme.coordinator, "reason": "書面で確認した。", **more}
    return decide_change(notice=notice, decision=decision, **fields)


def keys_of(person: User) -> list[str]:
    return [row.key for row in Notice.objects.filter(recipient=person) if ":change" in row.key]


def test_change_is_told_to_the_secretariat_and_recorded(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    notice = told(scheme)

    assert (notice.audit, notice.declared_by, notice.decision) == (audit, scheme.manager, "")
    assert notice.due_on == add_business_days(timezone.localdate(), 10)
    event = audit.events.get(act="change_declared")
    assert (event.comment, event.payload["change"]) == (notice.text, "dormitory")
    assert entries([event])[0].title == "Change at the site reported · new dormitory"
    assert len(keys_of(scheme.coordinator)) == 1
    for person in (scheme.manager, scheme.desk, scheme.lead.user, scheme.owner):
        assert keys_of(person) == []
    assert verify_records(audit.number) == (1, [])


def test_days_to_decide_are_a_setting(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    SchemeSettings.objects.current()
    SchemeSettings.objects.update(change_notice_days=3)

    assert told(scheme).due_on == add_business_days(timezone.localdate(), 3)


def test_only_managers_of_the_supplier_tell(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    reader = make_user(scheme.supplier.organisation, Role.READER)

    for person in (reader, scheme.coordinator, scheme.desk, scheme.brand_user, Scheme().manager):
        with pytest.raises(PermissionDenied):
            declare_change(
                actor=person,
                site=scheme.site,
                kind=ChangeKind.MOVE,
                starts_on=timezone.localdate(),
                text="移転する。",
            )
    assert not ChangeNotice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"kind": "weather"}, "kind"),
        ({"text": "  "}, "text"),
        ({"starts_on": date(1926, 1, 1)}, "starts_on"),
        ({"starts_on": date(9999, 1, 1)}, "starts_on"),
    ],
)
def test_what_makes_no_sense_is_refused(scheme: Scheme, wrong: dict[str, Any], where: str) -> None:
    audit_at(Status.ISSUED, scheme)

    with pytest.raises(ValidationError) as refused:
        told(scheme, **wrong)

    assert list(refused.value.message_dict) == [where]


@pytest.mark.parametrize("status", [ResultStatus.WITHDRAWN, ResultStatus.EXPIRED])
def test_nothing_is_told_where_no_result_stands(scheme: Scheme, status: ResultStatus) -> None:
    with pytest.raises(ValidationError, match="this site has none"):
        told(scheme)
    audit_at(Status.ISSUED, scheme)
    Result.objects.update(status=status)

    with pytest.raises(ValidationError, match="this site has none"):
        told(scheme)


def test_change_of_a_suspended_result_is_told(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    Result.objects.update(status=ResultStatus.SUSPENDED)

    assert told(scheme).audit.site == scheme.site


def test_same_change_is_told_once_until_it_is_decided(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    first = told(scheme)

    with pytest.raises(ValidationError, match="already"):
        told(scheme, text="もう一度。")
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeNotice.objects.create(
            site=first.site,
            audit=first.audit,
            kind=first.kind,
            starts_on=first.starts_on,
            text="x",
            declared_by=first.declared_by,
            due_on=first.due_on,
        )
    told(scheme, kind=ChangeKind.MOVE)
    decided(scheme, first, ChangeDecision.NOTHING)

    assert told(scheme).pk != first.pk


@pytest.mark.parametrize("decision", list(ChangeDecision))
def test_decision_is_told_to_the_supplier_with_its_reason(
    scheme: Scheme, decision: ChangeDecision
) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    notice = decided(scheme, told(scheme), decision)

    assert (notice.decision, notice.decided_by) == (decision, scheme.coordinator)
    (message,) = Notice.objects.filter(recipient=scheme.manager, key__contains=":change-")
    assert "書面で確認した。" in message.body
    event = AuditEvent.objects.visible_to(scheme.manager).get(act="change_decided")
    assert event.payload["decision"] == decision
    assert verify_records(audit.number) == (1, [])


def test_desk_check_is_followed_by_one_final_decision(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = decided(scheme, told(scheme), ChangeDecision.DESK)
    assert ChangeNotice.objects.unsettled().get() == notice

    with pytest.raises(ValidationError, match="in the meantime"):
        decided(scheme, notice, ChangeDecision.DESK)
    notice = decided(scheme, notice, ChangeDecision.SPECIAL, reason="寮を見る必要がある。")

    assert not ChangeNotice.objects.unsettled().exists()
    assert AuditEvent.objects.filter(act="change_decided").count() == 2
    for decision in ChangeDecision:
        with pytest.raises(ValidationError, match="in the meantime"):
            decided(scheme, notice, decision)


def test_decision_needs_a_choice_and_a_reason(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)

    with pytest.raises(ValidationError) as refused:
        decided(scheme, notice, "perhaps")
    assert list(refused.value.message_dict) == ["decision"]
    with pytest.raises(ValidationError) as refused:
        decided(scheme, notice, ChangeDecision.NOTHING, reason=" ")
    assert list(refused.value.message_dict) == ["reason"]


def test_others_than_the_secretariat_do_not_decide(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)
    reader = make_user(scheme.secretariat, Role.READER)

    for person in (
        scheme.owner,
        scheme.desk,
        scheme.lead.user,
        scheme.manager,
        scheme.observer,
        reader,
        Scheme().coordinator,
    ):
        with pytest.raises(PermissionDenied):
            decided(scheme, notice, ChangeDecision.NOTHING, actor=person)
    decided(scheme, notice, ChangeDecision.NOTHING, actor=scheme.reviewer)


def test_owner_decides_on_what_is_late(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)
    ChangeNotice.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    notice.refresh_from_db()

    assert decided(scheme, notice, ChangeDecision.NOTHING, actor=scheme.owner).is_settled


def _bound_by_engagement(scheme: Scheme) -> None:
    make_engagement(scheme.supplier, scheme.coordinator)


def _bound_by_membership(scheme: Scheme) -> None:
    Membership.objects.create(
        user=scheme.coordinator, organisation=scheme.supplier.organisation, role=Role.READER
    )


def _bound_by_body(scheme: Scheme) -> None:
    Membership.objects.create(user=scheme.coordinator, organisation=scheme.body, role=Role.READER)


@pytest.mark.parametrize("bind", [_bound_by_engagement, _bound_by_membership, _bound_by_body])
def test_whoever_is_bound_does_not_decide(scheme: Scheme, bind: Any) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    notice = told(scheme)
    assert independent(scheme.coordinator, audit, decides=True)
    bind(scheme)
    # As at the next request: positions are kept with the person.
    bound = User.objects.get(pk=scheme.coordinator.pk)

    with pytest.raises(ValidationError) as refused:
        decided(scheme, notice, ChangeDecision.NOTHING, actor=bound)

    assert {error.code for error in refused.value.error_list} == {"dependent"}
    assert decided(scheme, notice, ChangeDecision.NOTHING, actor=scheme.decider).is_settled


def test_brand_sees_no_notice(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)

    for person in (scheme.coordinator, scheme.manager, scheme.owner, scheme.desk, scheme.observer):
        assert list(ChangeNotice.objects.visible_to(person)) == [notice]
    for person in (scheme.brand_user, Scheme().manager, make_user()):
        assert not ChangeNotice.objects.visible_to(person).exists()


def test_clock_reminds_when_the_days_are_over_and_once(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)
    known = len(keys_of(scheme.coordinator))

    assert remind_of_changes(notice.due_on - timedelta(days=1)) == 0
    assert remind_of_changes(notice.due_on) > 0
    assert remind_of_changes(notice.due_on) == 0
    assert len(keys_of(scheme.coordinator)) == known + 1
    assert keys_of(scheme.owner) == []
    remind_of_changes(notice.due_on + timedelta(days=7))
    assert len(keys_of(scheme.coordinator)) == known + 2
    assert len(keys_of(scheme.owner)) == 1


@pytest.mark.parametrize("decision", list(ChangeDecision))
def test_clock_is_silent_once_something_was_decided(
    scheme: Scheme, decision: ChangeDecision
) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = decided(scheme, told(scheme), decision)

    assert remind_of_changes(notice.due_on + timedelta(days=30)) == 0


@pytest.fixture
def audited(scheme: Scheme) -> Audit:
    """An audit with a standing result of a site with 10 workers that weaves and has no dormitory."""
    audit = audit_at(Status.ISSUED, scheme)
    SiteProfile.objects.filter(audits=audit).update(
        workers_male=4,
        workers_female=6,
        workers_regular=10,
        workers_fixed_term=0,
        has_dormitory=False,
        processes=["weaving"],
    )
    audit.refresh_from_db()
    return audit


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        (Described(13, False, ["weaving"]), []),
        (Described(14, False, ["weaving"]), ["workers"]),
        (Described(10, True, ["weaving"]), ["dormitory"]),
        (Described(10, False, ["dyeing", "weaving"]), ["process"]),
        (Described(10, False, []), []),
        (Described(50, True, ["sewing"]), ["workers", "dormitory", "process"]),
    ],
)
def test_profile_shows_what_is_to_be_told(audited: Audit, now: Described, kinds: list[str]) -> None:
    assert [hint.kind for hint in hints(audited, now)] == kinds


def test_how_many_more_workers_are_many_is_a_setting(audited: Audit) -> None:
    SchemeSettings.objects.current()
    SchemeSettings.objects.update(change_workers_percent=50)

    assert hints(audited, Described(15, False, [])) == []
    assert [hint.kind for hint in hints(audited, Described(16, False, []))] == ["workers"]


def test_what_was_told_is_not_hinted_at_again(scheme: Scheme, audited: Audit) -> None:
    told(scheme, kind=ChangeKind.WORKERS)

    assert [hint.kind for hint in hints(audited, Described(50, True, []))] == ["dormitory"]


def test_nothing_is_said_of_processes_that_were_not_kept(audited: Audit) -> None:
    SiteProfile.objects.filter(audits=audited).update(processes=[])
    audited.refresh_from_db()

    assert hints(audited, Described(10, False, ["sewing"])) == []
    assert hints(None, Described(10, False, ["sewing"])) == []
    assert hints(audited, None) == []


def test_profile_keeps_the_processes_of_its_day(scheme: Scheme) -> None:
    update_site(actor=scheme.manager, site=scheme.site, processes=["weaving"])
    profile = save_profile(actor=scheme.manager, site=scheme.site, as_of=timezone.localdate())
    update_site(actor=scheme.manager, site=scheme.site, processes=["weaving", "sewing"])

    profile.refresh_from_db()
    assert profile.processes == ["weaving"]
