"""A mill of eight without a dormitory: what does not apply costs it nothing, and it reaches an A."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.models import Audit, Finding, Result
from audits.services import applying, interviews
from audits.services.assessment import computed_grade
from audits.terms import Document, DocumentAnswer, GradeLetter, Judgement, Status
from tests.factories import PATH, STEPS, Scheme, finish_visit, judge_all, make_profile

pytestmark = pytest.mark.django_db


def accepted(scheme: Scheme) -> Audit:
    today = timezone.localdate()
    audit = applying.open_application(
        actor=scheme.manager,
        site=scheme.site,
        secretariat=scheme.secretariat,
        body=scheme.body,
        preferred_from=today,
        preferred_until=today + timedelta(days=1),
    )
    profile = make_profile(
        scheme.site,
        workers_male=3,
        workers_female=5,
        workers_fixed_term=0,
        technical_interns=0,
        languages=["ja"],
        has_dormitory=False,
    )
    applying.use_profile(actor=scheme.manager, audit=audit, profile=profile)
    answers = dict.fromkeys(Document.values, DocumentAnswer.READY.value)
    applying.fill_in(actor=scheme.manager, audit=audit, documents=answers)
    return walk(scheme, applying.accept_terms(actor=scheme.manager, audit=audit), Status.ACCEPTED)


def walk(scheme: Scheme, audit: Audit, until: Status) -> Audit:
    for step in PATH[PATH.index(Status(audit.status)) + 1 : PATH.index(until) + 1]:
        audit = STEPS[step](scheme, audit, ())
    return audit


def test_mill_of_eight_starts_with_what_does_not_apply_and_reaches_an_a() -> None:
    scheme = Scheme()
    audit = accepted(scheme)

    findings = Finding.objects.filter(audit=audit).select_related("requirement")
    preset = findings.filter(preset=True)
    conditional = findings.exclude(requirement__condition="")
    assert preset.exists()
    assert set(preset) == set(conditional)
    assert {row.judgement for row in preset} == {Judgement.NOT_APPLICABLE}
    assert all(row.reason for row in preset)
    assert not findings.filter(requirement__condition="").exclude(judgement="unassessed").exists()

    audit = walk(scheme, audit, Status.FIELDWORK)
    judge_all(scheme, audit)
    interviews.record_sample(
        actor=scheme.lead.user, audit=audit, stratum="正社員", language="ja", planned=4, done=4
    )
    audit = finish_visit(scheme, audit)
    audit = walk(scheme, audit, Status.ISSUED)

    result = Result.objects.get(audit=audit)
    assert (result.grade, result.computed_grade) == (GradeLetter.A, GradeLetter.A)
    assert result.score == 100
    kept = {code: judgement for code, judgement, _severity in result.inputs["outcomes"]}
    for row in preset:
        assert kept[row.requirement.code] == Judgement.NOT_APPLICABLE


def test_one_major_point_weighs_no_more_than_on_a_large_site() -> None:
    """What does not apply counts as met: a small site is not judged by fewer points."""
    scheme = Scheme()
    audit = walk(scheme, accepted(scheme), Status.FIELDWORK)
    judge_all(scheme, audit, ["5-7"])
    small = computed_grade(audit)
    Finding.objects.filter(audit=audit, preset=True).update(judgement=Judgement.CONFORMING)
    assert computed_grade(audit) == small
