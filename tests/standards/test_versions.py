"""Which versions somebody sees, and which may be used on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.terms import Kind, Role
from audits.standards.models import Category, Clause, Requirement, Standard
from audits.standards.terms import StandardStatus
from tests.factories import make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_standard")]


def make_version(version: str, effective_on: date, **fields: Any) -> Standard:
    fields.setdefault("status", StandardStatus.ACTIVE)
    if fields["status"] != StandardStatus.DRAFT:
        fields |= {"content_hash": "0" * 64, "activated_at": timezone.now()}
    return Standard.objects.create(
        version=version,
        title_ja="基準",
        title_en="Standard",
        effective_on=effective_on,
        grading={},
        **fields,
    )


def usable(day: date) -> list[str]:
    return list(Standard.objects.usable_on(day).values_list("version", flat=True))


def test_usable_on_from_the_effective_day() -> None:
    make_version("1", date(2025, 4, 1))
    assert usable(date(2025, 3, 31)) == []
    assert usable(date(2025, 4, 1)) == ["1"]


def test_usable_on_offers_both_until_the_newer_is_mandatory() -> None:
    make_version("1", date(2025, 4, 1), status=StandardStatus.SUNSET)
    make_version("2", date(2027, 4, 1), mandatory_from=date(2027, 10, 1))
    assert usable(date(2027, 3, 31)) == ["1"]
    assert usable(date(2027, 9, 30)) == ["2", "1"]
    assert usable(date(2027, 10, 1)) == ["2"]


def test_usable_on_leaves_out_drafts_retired_and_past_their_last_day() -> None:
    make_version("1", date(2025, 4, 1), status=StandardStatus.DRAFT)
    make_version("2", date(2025, 4, 1), status=StandardStatus.RETIRED)
    make_version("3", date(2025, 4, 1), retired_on=date(2026, 4, 1))
    assert usable(date(2026, 3, 31)) == ["3"]
    assert usable(date(2026, 4, 1)) == []


def test_usable_on_ignores_a_mandatory_draft() -> None:
    make_version("1", date(2025, 4, 1))
    make_version(
        "2", date(2026, 4, 1), status=StandardStatus.DRAFT, mandatory_from=date(2026, 4, 1)
    )
    assert usable(date(2026, 5, 1)) == ["1"]


@pytest.mark.parametrize(
    ("kind", "seen"), [(Kind.SCHEME_OWNER, True), (Kind.SECRETARIAT, False), (Kind.SUPPLIER, False)]
)
def test_draft_is_visible_to_the_scheme_owner_only(draft: Standard, kind: Kind, seen: bool) -> None:
    user = make_user(make_organisation(kind), Role.READER)
    for model in (Standard, Category, Requirement, Clause):
        assert model.objects.visible_to(user).exists() is seen


def test_active_is_visible_to_everyone_signed_in(active: Standard) -> None:
    for model, count in ((Standard, 1), (Category, 9), (Requirement, 84)):
        assert model.objects.visible_to(make_user()).count() == count
        assert not model.objects.visible_to(AnonymousUser()).exists()
    assert not Clause.objects.visible_to(AnonymousUser()).exists()


def test_texts_are_read_in_the_active_language(active: Standard) -> None:
    row = Requirement.objects.get(code="6-7")
    with override("ja"):
        assert row.title == "休憩時間の付与"
    with override("en"):
        assert row.title == "Rest breaks"


def test_parameters_are_those_of_the_manifest(active: Standard) -> None:
    assert active.parameters.thresholds == {"A": 90, "B": 70}
    assert active.parameters.knock_out == {"unacceptable"}


@pytest.mark.parametrize(
    ("code", "order", "severity", "condition", "provenance"),
    [
        ("1-1", 99, "minor", "", "official"),
        ("1-99", 1, "minor", "", "official"),
        ("1-99", 99, "fatal", "", "official"),
        ("1-99", 99, "minor", "weather", "official"),
        ("1-99", 99, "minor", "", "rumour"),
    ],
)
def test_database_refuses_an_impossible_requirement(
    draft: Standard, code: str, order: int, severity: str, condition: str, provenance: str
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.create(
            standard=draft,
            category=draft.categories.get(number=1),
            code=code,
            order=order,
            title_ja="名",
            title_en="Title",
            text_ja="文",
            text_en="Text",
            severity=severity,
            condition=condition,
            provenance=provenance,
        )


def test_database_refuses_an_active_standard_without_hash() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.create(
            version="1",
            title_ja="基準",
            title_en="Standard",
            effective_on=date(2025, 4, 1),
            grading={},
            status=StandardStatus.ACTIVE,
        )
