"""The pages of the closing meeting, and where its answers show up later."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit, ClosingMeeting
from audits.services import deciding, fieldwork
from audits.services.fieldwork import save_finding
from audits.services.meetings import findings_to_tell, seal_of
from audits.terms import Judgement, Status
from tests.audits.desks import browser, url
from tests.factories import Scheme, audit_at, finish_visit, hear_some, hold_closing, judge_all

pytestmark = pytest.mark.django_db
WORDS = "荷はすぐに片付けています。"


@pytest.fixture
def judged(scheme: Scheme) -> Audit:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear_some(scheme, audit)
    judge_all(scheme, audit, ["5-7"])
    return audit


def sent(audit: Audit, **given: Any) -> dict[str, Any]:
    return {
        "seal": seal_of(findings_to_tell(audit)),
        "held_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "representative": "織田 誠",
        "function": "工場長",
        "typed": "織田誠",
        "answer-5-7": "acknowledged",
    } | given


def test_page_lists_what_is_missing_with_links_before_the_list(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client = browser(scheme.lead.user)

    text = client.get(url("closing", audit)).content.decode()

    assert f"{reverse('portal:card', args=[audit.number, '5-7'])}#judgement" in text
    assert 'name="representative"' not in text
    assert client.post(url("closing", audit), sent(audit)).status_code == 422
    assert not ClosingMeeting.objects.exists()


def test_list_is_answered_signed_and_the_visit_finished(judged: Audit, scheme: Scheme) -> None:
    client = browser(scheme.lead.user)
    text = client.get(url("closing", judged)).content.decode()
    assert "避難通路に台車が置かれていた。" in text
    assert "data-signature" in text

    answer = client.post(
        url("closing", judged), sent(judged, **{"answer-5-7": "contested", "words-5-7": WORDS})
    )
    assert answer.status_code == 302
    page = client.get(url("closing", judged)).content.decode()
    assert WORDS in page
    assert 'name="representative"' not in page
    assert 'name="reason"' in client.get(url("closing", judged) + "?again").content.decode()

    version = Audit.objects.get(pk=judged.pk).version
    assert client.post(url("finish", judged), {"version": version}).status_code == 302
    judged.refresh_from_db()
    assert judged.status == Status.DRAFTING
    assert client.get(url("closing", judged)).status_code == 302


@pytest.mark.parametrize(
    "given",
    [
        {"answer-5-7": ""},
        {"answer-5-7": "contested"},
        {"words-5-7": WORDS},
        {"typed": ""},
        {"typed": "別の人"},
        {"representative": ""},
        {"function": ""},
        {"held_at": "2020-01-01T10:00"},
        {"strokes": "<svg onload=alert(1)>"},
    ],
)
def test_incomplete_answers_are_refused_and_stay_in_the_form(
    given: dict[str, Any], judged: Audit, scheme: Scheme
) -> None:
    data = sent(judged, remarks="今後の手続を説明した。", **given)
    answer = browser(scheme.lead.user).post(url("closing", judged), data)

    assert answer.status_code == 422
    assert "今後の手続を説明した。" in answer.content.decode()
    assert "<svg onload" not in answer.content.decode()
    assert not ClosingMeeting.objects.exists()


def test_list_that_changed_meanwhile_is_shown_again(judged: Audit, scheme: Scheme) -> None:
    client = browser(scheme.lead.user)
    old = sent(judged)
    finding = judged.findings.get(requirement__code="9-1")
    save_finding(
        actor=scheme.member.user,
        finding=finding,
        version=finding.version,
        judgement=Judgement.UNVERIFIABLE,
        reason="記録が本社にある。",
    )

    client.post(url("closing", judged), old)
    seen = client.post(url("closing", judged), old | {"answer-9-1": "acknowledged"})
    assert seen.status_code == 422
    assert not ClosingMeeting.objects.exists()

    new = sent(judged, **{"answer-9-1": "acknowledged"})
    assert new["seal"] in seen.content.decode()
    assert client.post(url("closing", judged), new).status_code == 302


def test_finish_is_refused_with_its_sentence_before_the_meeting(
    judged: Audit, scheme: Scheme
) -> None:
    client = browser(scheme.lead.user)

    answer = client.post(url("finish", judged), {"version": judged.version}, follow=True)

    assert answer.redirect_chain == [(url("closing", judged), 302)]
    assert "message error" in answer.content.decode()
    judged.refresh_from_db()
    assert judged.status == Status.FIELDWORK
    assert browser(scheme.member.user).post(url("finish", judged)).status_code == 403


def test_contested_finding_stands_at_the_review_desk_and_in_the_check_of_facts(
    judged: Audit, scheme: Scheme
) -> None:
    hold_closing(scheme, judged, contested={"5-7": WORDS})
    fieldwork.finish_visit(actor=scheme.lead.user, audit=judged)
    audit = fieldwork.sign(actor=scheme.lead.user, audit=judged)
    desk = reverse("console:review", args=[audit.number])
    client = browser(scheme.reviewer)
    assert WORDS in client.get(desk).content.decode()
    narrowed = client.get(f"{desk}?show=contested").content.decode()
    assert narrowed.count('class="desk-row"') == 1
    assert 'id="f-5-7"' in narrowed

    deciding.pass_review(actor=scheme.reviewer, audit=audit)
    facts = browser(scheme.manager).get(reverse("portal:facts", args=[audit.number]))
    assert WORDS in facts.content.decode()


def test_supplier_finds_the_summary_on_the_page_of_its_audit(judged: Audit, scheme: Scheme) -> None:
    ours = reverse("portal:our_audit", args=[judged.number])
    summary = reverse("portal:preliminary", args=[judged.number])
    client = browser(scheme.manager)
    assert summary not in client.get(ours).content.decode()
    assert client.get(summary).status_code == 404

    hold_closing(scheme, judged, contested={"5-7": WORDS})

    assert summary in client.get(ours).content.decode()
    page = client.get(summary).content.decode()
    assert WORDS in page
    assert "避難通路に台車が置かれていた。" in page
    assert "織田 誠" in page


def test_whole_team_sees_what_is_missing_with_links(scheme: Scheme) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    hear_some(scheme, audit)
    judge_all(scheme, audit, ["5-7"])
    # As it may stand there from before the service refused it.
    audit.samples.create(stratum="田中さん", language="ja", planned=1, done=1)
    finding = audit.findings.get(requirement__code="5-7")
    save_finding(actor=scheme.lead.user, finding=finding, version=finding.version, report_text="")
    finding.evidence.update(caption="佐藤さんの作業台")
    text = browser(scheme.member.user).get(url("completeness", audit)).content.decode()

    assert f"{reverse('portal:card', args=[audit.number, '5-7'])}#id_report_text" in text
    assert "佐藤さん" in text
    assert f'href="{url("interviews", audit)}"' in text
    assert "田中さん" in text

    finish_visit(scheme, audit)
    assert "佐藤さん" in browser(scheme.lead.user).get(url("signature", audit)).content.decode()
