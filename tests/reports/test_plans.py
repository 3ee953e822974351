"""The corrective action plan as a paper: of one moment, frozen, printed, for whom it is meant."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from accounts.terms import Role
from audits.models import Audit, CorrectiveAction
from audits.services.correcting import take_step
from audits.terms import Status
from reports.documents.plans import typeset_plan
from reports.models import ActionPlan, ActionPlanPaper
from reports.services.papers import render
from reports.services.plans import make_plan
from reports.services.printing import Printed, read_file
from reports.snapshot import fingerprint
from reports.tasks import render_paper
from reports.terms import JobState
from suppliers.terms import Level
from tests.factories import (
    Scheme,
    audit_at,
    correct,
    make_grant,
    make_supplier,
    make_user,
    plan_for,
)
from tests.reports.pdfa import complaints
from tests.reports.texts import bare, text_of

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "corrective-action-plan-v1.json"
QUERIES = 11
CAUSE = "置き場が決まっていない。<b>図</b>を参照。"


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    """Three actions: one closed, one planned, one of which there is only a draft."""
    audit = audit_at(Status.ISSUED, scheme, nonconforming=("3-1", "5-7", "9-1"))
    correct(scheme, action(audit, "5-7"))
    planned = action(audit, "9-1")
    take_step(
        actor=scheme.manager, action=planned, step="plan", **plan_for(planned, root_cause=CAUSE)
    )
    return audit


def action(audit: Audit, code: str) -> CorrectiveAction:
    return CorrectiveAction.objects.get(finding__audit=audit, finding__requirement__code=code)


def make(scheme: Scheme, audit: Audit) -> ActionPlan:
    return make_plan(actor=scheme.manager, audit=audit)[0].plan


def test_plan_says_how_each_action_stands(scheme: Scheme, audit: Audit) -> None:
    data = make(scheme, audit).data

    closed, planned = data["actions"][1], data["actions"][2]
    assert [row["code"] for row in data["actions"]] == ["3-1", "5-7", "9-1"]
    assert [row["status"] for row in data["actions"]] == ["open", "closed", "planned"]
    assert planned["root_cause"] == CAUSE
    assert closed["done"] == "線を引いた。"
    assert [file["label"] for file in closed["files"]] == ["D-001"]
    assert [step["act"].removeprefix("corrective_action_") for step in closed["steps"]] == [
        "plan",
        "accept_plan",
        "submit_evidence",
        "close",
    ]
    assert closed["steps"][-1]["comment"] == "現場で確認した。"
    assert data["made_by"]["organisation"]["ja"] == scheme.supplier.organisation.name_ja
    assert data["body"]["ja"] == scheme.body.name_ja


def test_data_follow_the_published_schema(scheme: Scheme, audit: Audit) -> None:
    schema = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))

    for person in (scheme.manager, scheme.owner):
        plan = make_plan(actor=person, audit=audit)[0].plan
        schema.validate(plan.data)
        assert orjson.dumps(plan.data, option=orjson.OPT_SORT_KEYS) == plan.content.encode()
        assert not schema.is_valid({**plan.data, "actions": [{"code": "5-7"}]})


def test_what_was_not_sent_is_not_in_it(scheme: Scheme, audit: Audit) -> None:
    CorrectiveAction.objects.filter(pk=action(audit, "3-1").pk).update(
        plan_draft={"root_cause": "まだ誰にも言わない。"}
    )

    assert "まだ誰にも言わない" not in make(scheme, audit).content


def test_plan_stays_as_it_was_when_the_actions_move_on(scheme: Scheme, audit: Audit) -> None:
    plan = make(scheme, audit)
    content = plan.content
    take_step(actor=scheme.desk, action=action(audit, "9-1"), step="accept_plan")

    plan.refresh_from_db()
    assert (plan.content, plan.sha256) == (content, fingerprint(content))
    assert make(scheme, audit).data["actions"][2]["status"] == "plan_accepted"
    with pytest.raises(PermissionDenied):
        plan.save()
    with pytest.raises(PermissionDenied):
        ActionPlan.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_actionplan SET content = '{}'")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ("是正処置計画書", "現地確認", "署名", "根本原因", "計画はまだ提出されていません")),
        ("en", ("Corrective action plan", "on-site verification", "Signature or seal")),
    ],
)
def test_paper_says_it_all_and_carries_its_data(
    language: str, words: tuple[str, ...], scheme: Scheme, audit: Audit
) -> None:
    CorrectiveAction.objects.filter(finding__audit=audit).update(verification="on_site")
    plan = make(scheme, audit)

    printed = typeset_plan(plan.content, plan.sha256, language)

    text = text_of(printed.content)
    for said in (
        *words,
        CAUSE,
        plan.number,
        plan.sha256,
        audit.number,
        "現場で確認した。",
        "/verify/file/",
    ):
        assert bare(said) in text
    attached = PdfReader(io.BytesIO(printed.content)).attachments[f"{plan.number}.json"][0]
    assert fingerprint(attached.decode()) == plan.sha256
    assert json.loads(attached) == plan.data
    assert complaints(printed.content) == []
    with override("en"):
        assert typeset_plan(plan.content, plan.sha256, language).content == printed.content


def test_both_languages_are_printed_once_and_handed_out(scheme: Scheme, audit: Audit) -> None:
    client = Client()
    client.force_login(scheme.manager)
    address = reverse("portal:plans", args=[audit.number])

    answer = client.post(address, follow=True)

    assert "是正処置計画書を作成しています" in answer.content.decode()
    assert "every 4s" in answer.content.decode()
    rows = ActionPlanPaper.objects.filter(plan__audit=audit)
    assert sorted(rows.values_list("language", "state")) == [("en", "queued"), ("ja", "queued")]
    for row in rows:
        assert client.get(reverse("portal:plan_file", args=[row.pk])).status_code == 404
        render_paper("reports.actionplanpaper", str(row.pk))
        row.refresh_from_db()
        assert row.state == JobState.READY, row.error
        file = client.get(reverse("portal:plan_file", args=[row.pk]))
        assert file.content == read_file(row)
        assert f"{row.plan.number}_{row.language}.pdf" in file["Content-Disposition"]
    page = client.get(address).content.decode()
    assert "every 4s" not in page
    assert page.count("/reports/plan/") == 2
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_changed_content_is_not_printed_and_a_changed_file_not_handed_out(
    scheme: Scheme, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_plan(actor=scheme.desk, audit=audit)
    with monkeypatch.context() as patched:
        patched.setattr("reports.services.printing.fingerprint", lambda _text: "0" * 64)
        assert not render(ActionPlanPaper, first.pk)
    first.refresh_from_db()
    assert "是正処置計画書" in first.error
    render(ActionPlanPaper, second.pk, typeset=lambda *_: Printed(b"%PDF-1.7 plan", 1, "1"))
    second.refresh_from_db()
    with second.file.storage.open(str(second.file.name), "wb") as file:
        file.write(b"%PDF-1.7 another")
    client = Client()
    client.force_login(scheme.desk)

    answer = client.get(reverse("console:plan_file", args=[second.pk]))

    assert answer["Location"] == reverse("console:plans", args=[audit.number])


@pytest.mark.parametrize("who", ["manager", "desk", "coordinator", "owner", "lead"])
def test_plan_is_made_by_those_who_write_or_check_it(
    who: str, scheme: Scheme, audit: Audit
) -> None:
    person = scheme.lead.user if who == "lead" else getattr(scheme, who)

    assert len(make_plan(actor=person, audit=audit)) == 2


@pytest.mark.parametrize("who", ["reader", "reviewer", "observer", "brand_user", "member"])
def test_others_do_not_have_it_made(who: str, scheme: Scheme, audit: Audit) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL)
    if who == "reader":
        person = make_user(scheme.supplier.organisation, Role.READER)
    else:
        person = scheme.member.user if who == "member" else getattr(scheme, who)

    with pytest.raises(PermissionDenied):
        make_plan(actor=person, audit=audit)
    client = Client()
    client.force_login(person)
    address = reverse("portal:plans", args=[audit.number])
    assert client.post(address).status_code == (404 if who == "brand_user" else 403)
    assert not ActionPlan.objects.exists()
    if who != "brand_user":
        assert '<form method="post">' not in client.get(address).content.decode()


def test_brands_and_strangers_see_no_plan(scheme: Scheme, audit: Audit) -> None:
    make_grant(scheme.site, scheme.brand, Level.FULL)
    row = make_plan(actor=scheme.manager, audit=audit)[0]
    render(ActionPlanPaper, row.pk, typeset=lambda *_: Printed(b"%PDF-1.7 plan", 1, "1"))
    for person in (scheme.brand_user, make_user(make_supplier().organisation, Role.MANAGER)):
        client = Client()
        client.force_login(person)
        assert client.get(reverse("portal:plan_file", args=[row.pk])).status_code == 404
        assert client.get(reverse("portal:plans", args=[audit.number])).status_code == 404


def test_audit_without_corrective_actions_has_no_plan(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme, nonconforming=())

    with pytest.raises(ValidationError):
        make_plan(actor=scheme.manager, audit=audit)
    client = Client()
    client.force_login(scheme.manager)
    assert client.get(reverse("portal:plans", args=[audit.number])).status_code == 404


def test_who_asks_twice_gets_the_papers_that_wait(scheme: Scheme, audit: Audit) -> None:
    """A second press of the button; somebody else, or after a step, has another one made."""
    client = Client()
    client.force_login(scheme.manager)
    address = reverse("portal:plans", args=[audit.number])
    answers = [client.post(address).status_code for _time in range(3)]
    papers = make_plan(actor=scheme.manager, audit=audit)

    assert answers == [302] * 3
    assert [paper.plan for paper in papers] == [ActionPlan.objects.get()] * 2
    assert make_plan(actor=scheme.desk, audit=audit)[0].plan != papers[0].plan
    take_step(actor=scheme.desk, action=action(audit, "9-1"), step="accept_plan")
    assert make(scheme, audit) != papers[0].plan
    assert ActionPlan.objects.count() == 3
    for paper in ActionPlanPaper.objects.all():
        render(ActionPlanPaper, paper.pk, typeset=lambda *_: Printed(b"%PDF-1.7 plan", 1, "1"))
    make(scheme, audit)
    assert ActionPlan.objects.count() == 4


@pytest.mark.parametrize(("who", "room"), [("manager", "portal"), ("desk", "console")])
def test_plan_of_nothing_is_refused_in_words(
    who: str, room: str, scheme: Scheme, audit: Audit
) -> None:
    """An appeal made every action needless."""
    CorrectiveAction.objects.filter(finding__audit=audit).update(status="withdrawn")
    client = Client()
    client.force_login(getattr(scheme, who))

    answer = client.post(reverse(f"{room}:plans", args=[audit.number]), follow=True)

    assert "この監査には是正処置がありません" in answer.content.decode()
    assert not ActionPlan.objects.exists()


def test_page_takes_as_many_queries_for_one_plan_as_for_three(
    scheme: Scheme, audit: Audit, django_assert_num_queries: Any
) -> None:
    client = Client()
    client.force_login(scheme.manager)
    address = reverse("portal:plans", args=[audit.number])
    make(scheme, audit)
    client.get(address)
    for others in ([], [scheme.desk, scheme.owner]):
        for person in others:
            make_plan(actor=person, audit=audit)
        with django_assert_num_queries(QUERIES):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("manager", "portal:our_result"),
        ("manager", "portal:our_correction"),
        ("desk", "console:audit"),
        ("desk", "console:correction"),
    ],
)
def test_pages_lead_to_the_plan(who: str, page: str, scheme: Scheme, audit: Audit) -> None:
    client = Client()
    client.force_login(getattr(scheme, who))
    about = action(audit, "9-1").pk if page.endswith("correction") else audit.number

    content = client.get(reverse(page, args=[about])).content.decode()

    assert reverse(f"{page.partition(':')[0]}:plans", args=[audit.number]) in content
