"""An activated standard stays as it is: in the models, in the querysets, in the database itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, ProtectedError

from audits.standards.models import (
    Category,
    Clause,
    ImmutableStandardError,
    Requirement,
    Standard,
)
from audits.standards.terms import StandardStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_standard")]

PARTS: list[type[Category | Requirement | Clause]] = [Category, Requirement, Clause]
FROZEN: list[tuple[str, object]] = [
    ("version", "2026"),
    ("title_ja", "別の名称"),
    ("title_en", "Another title"),
    ("effective_on", date(2026, 4, 1)),
    ("grading", {}),
    ("official", True),
    ("content_hash", "0" * 64),
    ("activated_at", None),
    ("status", StandardStatus.DRAFT),
]


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("part", PARTS)
def test_part_of_active_cannot_be_saved_or_deleted(
    active: Standard, part: type[Category | Requirement | Clause]
) -> None:
    row = part.objects.first()
    assert row is not None
    row.order = 99
    for act in (row.save, row.delete):
        with pytest.raises(ImmutableStandardError):
            act()
    row.pk = None
    row._state.adding = True
    with pytest.raises(ImmutableStandardError):
        row.save()


@pytest.mark.parametrize("part", PARTS)
def test_queryset_of_active_refuses_update_and_delete(
    active: Standard, part: type[Category | Requirement | Clause]
) -> None:
    with pytest.raises(ImmutableStandardError):
        part.objects.update(order=99)
    with pytest.raises(ImmutableStandardError):
        part.objects.all().delete()


@pytest.mark.parametrize("part", PARTS)
def test_part_of_draft_can_be_changed(
    draft: Standard, part: type[Category | Requirement | Clause]
) -> None:
    row = part.objects.order_by("order").first()
    assert row is not None
    row.order = 99
    row.save()
    row.refresh_from_db()
    assert row.order == 99


@pytest.mark.parametrize(("field", "value"), FROZEN)
def test_active_standard_refuses_frozen_fields(active: Standard, field: str, value: object) -> None:
    setattr(active, field, value)
    with pytest.raises(ValidationError, match="新しい版"):
        active.save()
    assert Standard.objects.get().verify()


@pytest.mark.parametrize(("field", "value"), FROZEN)
def test_database_refuses_frozen_fields(active: Standard, field: str, value: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Standard.objects.filter(pk=active.pk).update(**{field: value})
    assert Standard.objects.get().verify()


def test_active_standard_cannot_be_deleted(active: Standard) -> None:
    with pytest.raises(ImmutableStandardError):
        active.delete()
    with pytest.raises(ImmutableStandardError):
        Standard.objects.all().delete()
    refused("DELETE FROM standards_clause")
    refused("DELETE FROM standards_standard")


def test_draft_with_parts_is_protected(draft: Standard) -> None:
    with pytest.raises(ProtectedError):
        draft.delete()


def test_active_standard_may_move_on_and_get_its_dates(active: Standard) -> None:
    active.mandatory_from = date(2026, 4, 1)
    active.retired_on = date(2030, 4, 1)
    active.status = StandardStatus.SUNSET
    active.save()
    active.refresh_from_db()
    assert (active.status, active.retired_on) == (StandardStatus.SUNSET, date(2030, 4, 1))
    assert active.verify()


def test_database_refuses_a_status_that_goes_back(active: Standard) -> None:
    Standard.objects.update(status=StandardStatus.RETIRED)
    for status in (StandardStatus.SUNSET, StandardStatus.ACTIVE, StandardStatus.DRAFT):
        with pytest.raises(DatabaseError), transaction.atomic():
            Standard.objects.update(status=status)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE standards_category SET name_en = 'x'",
        "UPDATE standards_requirement SET text_en = 'x'",
        "UPDATE standards_clause SET text_en = 'x'",
        "DELETE FROM standards_category",
        "DELETE FROM standards_requirement",
        "DELETE FROM standards_clause",
    ],
)
def test_raw_update_and_delete_are_refused(active: Standard, statement: str) -> None:
    refused(statement)


def _new_category(standard: Standard) -> Model:
    return Category(standard=standard, number=9, order=99, name_ja="追加", name_en="More")


def _new_requirement(standard: Standard) -> Model:
    row = Requirement.objects.get(standard=standard, code="1-1")
    row.pk, row.code, row.order = Requirement().pk, "1-99", 99
    return row


def _new_clause(standard: Standard) -> Model:
    row = Clause.objects.get(requirement__standard=standard, code="1-1a")
    row.pk, row.code, row.order = Clause().pk, "1-1z", 99
    return row


@pytest.mark.parametrize("make", [_new_category, _new_requirement, _new_clause])
def test_insert_past_the_model_is_refused(
    active: Standard, make: Callable[[Standard], Model]
) -> None:
    row = make(active)
    with pytest.raises(DatabaseError, match="activated"), transaction.atomic():
        type(row)._default_manager.bulk_create([row])


def test_row_cannot_be_moved_into_an_active_standard(active: Standard) -> None:
    other = Standard.objects.create(
        version="2027",
        title_ja="草案",
        title_en="Draft",
        effective_on=date(2027, 4, 1),
        grading={},
    )
    category = Category.objects.create(
        standard=other, number=1, order=99, name_ja="追加", name_en="More"
    )
    with pytest.raises(DatabaseError, match="activated"), transaction.atomic():
        Category.objects.filter(pk=category.pk).update(standard=active)


def test_database_has_every_trigger() -> None:
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'standards%%'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'standards%%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        found = {name for (name,) in cursor.fetchall()}
    assert found == {
        f"standards_{table}_{act}_refused"
        for table in ("category", "requirement", "clause", "requirementmapping")
        for act in ("insert", "update", "delete")
    } | {"standards_standard_update_refused", "standards_standard_delete_refused"}


def test_verify_notices_a_change_past_the_triggers(active: Standard) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER standards_clause_update_refused")
        else:
            connection.check_constraints()  # PostgreSQL alters no table with open checks.
            cursor.execute("ALTER TABLE standards_clause DISABLE TRIGGER USER")
        cursor.execute("UPDATE standards_clause SET text_en = 'x' WHERE code = '6-7a'")
    assert not active.verify()


def test_verify_is_false_for_a_draft(draft: Standard) -> None:
    assert not draft.verify()
