"""Acts of the desks through the console's pages: the right and the wrong people, twice, too late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.terms import Role
from audits.auditors.models import Qualification
from audits.auditors.terms import Level
from audits.models import (
    Alert,
    Audit,
    CorrectiveAction,
    Finding,
    FindingComment,
    Result,
    TeamMember,
)
from audits.services import applying, deciding
from audits.services.correcting import take_step
from audits.terms import CorrectionStatus, Judgement, Status
from tests.factories import (
    Scheme,
    answer_offers,
    audit_at,
    make_auditor,
    make_engagement,
    make_profile,
    make_site,
    make_user,
    open_draft,
)

if TYPE_CHECKING:
    from pathlib import Path

    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
    from pytest_django import DjangoAssertNumQueries, Settings

    from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def client_of(user: User) -> Client:
    type(user).objects.filter(pk=user.pk).update(locale="en")
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def send(user: User, name: str, audit: Audit, *more: str, **data: Any) -> Answer:
    """Send the form of a page as it was opened now, unless the data say which version was seen."""
    data.setdefault("version", audit.version)
    address = reverse(f"console:{name}", args=[audit.number, *more])
    return client_of(user).post(address, data)


def status_of(audit: Audit) -> str:
    return Audit.objects.get(pk=audit.pk).status


# With three auditors and with thirty.
ASSIGN_QUERIES = 15

# Page, state in which it is open, who may (by attribute of the scheme).
PAGES = [
    ("intake", Status.SUBMITTED, ("desk", "coordinator", "decider")),
    ("assign", Status.ACCEPTED, ("desk", "coordinator", "decider")),
    ("schedule", Status.TEAM_PROPOSED, ("desk", "coordinator", "decider")),
    ("review", Status.IN_REVIEW, ("reviewer",)),
    ("decide", Status.DECISION, ("reviewer", "decider")),
]
EVERYBODY = ("owner", "observer", "coordinator", "reviewer", "decider", "desk")


@pytest.mark.parametrize(("name", "status", "allowed"), PAGES)
def test_pages_of_acts_open_for_the_right_people_in_the_right_state(
    name: str, status: Status, allowed: tuple[str, ...], scheme: Scheme
) -> None:
    audit = audit_at(status, scheme)
    draft = open_draft(scheme, make_site(scheme.supplier))
    address = reverse(f"console:{name}", args=[audit.number])

    for who in EVERYBODY:
        expected = 200 if who in allowed else 403
        client = client_of(getattr(scheme, who))
        answer = client.get(address)
        assert answer.status_code == expected, who
        assert len(answer.content) < 150_000
        if expected == 403:
            assert client.post(address, {"version": audit.version}).status_code == 403, who
    assert client_of(Scheme().coordinator).get(address).status_code == 404
    early = client_of(getattr(scheme, allowed[0])).get(
        reverse(f"console:{name}", args=[draft.number]), follow=True
    )
    assert "This step is not open" in early.content.decode()


def test_coordinator_accepts_and_the_other_reads_why_not(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    first = send(scheme.coordinator, "intake", audit)
    second = send(scheme.desk, "intake", audit)

    assert first.status_code == 302
    assert status_of(audit) == Status.ACCEPTED
    assert second.status_code == 422
    assert "has moved on in the meantime" in second.content.decode()
    assert "See where the audit stands now" in second.content.decode()


def test_body_is_chosen_at_acceptance_when_the_supplier_left_it_open(scheme: Scheme) -> None:
    audit = applying.open_application(
        actor=scheme.manager, site=scheme.site, secretariat=scheme.secretariat
    )
    ready = open_draft(scheme, make_site(scheme.supplier))
    applying.use_profile(actor=scheme.manager, audit=audit, profile=make_profile(scheme.site))
    applying.fill_in(actor=scheme.manager, audit=audit, documents=ready.documents)
    applying.accept_terms(actor=scheme.manager, audit=audit)
    audit = applying.submit(actor=scheme.manager, audit=audit)
    stranger = Scheme().body

    assert send(scheme.coordinator, "intake", audit).status_code == 422
    refused = send(scheme.coordinator, "intake", audit, body=stranger.pk)
    assert refused.status_code == 422
    assert send(scheme.coordinator, "intake", audit, body=scheme.body.pk).status_code == 302
    audit.refresh_from_db()
    assert audit.body == scheme.body
    assert audit.status == Status.ACCEPTED


def test_application_is_returned_with_a_comment(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    assert send(scheme.desk, "act", audit, "return").status_code == 422
    assert (
        send(scheme.desk, "act", audit, "return", comment="人数を直してください").status_code == 302
    )
    assert status_of(audit) == Status.DRAFT


def test_cancelling_lists_what_follows_and_needs_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    address = reverse("console:act", args=[audit.number, "cancel"])

    shown = client_of(scheme.coordinator).get(address).content.decode()
    assert "This cannot be undone" in shown
    assert "The audit ends here" in shown
    for person in (scheme.owner, scheme.observer, scheme.reviewer):
        assert client_of(person).get(address).status_code == 403
        assert send(person, "act", audit, "cancel", comment="x").status_code == 403
    assert send(scheme.coordinator, "act", audit, "cancel").status_code == 422
    assert send(scheme.coordinator, "act", audit, "cancel", comment="閉鎖").status_code == 302
    assert status_of(audit) == Status.CANCELLED


def test_owner_voids_an_issued_audit(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    assert send(scheme.decider, "act", audit, "void", comment="x").status_code == 403
    assert send(scheme.owner, "act", audit, "void", comment="別の事業所").status_code == 302
    assert status_of(audit) == Status.VOID


@pytest.mark.parametrize("act", ["issue", "start", "sign", "nonsense"])
def test_acts_with_a_page_of_their_own_are_not_simple(act: str, scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert send(scheme.decider, "act", audit, act).status_code == 404


def place(auditor: Any) -> str:
    return f"place-{auditor.pk}"


def test_team_is_proposed_in_one_go(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    chosen = {place(scheme.lead): "lead", place(scheme.member): "member"}

    answer = send(scheme.desk, "assign", audit, **chosen)

    assert answer.status_code == 302
    team = TeamMember.objects.filter(audit=audit).values_list("auditor", "function")
    assert set(team) == {(scheme.lead.pk, "lead"), (scheme.member.pk, "member")}
    stale = send(scheme.coordinator, "assign", audit, **chosen)
    assert stale.status_code == 422
    assert "has moved on in the meantime" in stale.content.decode()


def test_refusals_of_a_team_are_sentences(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    scheme.lead.languages = ["ja"]
    scheme.lead.save()

    none = send(scheme.desk, "assign", audit).content.decode()
    assert "exactly one lead auditor" in none
    mute = send(scheme.desk, "assign", audit, **{place(scheme.lead): "lead"})
    assert "Nobody in the team speaks Vietnamese" in mute.content.decode()
    answer = send(
        scheme.desk, "assign", audit, **{place(scheme.lead): "lead", "interpreters": "on"}
    )
    assert answer.status_code == 302


def test_assignment_ranks_the_eligible_and_says_why_not_for_the_others(scheme: Scheme) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    far = make_auditor(scheme.body, prefectures=[1], languages=["ja"])
    lapsed = make_auditor(scheme.body)
    Qualification.objects.filter(auditor=lapsed).update(ends_on=date(2025, 5, 1))

    shown = client_of(scheme.desk).get(reverse("console:assign", args=[audit.number]))

    form = shown.context["form"]
    assert [offer.row.auditor for offer in form.offers][-1] == far
    assert [row.auditor for row in form.excluded] == [lapsed]
    for offer in form.offers:
        parts = offer.merits
        total = parts.languages + parts.near + parts.light + parts.fresh
        assert round(total) == offer.row.score
    text = shown.content.decode()
    assert "The qualification does not hold on every visit day" in text
    assert place(lapsed) not in text
    # A trainee's or member's select offers no function that the qualification does not cover.
    offered = dict(form.fields[place(scheme.member)].choices)
    assert "lead" not in offered
    # And a choice that was not offered is refused.
    forged = send(scheme.desk, "assign", audit, **{place(scheme.member): "lead"})
    assert forged.status_code == 422


@pytest.mark.parametrize("count", [3, 30])
def test_assignment_needs_no_more_queries_for_more_auditors(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit = audit_at(Status.ACCEPTED, scheme)
    for _one in range(count):
        make_auditor(scheme.body)
    make_engagement(scheme.supplier, make_auditor().user)
    client = client_of(scheme.desk)
    with django_assert_num_queries(ASSIGN_QUERIES):
        client.get(reverse("console:assign", args=[audit.number]))


def test_visit_is_fixed_by_the_rule_or_with_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.TEAM_PROPOSED, scheme)
    today = timezone.localdate()
    days = {"planned_from": today, "planned_until": today + timedelta(days=1)}

    early = send(scheme.desk, "schedule", audit, **days, person_days="2").content.decode()
    assert "has not accepted yet" in early
    assert "The supplier can still object" in early
    answer_offers(audit)
    Audit.objects.filter(pk=audit.pk).update(team_agreed_at=timezone.now())
    short = send(scheme.desk, "schedule", audit, **days, person_days="0.5").content.decode()
    assert "needs 1 person-days" in short
    reasoned = send(
        scheme.desk, "schedule", audit, **days, person_days="0.5", person_days_reason="半日で足りる"
    )
    assert reasoned.status_code == 302
    audit.refresh_from_db()
    assert (audit.status, audit.planned_from) == (Status.SCHEDULED, today)


def test_reviewer_sends_back_with_comments_per_finding(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    comments = {"on-5-7": "写真の場所を書いてください", "on-1-1": "根拠を"}

    wordless = send(scheme.reviewer, "review", audit, verdict="back", **comments)
    assert wordless.status_code == 422
    assert "Say in a sentence why" in wordless.content.decode()
    contradictory = send(scheme.reviewer, "review", audit, verdict="pass", **comments)
    assert contradictory.status_code == 422
    assert "写真の場所を書いてください" in contradictory.content.decode()
    assert (
        send(
            scheme.reviewer, "review", audit, verdict="back", comment="二点", **comments
        ).status_code
        == 302
    )
    assert status_of(audit) == Status.DRAFTING
    assert FindingComment.objects.filter(finding__audit=audit).count() == 2


def test_review_shows_notes_evidence_and_the_audit_before(scheme: Scheme) -> None:
    earlier = audit_at(Status.CLOSED, scheme, nonconforming=("7-2",))
    scheme.lead.places.all().update(function=Level.MEMBER)
    audit = audit_at(Status.IN_REVIEW, scheme)
    Finding.objects.filter(audit=audit, requirement__code="5-7").update(working_note="現場のメモ")

    shown = client_of(scheme.reviewer).get(reverse("console:review", args=[audit.number]))

    text = shown.content.decode()
    assert "現場のメモ" in text
    assert earlier.number in text
    assert text.count("last time: Nonconforming") == 1
    evidence = audit.evidence.get()
    assert reverse("portal:evidence_thumbnail", args=[evidence.pk]) in text


def test_review_is_passed_once(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)

    assert send(scheme.reviewer, "review", audit, verdict="pass").status_code == 302
    assert status_of(audit) == Status.FACT_CHECK
    second = send(scheme.reviewer, "review", audit, verdict="pass")
    assert second.status_code == 422
    assert "has moved on in the meantime" in second.content.decode()


def test_reviewer_with_a_tie_is_told_and_refused(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    make_engagement(scheme.supplier, scheme.reviewer)

    opened = client_of(scheme.reviewer).get(reverse("console:review", args=[audit.number]))
    assert "has an engagement with this supplier" in opened.content.decode()
    refused = send(scheme.reviewer, "review", audit, verdict="pass")
    assert refused.status_code == 422
    assert status_of(audit) == Status.IN_REVIEW


def test_decision_explains_the_grade_and_issues_it(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=("5-7",))
    opened = client_of(scheme.decider).get(reverse("console:decide", args=[audit.number]))
    text = opened.content.decode()
    computed = opened.context["computed"].grade

    assert "rules out a grade" in text
    assert "would be reached" in text
    assert "Provisional criteria" in text
    assert "Issuing cannot be undone" in text
    unread = send(scheme.decider, "decide", audit, grade=computed)
    assert unread.status_code == 422
    answer = send(scheme.decider, "decide", audit, grade=computed, confirmed="on")
    assert answer.status_code == 302
    assert Result.objects.get(audit=audit).grade == computed
    late = send(scheme.decider, "decide", audit, grade=computed, confirmed="on")
    assert late.status_code == 302
    assert Result.objects.filter(audit=audit).count() == 1


def test_different_grade_needs_reason_and_second_person(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=())
    other = make_user(scheme.secretariat, Role.REVIEWER)
    said = {"grade": "B", "confirmed": "on"}

    bare = send(scheme.decider, "decide", audit, **said)
    assert bare.status_code == 422
    assert "Give the reason" in bare.content.decode()
    answer = send(scheme.decider, "decide", audit, **said, reason="記録の不備")
    assert answer.status_code == 302
    assert not Result.objects.filter(audit=audit).exists()

    alone = send(scheme.decider, "second", audit, agree="1")
    assert alone.status_code == 422
    assert "Somebody else must agree" in alone.content.decode()
    assert send(scheme.manager, "second", audit, agree="1").status_code == 403
    unexplained = send(other, "second", audit, refuse="1")
    assert unexplained.status_code == 422
    assert send(other, "second", audit, agree="1").status_code == 302

    result = Result.objects.get(audit=audit)
    assert (result.grade, result.reason) == ("B", "記録の不備")
    assert (result.decided_by, result.seconded_by) == (scheme.decider, other)
    late = send(other, "second", audit, agree="1")
    assert late.status_code == 302
    assert Result.objects.filter(audit=audit).count() == 1


def test_refused_grade_leaves_the_computed_one(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme, nonconforming=())
    other = make_user(scheme.secretariat, Role.REVIEWER)
    send(scheme.decider, "decide", audit, grade="B", confirmed="on", reason="x")

    meanwhile = send(other, "decide", audit, grade="A", confirmed="on")
    assert meanwhile.status_code == 422
    assert send(other, "second", audit, refuse="1", answer="理由が足りません。").status_code == 302
    assert "refused" in Notice.objects.filter(recipient=scheme.decider).latest("pk").subject
    assert send(other, "decide", audit, grade="A", confirmed="on").status_code == 302
    assert Result.objects.get(audit=audit).grade == "A"


def test_stale_decision_is_not_issued(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    seen = audit.version
    Audit.objects.filter(pk=audit.pk).update(version=seen + 1)

    answer = send(scheme.decider, "decide", audit, grade="none", confirmed="on", version=seen)

    assert answer.status_code == 422
    assert "has moved on in the meantime" in answer.content.decode()
    assert status_of(audit) == Status.DECISION


def test_open_alert_is_shown_and_blocks_the_result(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)
    Alert.objects.create(
        audit=audit,
        reason="通路が塞がれている",
        raised_by=scheme.lead.user,
        due_at=timezone.now(),
    )

    opened = client_of(scheme.decider).get(reverse("console:decide", args=[audit.number]))
    assert "A critical alert is open" in opened.content.decode()
    shown = client_of(scheme.decider).get(reverse("console:audit", args=[audit.number]))
    assert "通路が塞がれている" in shown.content.decode()


def test_decision_is_deferred_to_the_review(scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert send(scheme.decider, "act", audit, "defer").status_code == 422
    assert send(scheme.decider, "act", audit, "defer", comment="5-7 を再確認").status_code == 302
    assert status_of(audit) == Status.IN_REVIEW


def check(user: User, action: CorrectiveAction, step: str, seen: str, comment: str = "") -> Answer:
    return client_of(user).post(
        reverse("console:correction", args=[action.pk]),
        {"step": step, "seen": seen, "comment": comment},
    )


def test_corrective_action_is_checked_to_the_end(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    action = CorrectiveAction.objects.get(finding__audit=audit)
    plan = {
        "root_cause": "置き場がない。",
        "correction": "移した。",
        "prevention": "線を引く。",
        "responsible": "製造課長",
    }
    take_step(actor=scheme.manager, action=action, step="plan", **plan)

    for person in (scheme.owner, scheme.observer, scheme.reviewer):
        assert check(person, action, "accept_plan", "planned").status_code == 403
    assert check(scheme.desk, action, "return_plan", "planned").status_code == 422
    assert check(scheme.desk, action, "accept_plan", "planned").status_code == 302
    stale = check(scheme.coordinator, action, "return_plan", "planned", "x")
    assert stale.status_code == 422
    assert "has moved on in the meantime" in stale.content.decode()
    take_step(actor=scheme.manager, action=action, step="submit_evidence", evidence_note="済み")
    seen = CorrectionStatus.EVIDENCE_SUBMITTED
    assert check(scheme.desk, action, "return_evidence", seen, "写真を").status_code == 302
    take_step(actor=scheme.manager, action=action, step="submit_evidence", evidence_note="写真")
    assert check(scheme.desk, action, "carry_over", seen, "x").status_code == 403
    assert check(scheme.desk, action, "close", seen).status_code == 302
    assert status_of(audit) == Status.CLOSED
    shown = client_of(scheme.desk).get(reverse("console:correction", args=[action.pk]))
    assert "Corrective action closed" in shown.content.decode()
    assert 'name="step"' not in shown.content.decode()


def test_secretariat_carries_over_with_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)
    action = CorrectiveAction.objects.get(finding__audit=audit)
    stranger = client_of(Scheme().coordinator)

    assert stranger.get(reverse("console:correction", args=[action.pk])).status_code == 404
    assert check(scheme.coordinator, action, "carry_over", "open", "次回に").status_code == 302
    action.refresh_from_db()
    assert action.status == CorrectionStatus.CARRIED_OVER


def test_review_of_unverifiable_findings_is_not_folded_away(scheme: Scheme) -> None:
    audit = audit_at(Status.IN_REVIEW, scheme)
    Finding.objects.filter(audit=audit, requirement__code="1-1").update(
        judgement=Judgement.UNVERIFIABLE, reason="担当者が不在だった。"
    )

    shown = client_of(scheme.reviewer).get(reverse("console:review", args=[audit.number]))

    assert "担当者が不在だった。" in shown.content.decode()
    deciding.pass_review(actor=scheme.reviewer, audit=audit)
    assert status_of(audit) == Status.FACT_CHECK
