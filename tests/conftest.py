"""What every test has: the database's own protections survive the clean-up between tests."""

from __future__ import annotations

import gc
import inspect
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from audits.standards.models import (
    Category,
    Clause,
    Requirement,
    RequirementMapping,
    Standard,
)
from tests.factories import make_standard
from tests.factories.memory import memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.plugin import DjangoDbBlocker

HAVE_ROWS = {"db", "transactional_db", "django_db_setup"}
_teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # private in the stubs


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let rows be deleted that the database keeps; afterwards its triggers are as they were."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _name, sql in triggers:
                cursor.execute(sql)


def _teardown_without_triggers(self: TransactionTestCase) -> None:
    """Empty the tables after a test with real transactions.

    SQLite is emptied by DELETE, which the append-only triggers refuse; PostgreSQL by TRUNCATE.
    """
    with without_triggers() if connection.vendor == "sqlite" else nullcontext():
        _teardown(self)


TransactionTestCase._fixture_teardown = _teardown_without_triggers  # type: ignore[attr-defined]  # as above


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out what says the same whatever keeps the rows",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """Begin with the long tests, so that at the end no process waits for another's."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if config.getoption("database_only"):
        others = [item for item in items if not asks_its_database(item)]
        items[:] = [item for item in items if asks_its_database(item)]
        config.hook.pytest_deselected(items=others)


def asks_its_database(item: pytest.Function) -> bool:
    """Say whether a test has rows, and what it says of them may depend on what keeps them."""
    if item.get_closest_marker("any_database"):
        return False
    return bool(item.get_closest_marker("django_db") or HAVE_ROWS.intersection(item.fixturenames))


def pytest_collection_finish() -> None:
    """Search what stays until the end no more for garbage, and the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The standard that ships is there before the first test: loading it for each took a minute.

    A test that wants none asks for `no_standard`.
    """
    with django_db_blocker.unblock():
        make_standard()


@pytest.fixture
def no_standard(db: None) -> None:
    """A database into which no standard was loaded yet."""
    with without_triggers():
        for model in (RequirementMapping, Clause, Requirement, Category, Standard):
            # The manager refuses as well.
            model.objects.all()._raw_delete(connection.alias)


@pytest.fixture(autouse=True)
def _clean_process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Files, rate limits, cached counts and a reader's language must not leak into the next test."""
    translation.deactivate()
    # Patched code leaves other rows behind.
    asked = inspect.signature(request.function).parameters
    memory.begin(usable="monkeypatch" not in asked and "no_standard" not in request.fixturenames)
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield
    cache.clear()


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences in English, for tests that read them."""
    with translation.override("en"):
        yield
