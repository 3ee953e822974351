"""The pages of auditors and engagements: register, own place, ties of a supplier, the flag."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Organisation
from audits.auditors.models import Absence, Auditor, Engagement
from audits.models import SchemeSettings
from audits.services.conflicts import declare_engagement
from audits.terms import Status
from tests.factories import Scheme, audit_at, make_auditor, make_engagement, make_supplier

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def page_of(auditor: Auditor, act: str = "") -> str:
    if act:
        return reverse("console:auditor_act", args=[auditor.pk, act])
    return reverse("console:auditor", args=[auditor.pk])


def number_of(scheme: Scheme) -> str:
    scheme.supplier.corporate_number = "7000012050002"
    scheme.supplier.save()
    return "7000012050002"


def test_secretariat_registers_qualifies_and_deactivates(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.coordinator)
    made = client.post(
        reverse("console:auditor_new"),
        {
            "body": scheme.body.pk,
            "name": "今治 太郎",
            "email": "taro@example.org",
            "registration_number": "JA-8001",
            "languages": ["ja"],
            "prefectures": ["38"],
        },
    )
    auditor = Auditor.objects.get(registration_number="JA-8001")
    step = {"standard": scheme.standard.pk, "level": "member", "status": "trained"}
    client.post(page_of(auditor, "qualification"), {**step, "on": "2025-05-01"})
    skipped = client.post(
        page_of(auditor, "qualification"),
        {**step, "status": "witnessed", "on": "2025-06-01"},
    )
    client.post(page_of(auditor, "deactivation"), {"reason": "退職"})
    again = client.get(page_of(auditor, "deactivation"))
    shown = client.get(page_of(auditor)).content.decode()

    assert made["Location"] == page_of(auditor)
    assert skipped.status_code == 422
    assert again.status_code == 302
    assert auditor.qualifications.get().steps == {"trained": "2025-05-01"}
    assert not Auditor.objects.get(pk=auditor.pk).is_active
    assert "退職" in shown
    assert page_of(auditor, "reactivation") in shown


def test_wrong_entry_is_answered_with_its_error(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.coordinator)

    answer = client.post(
        reverse("console:auditor_new"),
        {
            "body": scheme.body.pk,
            "name": "今治",
            "email": scheme.lead.user.email,
            "registration_number": "JA-8002",
            "languages": ["ja"],
        },
    )

    assert answer.status_code == 422


def test_body_describes_its_auditors_but_does_not_qualify(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.desk)
    other = make_auditor()

    changed = client.post(
        page_of(scheme.member, "description"), {"languages": ["ja", "en"], "prefectures": ["13"]}
    )

    assert changed.status_code == 302
    assert Auditor.objects.get(pk=scheme.member.pk).languages == ["en", "ja"]
    for act in ("qualification", "deactivation"):
        assert client.get(page_of(scheme.member, act)).status_code == 403
    assert client.get(page_of(other)).status_code == 404
    assert client.get(page_of(scheme.member, "nothing")).status_code == 404


def test_auditor_enters_days_away_and_takes_them_out(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.lead.user)
    page = reverse("portal:qualifications")
    today = timezone.localdate()

    wrong = client.post(page, {"starts_on": today, "ends_on": today - timedelta(days=1)})
    client.post(page, {"starts_on": today, "ends_on": today, "note": "研修"})
    absence = Absence.objects.get()
    shown = client.get(page).content.decode()
    client.post(reverse("portal:absence_removal"), {"absence": absence.pk})
    gone = client.post(reverse("portal:absence_removal"), {"absence": absence.pk})

    assert wrong.status_code == 422
    assert "研修" in shown
    assert gone.status_code == 302
    assert not Absence.objects.exists()


def test_auditor_declares_and_ends_an_engagement(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.lead.user)
    data = {"company": number_of(scheme), "kind": "advisory", "starts_on": "2024-04-01"}

    unknown = client.post(reverse("portal:engagement_new"), {**data, "company": "1" * 13})
    client.post(reverse("portal:engagement_new"), data)
    twice = client.post(reverse("portal:engagement_new"), data)
    tie = Engagement.objects.get()
    page, today = reverse("portal:engagement_end", args=[tie.pk]), timezone.localdate()
    early = client.post(page, {"ends_on": "2024-05-31", "reason": "終わっていました。"})
    client.post(page, {"ends_on": today.isoformat()})

    assert (unknown.status_code, twice.status_code, early.status_code) == (422, 422, 422)
    tie.refresh_from_db()
    assert (tie.person, tie.body, tie.declared_as) == (scheme.lead.user, scheme.body, "auditor")
    assert date_format(today) in early.content.decode()
    assert 'name="reason"' not in early.content.decode()
    assert tie.ends_on == today


def test_person_who_is_not_registered_is_told_so(scheme: Scheme, client: Client) -> None:
    scheme.lead.qualifications.all().delete()
    person = scheme.lead.user
    Auditor.objects.filter(pk=scheme.lead.pk).delete()
    client.force_login(person)

    assert client.get(reverse("portal:qualifications")).status_code == 200
    assert client.get(reverse("portal:engagement_new")).status_code == 403


def test_supplier_declares_and_ends_a_tie(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.manager)
    data = {"office": scheme.body.pk, "kind": "retainer", "starts_on": "2024-04-01"}

    stranger = client.post(
        reverse("portal:our_tie_new"), {**data, "registration_number": "JA-nobody"}
    )
    client.post(
        reverse("portal:our_tie_new"),
        {**data, "registration_number": scheme.lead.registration_number},
    )
    tie = Engagement.objects.get()
    shown = client.get(reverse("portal:our_ties")).content.decode()
    page, today = reverse("portal:our_tie", args=[tie.pk]), timezone.localdate()
    early = client.post(page, {"ends_on": "2025-03-31"})
    client.post(page, {"ends_on": today.isoformat()})
    again = client.post(page, {"ends_on": (today + timedelta(days=1)).isoformat()})

    assert (early.status_code, again.status_code) == (422, 422)
    assert stranger.status_code == 422
    assert scheme.lead.user.name in shown
    tie.refresh_from_db()
    assert (tie.declared_as, tie.ends_on) == ("supplier", today)


def test_supplier_sees_no_ties_of_others(scheme: Scheme, client: Client) -> None:
    hidden = make_engagement(make_supplier(), scheme.lead.user)
    client.force_login(scheme.manager)

    assert scheme.lead.user.name not in client.get(reverse("portal:our_ties")).content.decode()
    assert client.get(reverse("portal:our_tie", args=[hidden.pk])).status_code == 404


def test_desk_declares_ends_and_secretariat_withdraws(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.desk)
    client.post(
        reverse("console:engagement_new"),
        {
            "company": number_of(scheme),
            "office": scheme.body.pk,
            "kind": "training",
            "starts_on": "2024-04-01",
        },
    )
    tie = Engagement.objects.get()
    page = reverse("console:engagement", args=[tie.pk])
    refused = client.post(page, {"withdraw": "1", "reason": "x"})
    early = client.post(page, {"end": "1", "ends_on": "2024-04-30", "reason": "終了"})
    client.post(page, {"end": "1", "ends_on": timezone.localdate().isoformat()})
    ended = client.get(page).content.decode()
    client.force_login(scheme.coordinator)
    corrected = {"end": "1", "ends_on": "2024-04-30", "reason": "契約書を確認しました。"}
    assert client.get(page).content.decode().count('id="id_reason"') == 1
    client.post(page, corrected)
    client.post(page, {"withdraw": "1", "reason": "別の会社でした。"})

    assert (refused.status_code, early.status_code) == (403, 422)
    assert 'name="ends_on"' not in ended
    tie.refresh_from_db()
    assert tie.ends_on == date(2024, 4, 30)
    assert tie.withdrawal_reason == "別の会社でした。"
    assert "別の会社でした。" in client.get(page).content.decode()


def test_conflict_is_flagged_on_the_audit_and_on_the_board(scheme: Scheme, client: Client) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    declare_engagement(
        actor=scheme.manager,
        supplier=scheme.supplier,
        person=scheme.lead.user,
        body=scheme.body,
        kind="retainer",
        starts_on=date(2024, 4, 1),
    )
    client.force_login(scheme.coordinator)

    one = client.get(reverse("console:audit", args=[audit.number])).content.decode()
    board = client.get(reverse("console:board")).content.decode()

    assert f"{scheme.lead.user.name}: " in one
    assert reverse("console:engagements") in one
    assert 'class="tag red"' in board


@pytest.mark.parametrize("more", [0, 2])
def test_lists_cost_the_same_with_few_and_many_rows(
    more: int, scheme: Scheme, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def tie(body: Organisation) -> None:
        make_engagement(scheme.supplier, make_auditor(body).user, body=body)

    SchemeSettings.objects.current()  # made on first use
    for _number in range(1 + more):
        tie(scheme.body)
        day = timezone.localdate() + timedelta(days=_number)
        Absence.objects.create(auditor=scheme.lead, starts_on=day, ends_on=day)
    for person, address, queries in (
        (scheme.coordinator, reverse("console:auditors"), 8),
        (scheme.coordinator, reverse("console:engagements"), 6),
        (scheme.coordinator, page_of(scheme.lead), 8),
        (scheme.lead.user, reverse("portal:qualifications"), 8),
        (scheme.manager, reverse("portal:our_ties"), 6),
    ):
        client.force_login(person)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_engagements_that_were_withdrawn_come_last(scheme: Scheme, client: Client) -> None:
    mistaken, over, running = (
        make_engagement(scheme.supplier, scheme.member.user, **fields)
        for fields in (
            {"withdrawn_at": timezone.now()},
            {"ends_on": timezone.localdate()},
            {},
        )
    )
    client.force_login(scheme.coordinator)

    page = client.get(reverse("console:engagements")).context["page"]

    assert list(page) == [running, over, mistaken]
