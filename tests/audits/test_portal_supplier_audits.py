"""The supplier's sites and audits by page: what stands, what is next, the team, the record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit
from audits.portal.supplier.journey import STAGES, next_step
from audits.services import deciding, teams
from audits.services.perform import perform
from audits.services.records import append_event
from audits.terms import Act, Status
from tests.factories import PATH, Scheme, answer_offers, audit_at, make_site

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme(client: Client) -> Scheme:
    scheme = Scheme()
    client.force_login(scheme.manager)
    return scheme


def at(page: str, audit: Audit) -> str:
    return reverse(f"portal:{page}", kwargs={"number": audit.number})


def test_sites_without_any_say_what_to_do_first(client: Client, scheme: Scheme) -> None:
    scheme.site.delete()

    page = client.get(reverse("portal:sites")).content.decode()

    assert reverse("portal:site_add") in page


def test_sites_name_what_waits_for_the_supplier(client: Client, scheme: Scheme) -> None:
    team = audit_at(Status.TEAM_PROPOSED, scheme)
    facts = audit_at(Status.FACT_CHECK, scheme, site=make_site(scheme.supplier))
    audit_at(Status.SUBMITTED, scheme, site=make_site(scheme.supplier))
    issued = audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))

    todo = client.get(reverse("portal:sites")).context["todo"]

    assert {(audit.number, step.url) for _site, audit, step in todo} == {
        (team.number, at("our_team", team)),
        (facts.number, at("facts", facts)),
        (issued.number, f"{reverse('portal:our_corrections')}?audit={issued.number}"),
    }
    assert [step.due for _site, _audit, step in todo] == sorted(step.due for _s, _a, step in todo)


def test_sites_say_when_the_newest_result_does_not_stand(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    assert 'data-status="withdrawn"' not in client.get(reverse("portal:sites")).content.decode()

    audit.results.update(status="withdrawn")
    assert 'data-status="withdrawn"' in client.get(reverse("portal:sites")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_sites_query_count(
    client: Client,
    scheme: Scheme,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit_at(Status.ISSUED, scheme)
    for _number in range(count - 1):
        audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))

    with django_assert_num_queries(8):
        response = client.get(reverse("portal:sites"))
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_audits_query_count(
    client: Client,
    scheme: Scheme,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit_at(Status.ISSUED, scheme)
    for _number in range(count - 1):
        audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))

    with django_assert_num_queries(7):
        response = client.get(reverse("portal:our_audits"))
    assert len(response.context["rows"]) == count


def test_audits_are_filtered_sorted_and_downloaded(client: Client, scheme: Scheme) -> None:
    first = audit_at(Status.SUBMITTED, scheme)
    second = audit_at(Status.DRAFT, scheme, site=make_site(scheme.supplier, name_ja="染色工場"))
    audit_at(Status.DRAFT, Scheme())
    url = reverse("portal:our_audits")

    def shown(query: str) -> list[str]:
        return [row[0].number for row in client.get(f"{url}?{query}").context["rows"]]

    assert shown("") == [second.number, first.number]
    assert shown("sort=old") == [first.number, second.number]
    assert shown("status=draft") == [second.number]
    assert shown("q=染色") == [second.number]
    assert shown(f"q={first.number}") == [first.number]
    assert shown("q=nothing") == []
    assert shown("status=nonsense&sort=nonsense") == [second.number, first.number]

    response = client.get(f"{url}?format=csv&status=draft")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streams
    assert second.number in text
    assert first.number not in text
    response = client.get(f"{url}?format=xlsx")
    assert response["Content-Disposition"].endswith('.xlsx"')
    response.close()


@pytest.mark.parametrize("status", PATH)
def test_every_state_says_where_it_stands(client: Client, scheme: Scheme, status: Status) -> None:
    audit = audit_at(status, scheme)

    page = client.get(at("our_audit", audit))

    entries = page.context["timeline"]
    assert len(entries) == len(STAGES)
    assert [entry.get("tone") for entry in entries].index("now") == PATH.index(status)
    assert (page.context["step"] is None) == (status == Status.CLOSED)


def test_stopped_audit_says_why(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    perform(audit, Act.CANCEL, actor=scheme.coordinator, comment="工場の移転のため")

    page = client.get(at("our_audit", audit))

    assert page.context["step"] is None
    assert page.context["timeline"][-1]["tone"] == "bad"
    assert "工場の移転のため" in page.content.decode()


def test_record_keeps_what_is_not_for_the_supplier(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    deciding.send_back(actor=scheme.reviewer, audit=audit, comment="根拠が足りない")
    append_event(audit=audit, actor=scheme.lead.user, act="raise_alert", comment="危険がある")

    page = client.get(at("our_audit", audit))

    text = page.content.decode()
    assert "根拠が足りない" not in text
    assert "危険がある" not in text
    assert scheme.reviewer.name not in text
    assert scheme.manager.name in text
    acts = {str(entry["title"]) for entry in page.context["record"]}
    assert not any("offer" in act or "alert" in act for act in acts)


def test_agree_with_the_team_by_page(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    page = client.get(at("our_team", audit)).content.decode()
    assert scheme.lead.registration_number in page
    assert scheme.member.user.name in page

    for _time in range(2):
        response = client.post(at("our_team_agree", audit))
        assert response["Location"] == at("our_audit", audit)

    audit.refresh_from_db()
    assert audit.team_agreed_at is not None
    assert audit.events.filter(act="agree_team").count() == 1
    assert not client.get(at("our_team", audit)).context["undecided"]


def test_object_to_the_team_needs_a_reason(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    url = at("our_team", audit)

    assert client.post(url, {"version": audit.version, "comment": " "}).status_code == 422
    response = client.post(url, {"version": audit.version, "comment": "以前の顧問です。"})
    assert response["Location"] == at("our_audit", audit)

    audit.refresh_from_db()
    assert audit.status == Status.ACCEPTED
    again = client.post(url, {"version": audit.version, "comment": "以前の顧問です。"})
    assert again.status_code == 422
    assert audit.events.filter(act="object").count() == 1


def test_object_when_the_time_is_over_is_refused(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    Audit.objects.filter(pk=audit.pk).update(due_on=timezone.localdate() - timedelta(days=1))

    response = client.post(at("our_team", audit), {"version": audit.version, "comment": "遅い"})

    assert response.status_code == 422
    audit.refresh_from_db()
    assert audit.status == Status.TEAM_PROPOSED


def test_team_is_not_shown_before_it_is_proposed(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)

    assert client.get(at("our_team", audit))["Location"] == at("our_audit", audit)
    response = client.post(at("our_team_agree", audit), follow=True)
    assert response.status_code == 200
    audit.refresh_from_db()
    assert audit.team_agreed_at is None


def test_step_after_agreeing_is_no_longer_the_suppliers(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    answer_offers(audit)
    step = next_step(audit)
    assert step is not None
    assert step.ours

    step = next_step(teams.agree_team(actor=scheme.manager, audit=audit))
    assert step is not None
    assert not step.ours


def test_site_page_lists_profiles_audits_and_sharing(client: Client, scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    page = client.get(reverse("portal:site", kwargs={"pk": scheme.site.pk}))

    assert [row[0].pk for row in page.context["audits"]] == [audit.pk]
    assert page.context["audits"][0][2] is not None
    assert [profile.pk for profile in page.context["profiles"]] == [audit.profile_id]
