"""The auditor's pages around an audit: today, list, offer, start and abort."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import User
from audits.models import Audit, TeamMember
from audits.services import deciding
from audits.terms import Answer, Status, Threat
from tests.audits.desks import browser
from tests.factories import Scheme, audit_at, make_auditor, make_site

pytestmark = pytest.mark.django_db
AUDITOR_PAGES = ("audit", "fieldwork", "findings", "interviews", "comments")
NO_THREAT = dict.fromkeys(Threat.values, "no")


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"portal:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.TEAM_PROPOSED, "依頼に回答する"),
        (Status.SCHEDULED, "監査を開始する"),
        (Status.FIELDWORK, "現地監査を続ける"),
        (Status.DRAFTING, "仕上げて署名する"),
        (Status.IN_REVIEW, "対応が必要なものはありません"),
    ],
)
def test_today_says_what_to_do(scheme: Scheme, status: Status, words: str) -> None:
    audit_at(status, scheme)
    assert words in page(browser(scheme.lead.user), "today")


def test_today_counts_comments_to_answer(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    deciding.send_back(
        actor=scheme.reviewer, audit=audit, comment="補ってください", comments={"5-7": "幅は?"}
    )
    assert "コメント1件に回答する" in page(browser(scheme.lead.user), "today")


def test_today_and_list_are_for_auditors(scheme: Scheme) -> None:
    for name in ("today", "my_audits"):
        for user in (scheme.manager, scheme.coordinator, scheme.brand_user):
            assert browser(user).get(reverse(f"portal:{name}")).status_code == 403
        assert browser().get(reverse(f"portal:{name}")).status_code == 302


@pytest.mark.parametrize("name", ["today", "my_audits"])
def test_lists_take_the_same_queries_for_one_and_three(
    scheme: Scheme, name: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = browser(scheme.lead.user)
    expected = {"today": 6, "my_audits": 9}[name]
    audit_at(Status.FIELDWORK, scheme)
    with django_assert_num_queries(expected):
        client.get(reverse(f"portal:{name}"))
    for _number in range(2):
        audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    with django_assert_num_queries(expected):
        client.get(reverse(f"portal:{name}"))


@pytest.mark.past_the_record
def test_today_shows_the_most_urgent_of_much_and_the_rest_on_pages_of_its_own(
    scheme: Scheme,
) -> None:
    count, first = 23, timezone.localdate()
    begun = audit_at(Status.FIELDWORK, scheme)
    Audit.objects.filter(pk=begun.pk).update(due_on=None)
    rows = []
    for number in range(count):
        row = Audit.objects.get(pk=begun.pk)
        row.pk, row.number = uuid7(), f"JASTI-2030-{number:04d}"
        row.site = make_site(scheme.supplier)
        row.due_on = first + timedelta(days=count - number)
        rows.append(row)
    Audit.objects.bulk_create(rows)
    TeamMember.objects.bulk_create(
        TeamMember(audit=row, auditor=scheme.lead, function="lead", answer=Answer.ACCEPTED)
        for row in rows
    )
    offered = audit_at(Status.TEAM_PROPOSED, scheme, site=make_site(scheme.supplier))
    client = browser(scheme.lead.user)
    latest = [row.number for row in reversed(rows)]

    def shown(query: str = "") -> dict[str, list[str]]:
        groups = client.get(reverse("portal:today") + query).context["groups"]
        return {name: [item.place.audit.number for item in items] for name, items, _count in groups}

    # Each kind of work has its place, however much there is of another; without a date comes last.
    assert shown() == {"offers": [offered.number], "fieldwork": latest[:4]}
    body = page(client, "today")
    assert "?group=fieldwork" in body
    assert "?group=offers" not in body
    assert shown("?group=fieldwork") == {"fieldwork": latest[:20]}
    assert shown("?group=fieldwork&page=2") == {"fieldwork": [*latest[20:], begun.number]}
    # What there is not, or no longer, is the page of all.
    assert shown("?group=drafts") == shown("?group=nonsense") == shown()


def test_list_filters_searches_and_downloads(scheme: Scheme) -> None:
    first = audit_at(Status.FIELDWORK, scheme)
    second = audit_at(Status.DRAFTING, scheme, site=make_site(scheme.supplier, name_ja="染色棟"))
    client = browser(scheme.lead.user)
    url = reverse("portal:my_audits")

    def numbers(query: str) -> set[str]:
        body = client.get(url + query).content.decode()
        return {audit.number for audit in (first, second) if audit.number in body}

    assert numbers("") == {first.number, second.number}
    assert numbers("?state=drafting") == {second.number}
    assert numbers("?state=ended") == set()
    assert numbers("?q=染色棟") == {second.number}
    assert numbers("?sort=nonsense&state=nonsense&page=x") == {first.number, second.number}
    csv = client.get(url + "?state=drafting&format=csv")
    text = csv.getvalue().decode()
    assert second.number in text
    assert first.number not in text
    xlsx = client.get(url + "?format=xlsx")
    assert xlsx["Content-Type"].endswith("sheet")
    assert xlsx.getvalue().startswith(b"PK")


def test_list_leaves_out_audits_of_others(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    assert audit.number not in page(browser(make_auditor(scheme.body).user), "my_audits")


def test_offer_is_accepted_with_the_declaration(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    client = browser(scheme.lead.user)
    text = page(client, "offer", audit.number)
    assert text.count('value="yes"') == 4
    url = reverse("portal:offer", args=[audit.number])

    unanswered = client.post(url, {"answer": "accept", "signed": "on"})
    assert unanswered.status_code == 200
    unsigned = client.post(url, {"answer": "accept", **NO_THREAT})
    assert unsigned.status_code == 200
    unexplained = client.post(
        url, {"answer": "accept", **NO_THREAT, "familiarity": "yes", "signed": "on"}
    )
    assert "一文で" in unexplained.content.decode()
    member = TeamMember.objects.get(audit=audit, auditor=scheme.lead)
    assert member.answer == Answer.OFFERED

    done = client.post(url, {"answer": "accept", **NO_THREAT, "signed": "on", "note": ""})
    assert done.status_code == 302
    member.refresh_from_db()
    assert member.answer == Answer.ACCEPTED
    assert not member.declared_conflict
    again = client.post(url, {"answer": "accept", **NO_THREAT, "signed": "on"})
    assert again.status_code == 200
    assert "承諾しました" in page(client, "offer", audit.number)


def test_offer_with_a_yes_is_kept_as_a_conflict(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    answers = NO_THREAT | {"self_review": "yes", "note": "昨年研修をした。"}
    client = browser(scheme.member.user)
    client.post(
        reverse("portal:offer", args=[audit.number]), {"answer": "accept", "signed": "on"} | answers
    )
    assert TeamMember.objects.get(audit=audit, auditor=scheme.member).declared_conflict


def test_offer_is_declined_with_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    client, url = browser(scheme.lead.user), reverse("portal:offer", args=[audit.number])
    assert client.post(url, {"answer": "decline"}).status_code == 200
    assert client.post(url, {"answer": "decline", "reason": "日程が合わない"}).status_code == 302
    member = TeamMember.objects.get(audit=audit, auditor=scheme.lead)
    assert (member.answer, member.decline_reason) == (Answer.DECLINED, "日程が合わない")


def test_offer_is_for_the_one_who_was_asked(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    url = reverse("portal:offer", args=[audit.number])
    assert browser(make_auditor(scheme.body).user).get(url).status_code == 404
    assert browser(scheme.manager).get(url).status_code == 403
    assert browser(scheme.desk).post(url, {"answer": "decline", "reason": "x"}).status_code == 403


@pytest.mark.parametrize("name", AUDITOR_PAGES)
def test_audit_pages_are_for_the_team(scheme: Scheme, name: str) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    url = reverse(f"portal:{name}", args=[audit.number])
    assert browser(scheme.lead.user).get(url).status_code == 200
    assert browser(scheme.member.user).get(url).status_code == 200
    for user in (scheme.manager, scheme.desk, scheme.coordinator, scheme.owner, scheme.observer):
        assert browser(user).get(url).status_code == 403
    for user in (scheme.brand_user, make_auditor(scheme.body).user):
        assert browser(user).get(url).status_code == 404
    assert browser().get(url).status_code == 302


@pytest.mark.parametrize("status", [Status.TEAM_PROPOSED, Status.SCHEDULED, Status.FIELDWORK])
@pytest.mark.parametrize("locale", ["ja", "en"])
def test_audit_pages_show_in_every_state(scheme: Scheme, status: Status, locale: str) -> None:
    audit = audit_at(status, scheme)
    user = scheme.lead.user
    User.objects.filter(pk=user.pk).update(locale=locale)
    client = browser(user)
    for name in AUDITOR_PAGES:
        page(client, name, audit.number)
    page(client, "card", audit.number, "5-7")


def test_start_asks_first_and_starts(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    client = browser(scheme.lead.user)
    assert "監査を開始する" in page(client, "audit", audit.number)
    assert "固定" in page(client, "audit_act", audit.number, "start")
    url = reverse("portal:audit_act", args=[audit.number, "start"])

    assert browser(scheme.member.user).post(url, {"version": audit.version}).status_code == 403
    stale = client.post(url, {"version": audit.version - 1})
    assert stale.status_code == 200
    done = client.post(url, {"version": audit.version})
    assert done["Location"] == reverse("portal:fieldwork", args=[audit.number])
    audit.refresh_from_db()
    assert audit.status == Status.FIELDWORK
    # The second click of a double click.
    assert client.post(url, {"version": audit.version}).status_code == 302
    assert client.get(url).status_code == 403


def test_start_says_why_it_is_not_possible(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    Audit.objects.filter(pk=audit.pk).update(planned_from="2030-01-01", planned_until="2030-01-02")
    assert "2030年1月1日" in page(browser(scheme.lead.user), "audit_act", audit.number, "start")


def test_abort_needs_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client, url = (
        browser(scheme.lead.user),
        reverse("portal:audit_act", args=[audit.number, "abort"]),
    )
    assert client.post(url, {"version": audit.version}).status_code == 200
    client.post(url, {"version": audit.version, "comment": "立入りを拒まれた"})
    audit.refresh_from_db()
    assert audit.status == Status.ABORTED
    assert "立入りを拒まれた" in page(client, "audit", audit.number)


def test_acts_of_others_have_no_page_here(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    for act in ("issue", "cancel", "nonsense"):
        url = reverse("portal:audit_act", args=[audit.number, act])
        assert browser(scheme.lead.user).get(url).status_code == 404
