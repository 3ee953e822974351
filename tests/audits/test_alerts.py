"""Critical alerts: raised in the factory, settled in time, told to the supplier when it is safe."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Notice
from accounts.terms import Role
from audits.models import Alert, AuditEvent
from audits.services import deciding
from audits.services.alerting import cancel_alert, confirm_alert, raise_alert, tell_supplier
from audits.services.assessment import computed_grade
from audits.services.clocks.alerts import remind_of_alerts
from audits.terms import Status
from tests.factories import STEPS, Scheme, audit_at, make_user

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from audits.models import Audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

REASON = "寮の非常口が外から施錠されている。※XQ"


def raised(scheme: Scheme, audit: Audit, reason: str = REASON) -> Alert:
    return raise_alert(actor=scheme.lead.user, audit=audit, reason=reason)


def told(person: User) -> int:
    return Notice.objects.filter(recipient=person, key__contains="alert").count()


@pytest.mark.parametrize("status", [Status.FIELDWORK, Status.DRAFTING])
def test_lead_raises_an_alert_and_the_desks_are_told_at_once(
    scheme: Scheme, status: Status
) -> None:
    audit = audit_at(status, scheme)
    finding = audit.findings.get(requirement__code="5-7")

    alert = raise_alert(actor=scheme.lead.user, audit=audit, reason=REASON, finding=finding)

    assert alert.due_at - alert.raised_at == timedelta(hours=72)
    assert audit.events.get(act="alert_raised").comment == REASON
    for person in (scheme.coordinator, scheme.owner):
        (notice,) = Notice.objects.filter(recipient=person, key__contains="alert")
        assert notice.path == reverse("console:alert", args=[alert.pk])
        assert REASON not in notice.subject + notice.body
    assert told(scheme.manager) == 0
    # Sent twice, raised once.
    again = raise_alert(actor=scheme.lead.user, audit=audit, reason=REASON, finding=finding)
    assert again == alert


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.IN_REVIEW, Status.DECISION])
def test_alert_before_the_start_or_after_the_signature_is_refused(
    scheme: Scheme, status: Status
) -> None:
    audit = audit_at(status, scheme)

    with pytest.raises(ValidationError, match=r"between the start.*signature"):
        raised(scheme, audit)

    assert not Alert.objects.exists()


def test_only_the_lead_raises(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)

    for person in (scheme.member.user, scheme.desk, scheme.coordinator, scheme.manager):
        with pytest.raises(PermissionDenied):
            raise_alert(actor=person, audit=audit, reason=REASON)
    with pytest.raises(ValidationError):
        raised(scheme, audit, " ")
    other = audit_at(Status.FIELDWORK).findings.first()
    with pytest.raises(ValidationError):
        raise_alert(actor=scheme.lead.user, audit=audit, reason=REASON, finding=other)


@pytest.mark.parametrize("settle", [confirm_alert, cancel_alert])
def test_open_alert_blocks_the_issue_until_it_is_settled(scheme: Scheme, settle: object) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    alert = raised(scheme, audit)
    for step in (Status.IN_REVIEW, Status.FACT_CHECK, Status.DECISION):
        audit = STEPS[step](scheme, audit, ())
    grade = computed_grade(audit).grade
    with pytest.raises(ValidationError, match="critical alert is open"):
        deciding.issue(actor=scheme.decider, audit=audit, grade=grade)

    settle(actor=scheme.coordinator, alert=alert, settlement="労基署へ通報した。")  # type: ignore[operator]  # one of two services

    assert deciding.issue(actor=scheme.decider, audit=audit, grade=grade).status == Status.ISSUED
    alert.refresh_from_db()
    assert alert.confirmed is (settle is confirm_alert)
    assert Notice.objects.filter(recipient=scheme.lead.user, key__contains="settled").exists()
    with pytest.raises(ValidationError, match="settled in the meantime"):
        cancel_alert(actor=scheme.coordinator, alert=alert, settlement="もう一度")


def test_who_settles(scheme: Scheme) -> None:
    alert = raised(scheme, audit_at(Status.FIELDWORK, scheme))
    elsewhere = Scheme()

    for person in (
        *(scheme.lead.user, scheme.member.user, scheme.desk, scheme.manager, scheme.observer),
        *(scheme.owner, elsewhere.coordinator),
    ):
        with pytest.raises(PermissionDenied):
            confirm_alert(actor=person, alert=alert, settlement="確認した。")
    with pytest.raises(ValidationError):
        confirm_alert(actor=scheme.coordinator, alert=alert, settlement="")
    with time_machine.travel(alert.due_at + timedelta(minutes=1), tick=False):
        confirm_alert(actor=scheme.owner, alert=alert, settlement="統括事務局が確認した。")


def test_somebody_of_the_team_with_a_desk_does_not_settle(scheme: Scheme) -> None:
    alert = raised(scheme, audit_at(Status.FIELDWORK, scheme))
    scheme.member.user.memberships.create(organisation=scheme.secretariat, role=Role.COORDINATOR)

    with pytest.raises(PermissionDenied):
        cancel_alert(actor=scheme.member.user, alert=alert, settlement="問題ない。")


def everything_shown(client: Client, scheme: Scheme, audit: Audit) -> str:
    """All that the supplier's people read about the audit: pages, the record, notices."""
    client.force_login(scheme.manager)
    pages = [
        reverse("portal:our_audits"),
        reverse("portal:our_audit", args=[audit.number]),
        reverse("portal:site", args=[audit.site_id]),
        reverse("portal:facts", args=[audit.number]),
        reverse("notices"),
    ]
    text = "".join(client.get(page).content.decode() for page in pages)
    rows = AuditEvent.objects.visible_to(scheme.manager).values_list("act", "comment", "payload")
    return text + str(list(rows)) + str(list(Alert.objects.visible_to(scheme.manager)))


def test_supplier_sees_nothing_before_it_is_told(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    alert = raised(scheme, audit)
    confirm_alert(actor=scheme.coordinator, alert=alert, settlement="通報した。※XQ")
    for step in (Status.IN_REVIEW, Status.FACT_CHECK):
        audit = STEPS[step](scheme, audit, ())

    shown = everything_shown(client, scheme, audit)

    assert "※XQ" not in shown
    assert "緊急通報" not in shown
    assert "alert_" not in shown


def test_supplier_is_told_in_the_words_of_the_secretariat(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.DRAFTING, scheme)
    alert = raised(scheme, audit)
    with pytest.raises(ValidationError, match="confirmed"):
        tell_supplier(actor=scheme.coordinator, alert=alert, note="直ちに解錠してください。")
    confirm_alert(actor=scheme.coordinator, alert=alert, settlement="通報した。※XQ")
    for person in (scheme.lead.user, scheme.owner, scheme.desk):
        with pytest.raises(PermissionDenied):
            tell_supplier(actor=person, alert=alert, note="直ちに解錠してください。")
    with pytest.raises(ValidationError, match="グエンさん"):
        tell_supplier(actor=scheme.coordinator, alert=alert, note="グエンさんから聞きました。")

    tell_supplier(actor=scheme.coordinator, alert=alert, note="直ちに解錠してください。")

    shown = everything_shown(client, scheme, audit)
    assert "直ちに解錠してください。" in shown
    assert "※XQ" not in shown
    assert scheme.coordinator.name not in shown
    assert list(Alert.objects.visible_to(scheme.manager)) == [alert]
    assert not Alert.objects.visible_to(scheme.brand_user).exists()
    with override("en"), pytest.raises(ValidationError, match="already"):
        tell_supplier(actor=scheme.coordinator, alert=alert, note="もう一度")


def test_clock_reminds_at_half_time_and_escalates_when_over(scheme: Scheme) -> None:
    alert = raised(scheme, audit_at(Status.FIELDWORK, scheme))
    Notice.objects.all().delete()

    def at(hours: int) -> int:
        with time_machine.travel(alert.raised_at + timedelta(hours=hours), tick=False):
            return remind_of_alerts(timezone.localdate())

    assert at(35) == 0
    assert at(36) == 2  # coordinator and administrator of the secretariat
    assert at(40) == 0
    assert not Notice.objects.filter(recipient=scheme.owner).exists()
    assert at(72) == 3
    assert at(90) == 0
    assert Notice.objects.filter(recipient=scheme.owner).count() == 1


def test_settled_alert_is_not_reminded_of(scheme: Scheme) -> None:
    alert = raised(scheme, audit_at(Status.FIELDWORK, scheme))
    cancel_alert(actor=scheme.coordinator, alert=alert, settlement="誤り。")

    with time_machine.travel(alert.due_at + timedelta(days=1), tick=False):
        assert remind_of_alerts(timezone.localdate()) == 0


def test_raise_by_page(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client.force_login(scheme.lead.user)
    url = reverse("portal:alert", args=[audit.number])
    for page in ("portal:audit", "portal:fieldwork"):
        assert url in client.get(reverse(page, args=[audit.number])).content.decode()

    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "施錠", "finding": "99-9"}).status_code == 422
    answer = client.post(url, {"reason": REASON, "finding": "5-7"})

    assert answer["Location"] == reverse("portal:audit", args=[audit.number])
    assert Alert.objects.get().finding.requirement.code == "5-7"  # type: ignore[union-attr]  # given
    assert REASON in client.get(answer["Location"]).content.decode()


def test_page_of_raising_is_closed_after_the_signature(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    client.force_login(scheme.lead.user)
    url = reverse("portal:alert", args=[audit.number])

    assert client.get(url)["Location"] == reverse("portal:audit", args=[audit.number])
    assert client.post(url, {"reason": REASON}).status_code == 422
    page = client.get(reverse("portal:audit", args=[audit.number])).content.decode()
    assert url not in page


def test_settle_and_tell_by_page(client: Client, scheme: Scheme) -> None:
    alert = raised(scheme, audit_at(Status.FIELDWORK, scheme))
    url = reverse("console:alert", args=[alert.pk])
    client.force_login(scheme.desk)
    page = client.get(url)
    assert page.context["settle_form"] is None
    assert client.post(url, {"do": "confirm", "s-settlement": "通報"}).status_code == 403
    client.force_login(scheme.coordinator)

    assert client.post(url, {"do": "confirm", "s-settlement": ""}).status_code == 422
    assert client.get(url).context["tell_form"] is None
    assert client.post(url, {"do": "confirm", "s-settlement": "通報した。"})["Location"] == url
    assert client.post(url, {"do": "tell", "t-note": "解錠してください。"}).status_code == 422
    assert (
        client.post(url, {"do": "tell", "t-note": "解錠してください。", "t-safe": "on"})["Location"]
        == url
    )

    alert.refresh_from_db()
    assert (alert.confirmed, alert.told_at is not None) == (True, True)
    page = client.get(url)
    assert page.context["settle_form"] is page.context["tell_form"] is None


def test_list_shows_open_ones_first(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    first, second, third = (raised(scheme, audit, f"危険 {n}") for n in range(3))
    cancel_alert(actor=scheme.coordinator, alert=first, settlement="誤り。")
    elsewhere = Scheme()
    raised(elsewhere, audit_at(Status.FIELDWORK, elsewhere))
    client.force_login(scheme.coordinator)
    url = reverse("console:alerts")

    assert list(client.get(url).context["page"]) == [second, third, first]
    assert list(client.get(url, {"state": "cancelled"}).context["page"]) == [first]
    assert list(client.get(url, {"q": audit.number}).context["page"]) == [second, third, first]
    assert list(client.get(url, {"q": "無い"}).context["page"]) == []
    assert audit.number in client.get(url, {"format": "csv"}).getvalue().decode("utf-8-sig")


def test_list_asks_a_constant_number_of_queries(
    client: Client, scheme: Scheme, django_assert_num_queries: object
) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client.force_login(make_user(scheme.secretariat, Role.READER))
    url = reverse("console:alerts")
    raised(scheme, audit)

    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(url)
    for number in range(2):
        finding = audit.findings.all()[number]
        raise_alert(actor=scheme.lead.user, audit=audit, reason=f"危険 {number}", finding=finding)
    with django_assert_num_queries(5):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(url)
