"""Loading and activating a version, by service and by command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from accounts.terms import Kind, Role
from audits.standards.catalogue import Catalogue
from audits.standards.models import Category, Clause, Requirement, Standard
from audits.standards.services import activate_standard, load_catalogue
from audits.standards.terms import StandardStatus
from tests.factories import make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_standard")]


def changed(catalogue: Catalogue) -> Catalogue:
    """The catalogue with one word of one requirement changed."""
    first, *rest = catalogue.contents.requirements
    first = replace(first, title_en="Another title")
    return replace(catalogue, contents=replace(catalogue.contents, requirements=(first, *rest)))


def test_load_creates_a_draft(shipped: Catalogue) -> None:
    loaded = load_catalogue(catalogue=shipped)
    assert loaded.outcome == "created"
    assert loaded.standard.status == StandardStatus.DRAFT
    assert loaded.standard.contents() == shipped.contents
    assert (Category.objects.count(), Requirement.objects.count()) == (9, 84)
    assert Clause.objects.count() == len(shipped.contents.clauses)


def test_load_twice_changes_nothing(shipped: Catalogue, draft: Standard) -> None:
    keys = set(Clause.objects.values_list("pk", flat=True))
    assert load_catalogue(catalogue=shipped).outcome == "unchanged"
    assert set(Clause.objects.values_list("pk", flat=True)) == keys


def test_load_replaces_a_draft(shipped: Catalogue, draft: Standard) -> None:
    loaded = load_catalogue(catalogue=changed(shipped))
    assert (loaded.outcome, loaded.standard.pk) == ("replaced", draft.pk)
    assert Requirement.objects.get(code="1-1").title_en == "Another title"
    assert Requirement.objects.count() == 84


def test_load_of_an_active_version_with_the_same_contents_changes_nothing(
    shipped: Catalogue, active: Standard
) -> None:
    assert load_catalogue(catalogue=shipped).outcome == "unchanged"
    active.refresh_from_db()
    assert active.status == StandardStatus.ACTIVE


def test_load_of_an_active_version_with_other_contents_is_refused(
    shipped: Catalogue, active: Standard
) -> None:
    with pytest.raises(ValidationError, match="2025"):
        load_catalogue(catalogue=changed(shipped))
    assert active.verify()


def test_activation_fixes_the_hash(shipped: Catalogue, active: Standard) -> None:
    assert active.status == StandardStatus.ACTIVE
    assert active.content_hash == shipped.contents.fingerprint()
    assert active.activated_at is not None
    assert Standard.objects.get().verify()


def test_activation_twice_is_refused(active: Standard) -> None:
    with pytest.raises(ValidationError, match="2025"):
        activate_standard(standard=active)


def test_activation_without_requirements_is_refused(draft: Standard) -> None:
    Clause.objects.all().delete()
    Requirement.objects.all().delete()
    with pytest.raises(ValidationError):
        activate_standard(standard=draft)


def test_activation_with_a_requirement_without_clause_is_refused(draft: Standard) -> None:
    Clause.objects.filter(requirement__code="6-7").delete()
    with pytest.raises(ValidationError, match="6-7"):
        activate_standard(standard=draft)


def test_activation_with_bad_criteria_is_refused(draft: Standard) -> None:
    draft.grading = {**draft.grading, "thresholds": {"A": 10, "B": 20}}
    draft.save()
    with pytest.raises(ValidationError, match="thresholds"):
        activate_standard(standard=draft)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.SCHEME_OWNER, Role.READER),
        (Kind.SECRETARIAT, Role.ADMINISTRATOR),
        (Kind.SUPPLIER, Role.MANAGER),
    ],
)
def test_others_may_neither_load_nor_activate(
    shipped: Catalogue, draft: Standard, kind: Kind, role: Role
) -> None:
    user = make_user(make_organisation(kind), role)
    with pytest.raises(PermissionDenied):
        load_catalogue(catalogue=shipped, actor=user)
    with pytest.raises(PermissionDenied):
        activate_standard(standard=draft, actor=user)


def test_scheme_owner_may_load_and_nobody_activates_alone(shipped: Catalogue) -> None:
    user = make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR)
    standard = load_catalogue(catalogue=shipped, actor=user).standard
    with pytest.raises(PermissionDenied, match=r"2人|Two people"):
        activate_standard(standard=standard, actor=user)


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("load_standard", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_command_loads_and_activates_the_shipped_one() -> None:
    out, _err = run()
    assert "84" in out
    assert Standard.objects.get().status == StandardStatus.ACTIVE
    out, _err = run()
    assert out == "2025版に変更はありません。\n"
    assert Standard.objects.count() == 1


def test_command_check_changes_nothing() -> None:
    out, _err = run("--check")
    assert "84" in out
    assert not Standard.objects.exists()


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_command_on_a_bad_file_tells_where_and_changes_nothing(
    folder: Path, arguments: list[str]
) -> None:
    path = folder / "requirements.csv"
    text = path.read_text(encoding="utf-8").replace(",unacceptable,", ",fatal,", 1)
    path.write_text(text, encoding="utf-8")
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("load_standard", str(folder), *arguments, stderr=err)
    assert caught.value.returncode == 1
    assert err.getvalue().startswith("requirements.csv 2行目 severity列: ")
    assert not Standard.objects.exists()


def test_command_on_a_changed_active_version_ends_with_one(active: Standard, folder: Path) -> None:
    path = folder / "clauses.csv"
    text = path.read_text(encoding="utf-8").replace("Nobody works", "No one works", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="2025"):
        call_command("load_standard", str(folder))
    assert active.verify()


def test_command_loads_a_second_version_as_draft(active: Standard, folder: Path) -> None:
    path = folder / "manifest.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ('"2025"', '"2027"'),
        ("2025-04-01", "2027-04-01"),
        ("status: active", "status: draft"),
    ):
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    call_command("load_standard", str(folder), stdout=StringIO())
    second = Standard.objects.get(version="2027")
    assert (second.status, second.effective_on) == (StandardStatus.DRAFT, date(2027, 4, 1))
