"""The fieldwork page: saved with and without htmx, never over somebody else's text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.models import Audit, Finding
from audits.services.fieldwork import save_finding
from audits.terms import Judgement, Status
from tests.audits.desks import browser
from tests.factories import Scheme, audit_at, make_auditor, make_site

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def card(audit: Audit, code: str = "5-7") -> str:
    return reverse("portal:card", args=[audit.number, code])


def finding_of(audit: Audit, code: str = "5-7") -> Finding:
    return Finding.objects.select_related("requirement").get(audit=audit, requirement__code=code)


def typed(**fields: Any) -> dict[str, Any]:
    return {"version": 1, "judgement": "nonconforming", "severity": "major"} | fields


def test_list_shows_sections_progress_and_filter(audit: Audit, client: Client) -> None:
    url = reverse("portal:fieldwork", args=[audit.number])
    everything = client.get(url)
    assert [section.total for section in everything.context["sheet"].sections] == [
        9, 6, 9, 2, 22, 15, 8, 7, 6,
    ]  # fmt: skip
    # A cell of the weave links to each card, one more in the list and one in the sections.
    assert everything.content.decode().count(f"{card(audit)}") >= 2
    client.post(card(audit), typed())
    for show, count in (("unassessed", 75), ("nonconforming", 1), ("nonsense", 84)):
        assert len(client.get(url, {"show": show}).context["sheet"].shown) == count


def test_card_shows_what_the_requirement_asks(audit: Audit, client: Client) -> None:
    requirement = finding_of(audit).requirement
    text = client.get(card(audit)).content.decode()
    assert requirement.guidance_ja.split("。")[0] in text
    assert requirement.evidence_hint_ja in text
    assert "消防法" in text
    assert 'name="clauses_not_met" value="5-7a"' in text
    assert 'capture="environment"' in text
    assert "<script>" not in text
    assert " style=" not in text
    assert client.get(card(audit, "77-7")).status_code == 404


def test_button_saves_everything_without_javascript(audit: Audit, client: Client) -> None:
    answer = client.post(
        card(audit),
        typed(
            clauses_not_met=["5-7a", "5-7c"],
            methods=["observation", "interview"],
            report_text="1行目\r\n2行目",
            working_note="明朝もう一度",
            reason="",
        ),
    )
    assert answer["Location"] == card(audit)
    saved = finding_of(audit)
    assert saved.judgement == Judgement.NONCONFORMING
    assert saved.severity == "major"
    assert saved.clauses_not_met == ["5-7a", "5-7c"]
    assert saved.methods == ["observation", "interview"]
    assert saved.report_text == "1行目\n2行目"
    assert saved.working_note == "明朝もう一度"
    assert saved.version == 2


@pytest.mark.parametrize(
    ("go", "code"), [("previous", "5-6"), ("next", "5-8"), ("unassessed", "5-8")]
)
def test_buttons_save_and_go_on(audit: Audit, client: Client, go: str, code: str) -> None:
    answer = client.post(card(audit), typed(go=go))
    assert answer["Location"] == f"{card(audit, code)}#card"
    assert finding_of(audit).version == 2


def test_neighbours_follow_the_filter(audit: Audit, client: Client) -> None:
    for code in ("1-1", "8-1"):
        client.post(card(audit, code), typed())
    answer = client.post(f"{card(audit)}?show=nonconforming", typed(go="next"))
    assert answer["Location"] == f"{card(audit, '8-1')}?show=nonconforming#card"


def test_severity_counts_only_for_a_nonconformity(audit: Audit, client: Client) -> None:
    client.post(card(audit), typed(judgement="conforming", severity="minor"))
    assert finding_of(audit).severity == ""


def test_judgement_can_be_taken_back(audit: Audit, client: Client) -> None:
    client.post(card(audit), typed())
    client.post(card(audit), typed(version=2, judgement="unassessed"))
    assert finding_of(audit).judgement == Judgement.UNASSESSED


def test_autosave_answers_with_the_state_and_the_navigator(audit: Audit, client: Client) -> None:
    answer = client.post(card(audit), typed(report_text="<b>台車</b>"), headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in text
    assert 'id="save-state"' in text
    assert '<input type="hidden" name="version" value="2">' in text
    assert 'hx-swap-oob="innerHTML:#navigator"' in text
    assert "84件中10件を評価済み" not in text  # eight are preset, this is the ninth
    assert "84件中9件を評価済み" in text
    # Nothing changed: the same again costs no version.
    again = client.post(card(audit), typed(version=2, report_text="<b>台車</b>"), headers=HTMX)
    assert 'value="2"' in again.content.decode()


def test_autosave_takes_few_queries_however_many_audits(
    scheme: Scheme,
    audit: Audit,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = browser(scheme.member.user)

    def save(version: int) -> int:
        with django_assert_max_num_queries(12) as counted:
            answer = client.post(
                card(audit),
                typed(version=version, report_text=f"版{version}", clauses_not_met=["5-7a"]),
                headers=HTMX,
            )
        assert answer.status_code == 200
        return len(counted)

    alone = save(1)
    for _number in range(2):
        audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    assert save(2) == alone


def test_pages_take_few_queries(
    scheme: Scheme, audit: Audit, client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for url in (
        card(audit),
        reverse("portal:fieldwork", args=[audit.number]),
        reverse("portal:findings", args=[audit.number]),
        reverse("portal:audit", args=[audit.number]),
    ):
        with django_assert_max_num_queries(20):
            answer = client.get(url)
        assert len(answer.content) < 150_000


def test_stale_save_shows_both_and_loses_nothing(
    scheme: Scheme, audit: Audit, client: Client
) -> None:
    save_finding(
        actor=scheme.member.user, finding=finding_of(audit), version=1, report_text="同僚の文"
    )
    answer = client.post(card(audit), typed(report_text="私の文", working_note="私のメモ"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "同僚の文" in text
    assert text.count("私の文") == 2  # in the comparison and still in the form
    assert "私のメモ" in text
    assert finding_of(audit).report_text == "同僚の文"

    client.post(card(audit), typed(report_text="私の文", over=2))
    assert finding_of(audit).report_text == "私の文"
    assert finding_of(audit).version == 3


def test_stale_autosave_shows_both_and_can_take_theirs(
    scheme: Scheme, audit: Audit, client: Client
) -> None:
    save_finding(
        actor=scheme.member.user, finding=finding_of(audit), version=1, report_text="同僚の文"
    )
    answer = client.post(card(audit), typed(report_text="私の文"), headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'hx-swap-oob="innerHTML:#conflict"' in text
    assert "同僚の文" in text
    assert "私の文" in text
    assert 'name="over" value="2"' in text

    client.post(card(audit), typed(report_text="私の文", resolve="theirs"))
    assert finding_of(audit).report_text == "同僚の文"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_saving_the_same_twice_is_no_conflict(
    audit: Audit, client: Client, headers: dict[str, str]
) -> None:
    client.post(card(audit), typed(report_text="文"))
    answer = client.post(card(audit), typed(report_text="文"), headers=headers)
    assert answer.status_code == (200 if headers else 302)
    assert finding_of(audit).version == 2


def test_deciding_on_a_version_that_has_moved_again_is_stale_again(
    scheme: Scheme, audit: Audit, client: Client
) -> None:
    for version in (1, 2):
        save_finding(
            actor=scheme.member.user,
            finding=finding_of(audit),
            version=version,
            report_text=f"同僚{version}",
        )
    assert client.post(card(audit), typed(report_text="私", over=2)).status_code == 409


@pytest.mark.parametrize(
    "fields",
    [
        {"judgement": "fine"},
        {"severity": "huge"},
        {"methods": ["smell"]},
        {"clauses_not_met": ["1-1a"]},
        {"clauses_not_met": ["x" * 50]},
        {"report_text": "\x00"},
        {"report_text": "あ" * 10_001},
        {"version": "x"},
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nonsense_is_refused_with_a_sentence(
    audit: Audit, client: Client, fields: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = client.post(card(audit), typed(**fields), headers=headers)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert finding_of(audit).version == 1


def test_only_the_team_saves(scheme: Scheme, audit: Audit) -> None:
    for user, status in (
        (scheme.manager, 404),  # suppliers see no finding before the review is over
        (scheme.reviewer, 403),
        (scheme.coordinator, 403),
        (scheme.owner, 403),
        (scheme.brand_user, 404),
        (make_auditor(scheme.body).user, 404),
    ):
        for headers in ({}, HTMX):
            answer = browser(user).post(card(audit), typed(), headers=headers)
            assert answer.status_code == status
    assert finding_of(audit).version == 1


def test_signed_findings_are_read_only(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    client = browser(scheme.lead.user)
    text = client.get(card(audit)).content.decode()
    assert "finding-form" not in text
    assert "避難通路に台車が置かれていた。" in text
    assert client.post(card(audit), typed(version=2)).status_code == 403
    everything = client.get(reverse("portal:findings", args=[audit.number])).content.decode()
    assert everything.count("避難通路に台車が置かれていた。") == 1
    assert "E-001" in everything
