"""A scheme made in bulk is one that the services could have made: records, grades, figures."""

from __future__ import annotations

from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from audits.models import Audit, AuditEvent, CorrectiveAction, Finding, Result, TeamMember
from audits.models.corrections import CORRECTION_ENDED
from audits.services.applying import next_number
from audits.services.assessment import computed_grade, grading_inputs
from audits.services.records import verify_records
from audits.services.repeating import repeats_of
from audits.terms import AuditKind, Judgement, ResultStatus, Status
from reports.load import afterwards
from reports.load.making import make_load
from reports.models import AuditFacts, Figure, FigureEntry
from reports.services import figures
from suppliers.models import Site
from tests.factories import make_site, make_standard

if TYPE_CHECKING:
    from django.db.models import Model
    from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
MANY = 20
COUNTED_UP = {Finding, AuditEvent, AuditFacts, TeamMember}


def load(seed: int = 1, audits: int = MANY) -> int:
    told: list[tuple[int, int]] = []
    rows = make_load(
        audits=audits,
        seed=seed,
        standard=make_standard(),
        tell=lambda done, rows: told.append((done, rows)),
    )
    assert told[-1] == (audits, rows)
    return rows


def rows_of(model: type[Model]) -> list[dict[str, Any]]:
    """Every row, without the keys that the database counts up."""
    rows = list(model._default_manager.order_by("pk").values())
    for row in rows:
        for name in ("id",) if model in COUNTED_UP else ("finding_id",):
            row.pop(name, None)
    return rows


def test_audits_come_with_everything_that_follows_from_them() -> None:
    load()

    assert Audit.objects.count() == Result.objects.count() == AuditFacts.objects.count() == MANY
    assert Finding.objects.count() == 84 * MANY
    assert not Finding.objects.filter(judgement=Judgement.UNASSESSED).exists()
    unmet = Finding.objects.filter(judgement=Judgement.NONCONFORMING)
    assert CorrectiveAction.objects.count() == unmet.count() > MANY
    assert not unmet.filter(report_text="").exists()
    assert User.objects.filter(email__endswith="@load.example").exists()
    assert not any(
        user.check_password("") or user.has_usable_password() for user in User.objects.all()
    )


def test_records_and_figures_hold() -> None:
    load()

    assert verify_records() == (MANY, [])
    assert figures.differences() == []
    assert FigureEntry.objects.pending().count() == 0
    total = Figure.objects.get(dimension="total", requirement__code="1-1")
    assert total.conforming + total.nonconforming + total.unverifiable == MANY


def test_void_audits_are_out_of_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "VOID", 1)
    load()

    void = Audit.objects.filter(status=Status.VOID)
    assert void.count() == Audit.objects.values("site").distinct().count()
    assert AuditFacts.objects.counted().count() == MANY - void.count()
    results = Result.objects.filter(audit__in=void)
    assert set(results.values_list("status", flat=True)) == {ResultStatus.WITHDRAWN}
    assert verify_records() == (MANY, [])
    assert figures.differences() == []


def test_grades_and_facts_are_those_that_the_services_compute() -> None:
    load()

    for result in Result.objects.select_related("audit__standard"):
        computed = computed_grade(result.audit)
        assert (result.grade, result.score) == (computed.grade, computed.score)
        assert result.inputs == grading_inputs(result.audit)
        facts = AuditFacts.objects.values().get(result=result)
        for name, value in figures.facts_of(result).items():
            assert facts.get(name, facts.get(f"{name}_id")) == getattr(value, "pk", value)


def test_the_years_of_a_site_hang_together() -> None:
    load(audits=60)

    for site in Site.objects.filter(audits__isnull=False).distinct():
        results = list(
            Result.objects.filter(audit__site=site).select_related("audit").order_by("issued_on")
        )
        for earlier, later in pairwise(results):
            assert (earlier.status, earlier.superseded_by) == (ResultStatus.SUPERSEDED, later)
            assert later.audit.kind != AuditKind.INITIAL
            if later.audit.kind == AuditKind.FOLLOW_UP:
                assert later.audit.follows == earlier.audit
        assert results[0].audit.kind == AuditKind.INITIAL
        assert results[-1].status != ResultStatus.SUPERSEDED
    for audit in Audit.objects.filter(kind=AuditKind.RENEWAL):
        repeats = repeats_of(audit)
        for action in CorrectiveAction.objects.filter(finding__audit=audit):
            assert action.repeat == repeats.of(action.finding.requirement_id)
    for action in CorrectiveAction.objects.filter(finding__audit__status=Status.CLOSED):
        assert action.status in CORRECTION_ENDED


def test_the_same_seed_makes_the_same_rows_and_another_one_others() -> None:
    make_standard()
    made = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            load(seed)
            models = (Site, Audit, Result, CorrectiveAction, *COUNTED_UP)
            made.append({model: rows_of(model) for model in models})
            transaction.set_rollback(True)

    assert made[0] == made[1]
    assert made[0] != made[2]


def test_numbers_go_on_where_the_last_ended() -> None:
    load()
    taken = set(Audit.objects.values_list("number", flat=True))

    assert next_number() not in taken


def test_the_command_fills_an_empty_scheme(settings: Settings) -> None:
    settings.DEMO = True
    said = StringIO()
    call_command("generate_load", "--audits", "5", "--seed", "3", stdout=said)

    assert "5 of 5 audits" in said.getvalue()
    assert "rows a second" in said.getvalue()
    with pytest.raises(CommandError, match="holds audits"):
        call_command("generate_load", "--audits", "5")
    call_command("generate_load", "--audits", "5", "--seed", "3", "--add", stdout=said)
    assert Audit.objects.count() == 10
    call_command("rebuild_figures", "--verify", stdout=said)
    call_command("verify_records", stdout=said)
    assert "The figures are right." in said.getvalue()


@pytest.mark.parametrize("demo", [True, False])
def test_the_command_refuses_where_it_could_do_harm(settings: Settings, demo: bool) -> None:
    settings.DEMO = demo
    make_site()
    why, audits = ("at least 1", "0") if demo else ("ORIME_DEMO", "5")

    with pytest.raises(CommandError, match=why):
        call_command("generate_load", "--audits", audits)

    assert not Audit.objects.exists()
