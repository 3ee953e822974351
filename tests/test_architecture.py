"""Habits of the house that a machine can watch."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "reports", "audits", "suppliers", "accounts", "ui")
OURS = ("reports", "audits", "auditors", "standards", "suppliers", "accounts")
FORBIDDEN_NAMES = {"core", "common", "utils", "helpers", "misc"}
LONGEST = 400


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def _writes_status(tree: ast.Module) -> list[int]:
    """Lines that assign `<something>audit.status` or update/create Audit rows with a status."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if not (isinstance(target, ast.Attribute) and target.attr == "status"):
                    continue
                if "audit" in ast.unparse(target.value).split(".")[-1].lower():
                    lines.append(node.lineno)
        if isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            named = {keyword.arg for keyword in node.keywords}
            if "status" in named and call.startswith("Audit.objects") and call.endswith("update"):
                lines.append(node.lineno)
            if "status" in named and call in ("Audit", "Audit.objects.create"):
                lines.append(node.lineno)
    return lines


def test_only_perform_writes_the_status_of_an_audit() -> None:
    writers = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := _writes_status(ast.parse(path.read_text(encoding="utf-8"))))
    }

    # Rows made in bulk have no moves behind them; there the state is what the made record reached.
    in_bulk = writers.pop("reports/load/afterwards.py")
    assert len(in_bulk) == 1
    assert list(writers) == ["audits/services/perform.py"]


@pytest.mark.parametrize(
    "line",
    [
        "audit.status = 'issued'",
        "self.audit.status = 'issued'",
        "Audit.objects.filter(pk=1).update(status='issued')",
        "Audit.objects.create(status='issued')",
    ],
)
def test_writing_the_status_would_be_noticed(line: str) -> None:
    assert _writes_status(ast.parse(line)) == [1]


def test_no_room_without_a_name() -> None:
    found = [
        path for path in sources() if FORBIDDEN_NAMES & {path.stem, *path.relative_to(ROOT).parts}
    ]

    assert found == []


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if (text := path.read_text(encoding="utf-8")).strip()
        and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


def test_no_import_inside_a_function() -> None:
    found = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, (ast.Import, ast.ImportFrom))
                ]

    assert found == []


def our_models() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def test_every_queryset_knows_who_sees_what() -> None:
    counters = {"AuditCounter"}  # one technical row a year, read by nobody
    blind = [
        model.__name__
        for model in our_models()
        if model.__name__ not in counters
        and not hasattr(model._default_manager.all(), "visible_to")
    ]

    assert blind == []


def test_every_model_says_what_it_is() -> None:
    generated = [
        model.__name__
        for model in our_models()
        if not model.__doc__ or model.__doc__.startswith(f"{model.__name__}(")
    ]

    assert generated == []
