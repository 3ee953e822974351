"""A third party computes the grade again from what is handed out with the result."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.translation import override

from audits.models import Result
from audits.recomputing import as_text, check_export, export_of
from audits.terms import Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def result() -> Result:
    audit = audit_at(Status.ISSUED, nonconforming=("5-7", "7-3"))
    return Result.objects.select_related("audit__standard").get(audit=audit)


def by_the_method(data: dict[str, Any]) -> tuple[str, str]:
    """Follow the file's `method` with nothing of ours: what an outsider would write."""
    rules, gravest = data["parameters"], ["unacceptable", "major", "minor"]
    rows = data["outcomes"]
    bad = [r for r in rows if r["judgement"] in ("nonconforming", "unverifiable", "unassessed")]
    lost = sum(rules["points"][row["severity"]] for row in bad)
    total = sum(rules["points"][row["severity"]] for row in rows)
    tenths = (
        1000 * (total - lost) // total
        if rules["count_not_applicable"]
        else max(0, 1000 - 10 * lost)
    )
    knocked = any(
        row["judgement"] == "nonconforming" and row["severity"] in rules["knock_out"]
        for row in rows
    )

    def reached(grade: str) -> bool:
        room = all(
            sum(gravest.index(row["severity"]) <= gravest.index(severity) for row in bad) <= most
            for severity, most in rules["maximum"][grade].items()
        )
        return tenths >= 10 * rules["thresholds"][grade] and room and not knocked

    grade = next((letter for letter in ("A", "B") if reached(letter)), "none")
    return grade, f"{tenths // 10}.{tenths % 10}"


def test_outsider_gets_the_same_grade_from_the_file_alone(result: Result) -> None:
    data = json.loads(as_text(result))

    assert by_the_method(data) == (data["computed_grade"], data["score"])
    assert data["computed_grade"] == result.computed_grade
    assert len(data["outcomes"]) == result.audit.findings.count()
    assert data["official_criteria"] is False
    assert set(data["explanation"]) == {"ja", "en"}
    assert all(data["explanation"].values())


def test_file_with_another_judgement_is_found_out(result: Result) -> None:
    data = export_of(result)
    assert check_export(json.dumps(data)).holds

    for row in data["outcomes"]:
        row["judgement"] = "conforming"

    assert not check_export(json.dumps(data)).holds


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"outcomes": [{"requirement": "1-1"}]}', "1"])
def test_other_files_are_refused_with_a_sentence(text: str) -> None:
    with override("en"), pytest.raises(ValidationError, match="not the file"):
        check_export(text)


def test_command_checks_results_and_files(result: Result, tmp_path: Path) -> None:
    out, file = StringIO(), tmp_path / "inputs.json"
    call_command("recompute_grade", result.number, stdout=out)
    assert "as it is kept" in out.getvalue()

    written = StringIO()
    call_command("recompute_grade", result.number, "--json", stdout=written)
    file.write_text(written.getvalue(), encoding="utf-8")
    call_command("recompute_grade", str(file), stdout=StringIO())

    Result.objects.update(score="1.0")
    with pytest.raises(CommandError, match="is kept"):
        call_command("recompute_grade", result.number, stdout=StringIO())
    file.write_bytes(b"\xff\xfe")
    for source in (str(file), str(tmp_path / "nothing"), str(tmp_path)):
        with pytest.raises(CommandError):
            call_command("recompute_grade", source)
    with pytest.raises(CommandError):
        call_command("recompute_grade", "JASTI-1999-0001", "--json")


def test_inputs_are_handed_out_to_those_who_see_the_result(client: Client) -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    for person, name in (
        (scheme.manager, "portal:our_result_inputs"),
        (scheme.desk, "console:result_inputs"),
    ):
        client.force_login(person)
        answer = client.get(reverse(name, args=[audit.number, 1]))
        assert check_export(answer.content.decode()).holds
        assert "attachment" in answer["Content-Disposition"]
        assert client.get(reverse(name, args=[audit.number, 2])).status_code == 404
