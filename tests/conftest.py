"""What every test has: the database's own protections survive the clean-up between tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

if TYPE_CHECKING:
    from collections.abc import Iterator

_teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # private in the stubs


def _teardown_without_triggers(self: TransactionTestCase) -> None:
    """Empty the tables after a test with real transactions.

    SQLite is emptied by DELETE, which the append-only triggers refuse; they are taken out for it
    and put back as they were.
    """
    if connection.vendor != "sqlite":
        _teardown(self)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        _teardown(self)
    finally:
        with connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)


TransactionTestCase._fixture_teardown = _teardown_without_triggers  # type: ignore[attr-defined]  # as above


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits and other cached counts must not leak from one test into the next."""
    yield
    cache.clear()
