"""Every act that is written into the record has words, wherever the code writes it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import audits
import reports
from accounts.models import User
from audits.models import AuditEvent, FindingComment
from audits.portal.supplier.records import shown_events
from audits.services import correcting, deciding, fieldwork, results
from audits.services.records import append_event
from audits.terms import TOLD_TO_SUPPLIER, Act, Answer, Status
from audits.timeline import OTHER_ACTS, act_title
from tests.factories import Scheme, audit_at

# What stands in the braces of acts that are put together.
PARTS = {
    "member.answer": [Answer.ACCEPTED.value, Answer.DECLINED.value],
    "level": ["body", "secretariat"],
    "step": [str(step) for step in correcting.STEPS],
}


def written_acts() -> set[str]:
    """Read the acts out of every call of `append_event`; `act=act` is a move of the table."""
    acts: set[str] = set()
    rooms = [Path(str(room.__file__)).parent for room in (audits, reports)]
    for path in (path for room in rooms for path in room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "append_event"):
                continue
            (act,) = (word.value for word in node.keywords if word.arg == "act")
            if isinstance(act, ast.Constant):
                acts.add(str(act.value))
            elif isinstance(act, ast.JoinedStr):
                begin, part = re.fullmatch(r"f'(\w+)\{(.+)\}'", ast.unparse(act)).groups()  # type: ignore[union-attr]  # no match fails the test
                acts.update(f"{begin}{value}" for value in PARTS[part])
            elif isinstance(act, ast.IfExp):
                acts.update(str(ast.literal_eval(part)) for part in (act.body, act.orelse))
            elif ast.unparse(act) == "row.act":
                acts.update(change.act for change in results.CHANGES.values())
            else:
                assert ast.unparse(act) == "act"
                acts.update(Act.values)
    return acts


def test_every_written_act_has_a_title() -> None:
    assert written_acts() - {*Act.values, *OTHER_ACTS} == set()
    assert set(OTHER_ACTS) <= written_acts()
    assert set(TOLD_TO_SUPPLIER) <= written_acts()


def test_act_without_words_keeps_its_code() -> None:
    assert act_title("unheard_of") == "unheard_of"


@pytest.mark.django_db
def test_supplier_reads_nothing_of_what_the_others_say_among_themselves() -> None:
    scheme = Scheme()
    audit = audit_at(Status.FIELDWORK, scheme)
    private = ("send_back", "defer", "offer_declined", "raise_alert", "read_evidence", "unheard_of")
    for act in private:
        append_event(audit=audit, actor=scheme.reviewer, act=act, comment="内部の所見")

    told = AuditEvent.objects.visible_to(scheme.manager)

    assert {"submit", "accept", "agree_team"} <= set(told.values_list("act", flat=True))
    assert not told.filter(act__in=[*private, "offer_accepted"]).exists()
    assert not told.filter(comment="内部の所見").exists()
    for person in (scheme.desk, scheme.reviewer, scheme.owner):
        assert AuditEvent.objects.visible_to(person).filter(comment="内部の所見").count() == 6


@pytest.mark.django_db
def test_supplier_reads_of_answers_to_its_disputes_not_of_those_to_the_reviewer() -> None:
    scheme = Scheme()
    audit = audit_at(Status.FACT_CHECK, scheme)
    deciding.dispute(actor=scheme.manager, audit=audit, disputes={"5-7": "違います。"})
    _answer_all(scheme)
    audit = fieldwork.sign(actor=scheme.lead.user, audit=audit)
    deciding.send_back(
        actor=scheme.reviewer, audit=audit, comment="もう一度", comments={"5-7": "内輪の問い"}
    )
    _answer_all(scheme)
    answers = AuditEvent.objects.filter(audit=audit, act="answer_comment")

    def read_by(person: User) -> list[str]:
        rows = answers.visible_to(person).order_by("sequence")
        return [event.payload["kind"] for event in rows]

    assert read_by(scheme.manager) == ["dispute"]
    assert read_by(scheme.brand_user) == []
    for person in (scheme.desk, scheme.reviewer, scheme.lead.user, scheme.owner):
        assert read_by(person) == ["dispute", "review"]
    shown = list(shown_events(scheme.manager, audit))
    assert [event.act for event in shown].count("answer_comment") == 1


def _answer_all(scheme: Scheme) -> None:
    for comment in FindingComment.objects.filter(answered_at=None).exclude(kind="answer"):
        fieldwork.answer_comment(actor=scheme.lead.user, comment=comment, text="確認しました。")
