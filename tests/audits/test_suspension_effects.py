"""What each of the six effects of a suspension stops, what it does not, and in which words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Designation
from accounts.services.designating import suspend
from accounts.terms import Effect
from audits.models import Audit, CorrectiveAction, Result
from audits.services import applying, teams
from audits.services.appealing import dismiss_appeal, uphold_appeal
from audits.services.correcting import take_step
from audits.terms import AuditKind, CorrectionStatus, Status
from tests.audits.appeals import CONFORMING, appealed, uphold
from tests.audits.desks import client_of
from tests.factories import STEPS, Scheme, answer_offers, audit_at, plan_for, show

if TYPE_CHECKING:
    from accounts.models import Organisation

pytestmark = pytest.mark.django_db


def stop(scheme: Scheme, organisation: Organisation, *effects: Effect) -> None:
    """Suspend these effects of the organisation's designation."""
    suspend(
        actor=scheme.owner,
        designation=Designation.objects.get(organisation=organisation),
        stops=effects,
        reason="是正の確認を終えるまで",
    )


def refusal(scheme: Scheme, audit: Audit, target: Status) -> set[str | None]:
    """Return the codes with which the next step is refused; an empty set when it is taken."""
    try:
        if target == Status.SCHEDULED:
            _schedule(scheme, audit)
        else:
            STEPS[target](scheme, audit, ())
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


def _schedule(scheme: Scheme, audit: Audit) -> None:
    today = timezone.localdate()
    teams.schedule(
        actor=scheme.desk,
        audit=audit,
        planned_from=today,
        planned_until=today,
        person_days=Decimal(2),
    )


# Effect, where the audit stands, the step that is stopped.
STOPPED = [
    (Effect.ACCEPT, Status.SUBMITTED, Status.ACCEPTED),
    (Effect.SCHEDULE, Status.TEAM_PROPOSED, Status.SCHEDULED),
    (Effect.PERFORM, Status.SCHEDULED, Status.FIELDWORK),
    (Effect.ISSUE, Status.DECISION, Status.ISSUED),
]


@pytest.mark.parametrize(("effect", "at", "step"), STOPPED)
@pytest.mark.parametrize("who", ["body", "secretariat"])
def test_effect_stops_its_step_and_no_other_effect_does(
    effect: Effect, at: Status, step: Status, who: str
) -> None:
    scheme = Scheme()
    audit = audit_at(at, scheme)
    organisation = getattr(scheme, who)
    others = [other for other in Effect if other != effect]
    if effect == Effect.SCHEDULE:
        answer_offers(audit)
        teams.agree_team(actor=scheme.manager, audit=audit)
        # The auditors of a body that may not perform are not eligible on any day to come.
        others.remove(Effect.PERFORM)

    stop(scheme, organisation, effect)
    assert f"designation_permits_{effect}" in refusal(scheme, audit, step)
    stop(scheme, organisation, *others)
    assert refusal(scheme, audit, step) == set()


def as_renewal(audit: Audit) -> Audit:
    Audit.objects.filter(pk=audit.pk).update(kind=AuditKind.RENEWAL)
    audit.refresh_from_db()
    return audit


@pytest.mark.parametrize(
    ("at", "step"),
    [(Status.SUBMITTED, Status.ACCEPTED), (Status.DECISION, Status.ISSUED)],
)
def test_renewal_needs_the_effect_renew_and_a_first_audit_does_not(
    at: Status, step: Status
) -> None:
    scheme = Scheme()
    stop(scheme, scheme.body, Effect.RENEW)
    audit = audit_at(at, scheme)

    assert refusal(scheme, as_renewal(audit), step) == {"designation_permits_renew"}
    Audit.objects.filter(pk=audit.pk).update(kind=AuditKind.INITIAL)
    audit.refresh_from_db()
    assert refusal(scheme, audit, step) == set()


@pytest.mark.parametrize(
    ("at", "step"),
    [(Status.SUBMITTED, Status.ACCEPTED), (Status.DECISION, Status.ISSUED)],
)
@pytest.mark.parametrize("kind", [AuditKind.INITIAL, AuditKind.SPECIAL, AuditKind.FOLLOW_UP])
def test_audit_that_would_renew_a_standing_result_is_a_renewal_by_any_name(
    kind: AuditKind, at: Status, step: Status
) -> None:
    scheme = Scheme()
    audit_at(Status.CLOSED, scheme, nonconforming=())
    audit = audit_at(at, scheme)
    stop(scheme, scheme.body, Effect.RENEW)
    Audit.objects.filter(pk=audit.pk).update(kind=kind)
    audit.refresh_from_db()

    # A follow-up takes over and lengthens nothing.
    stopped = set() if kind == AuditKind.FOLLOW_UP else {"designation_permits_renew"}
    assert refusal(scheme, audit, step) == stopped


def test_audit_of_a_site_whose_result_no_longer_stands_renews_nothing() -> None:
    scheme = Scheme()
    earlier = audit_at(Status.CLOSED, scheme, nonconforming=())
    Result.objects.filter(audit=earlier).update(status="withdrawn")
    stop(scheme, scheme.body, Effect.RENEW)

    audit = audit_at(Status.SUBMITTED, scheme)

    assert refusal(scheme, audit, Status.ACCEPTED) == set()


def test_renewal_needs_the_effect_accept_too() -> None:
    scheme = Scheme()
    audit = as_renewal(audit_at(Status.SUBMITTED, scheme))
    stop(scheme, scheme.body, Effect.ACCEPT, Effect.RENEW)

    with pytest.raises(ValidationError) as error:
        applying.accept(actor=scheme.desk, audit=audit)
    assert {one.code for one in error.value.error_list} == {
        "designation_permits_accept",
        "designation_permits_renew",
    }


def planned(scheme: Scheme) -> CorrectiveAction:
    audit = audit_at(Status.ISSUED, scheme)
    action = CorrectiveAction.objects.get(finding__audit=audit)
    return take_step(actor=scheme.manager, action=action, step="plan", **plan_for(action))


def test_body_that_may_not_verify_leaves_it_to_its_secretariat() -> None:
    scheme = Scheme()
    action = planned(scheme)
    stop(scheme, scheme.body, Effect.VERIFY)

    for person in (scheme.desk, scheme.lead.user):
        for step in ("accept_plan", "return_plan"):
            with pytest.raises(ValidationError) as error:
                take_step(actor=person, action=action, step=step, comment="確認")
            assert error.value.error_list[0].code == "verify_stopped"
            assert scheme.secretariat.name in error.value.messages[0]
    take_step(actor=scheme.coordinator, action=action, step="accept_plan")
    # The supplier goes on as before.
    show(scheme, action)
    for step in ("close", "return_evidence"):
        with pytest.raises(ValidationError):
            take_step(actor=scheme.desk, action=action, step=step, comment="確認")
    take_step(actor=scheme.coordinator, action=action, step="close", comment="現場で確認した。")
    action.refresh_from_db()
    assert action.status == CorrectionStatus.CLOSED


def test_secretariat_that_may_not_verify_stops_its_bodies_too() -> None:
    scheme = Scheme()
    action = planned(scheme)
    stop(scheme, scheme.secretariat, Effect.VERIFY)

    for person in (scheme.desk, scheme.coordinator):
        with pytest.raises(ValidationError, match=r"."):
            take_step(actor=person, action=action, step="accept_plan")
    # Carrying over is not verifying.
    take_step(actor=scheme.coordinator, action=action, step="carry_over", comment="次回に確認")


def test_body_stopped_from_accepting_still_verifies_and_results_stand() -> None:
    scheme = Scheme()
    action = planned(scheme)
    stop(scheme, scheme.body, *(effect for effect in Effect if effect != Effect.VERIFY))
    stop_secretariat = [effect for effect in Effect if effect != Effect.VERIFY]
    stop(scheme, scheme.secretariat, *stop_secretariat)

    take_step(actor=scheme.desk, action=action, step="accept_plan")

    action.refresh_from_db()
    assert action.status == CorrectionStatus.PLAN_ACCEPTED
    result = Result.objects.get(audit=action.finding.audit)
    assert result.status == "valid"
    assert Result.objects.visible_to(scheme.manager).filter(pk=result.pk).exists()


@pytest.mark.usefixtures("english")
def test_secretariat_that_may_not_issue_dismisses_an_appeal_and_the_owner_upholds_it() -> None:
    scheme = Scheme()
    appeal = appealed(scheme)
    stop(scheme, scheme.secretariat, Effect.ISSUE)
    page = reverse("console:appeal", args=[appeal.pk])

    with pytest.raises(ValidationError, match="leave it to the scheme owner") as error:
        uphold(scheme, appeal)
    assert error.value.error_list[0].code == "issue_stopped"
    shown = client_of(scheme.coordinator).get(page).content.decode()
    assert "You cannot uphold this appeal" in shown
    assert 'value="uphold"' not in shown
    assert 'value="dismiss"' in shown
    assert 'value="uphold"' in client_of(scheme.owner).get(page).content.decode()
    sent = {"do": "uphold", "decision": "認める。", "confirmed": "on", "to-5-7": "conforming"}
    refused = client_of(scheme.coordinator).post(page, {**sent, "why-5-7": "撤去済み。"})
    assert (refused.status_code, Result.objects.count()) == (422, 1)

    changes = {"5-7": CONFORMING}
    uphold_appeal(actor=scheme.owner, appeal=appeal, decision="認める。", changes=changes)
    assert Result.objects.count() == 2


def test_secretariat_upholds_an_appeal_against_a_result_of_a_body_that_may_not_issue() -> None:
    scheme = Scheme()
    appeal = appealed(scheme)
    stop(scheme, scheme.body, *Effect)
    stop(scheme, scheme.secretariat, *(effect for effect in Effect if effect != Effect.ISSUE))

    assert uphold(scheme, appeal).revision == 2


def test_secretariat_that_may_not_issue_dismisses() -> None:
    scheme = Scheme()
    appeal = appealed(scheme)
    stop(scheme, scheme.secretariat, Effect.ISSUE)

    dismissed = dismiss_appeal(actor=scheme.coordinator, appeal=appeal, decision="理由がない。")

    assert dismissed.upheld is False
