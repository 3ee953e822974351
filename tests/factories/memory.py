"""What a walk through the services leaves behind, kept and laid down again instead of walked again.

Walking audits to where a test begins took half of the suite's time. What was walked twice in a
process is kept: the rows and files that the step made, changed or took away. From the third time on
a test whose database stands at the same point gets them from here.

The key of a step is the path since the test began: the steps before it, and in between whatever the
test wrote by itself. A test with a moved clock, other settings, patched code or real transactions
takes every step itself.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import UUID

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from django.utils import timezone, translation

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

Made = TypeVar("Made")
Given = ParamSpec("Given")
Row = tuple[Any, ...]
Rows = dict[Any, Row]  # primary key → values in the order of the columns

WRITING = ("INSERT", "UPDATE", "DELETE")
# What signing in writes: no step asks for it.
SIGNING_IN = (
    'INSERT INTO "django_session"',
    'UPDATE "django_session"',
    'DELETE FROM "django_session"',
    'UPDATE "accounts_user" SET "last_login" = %s WHERE',
)
# Values that are the same when they are equal.
PLAIN = (str, int, float, Decimal, date, time, timedelta, UUID, bytes, type(None))


@dataclass
class Table:
    """What a step did to one table."""

    name: str
    columns: list[str]
    key: int  # place of the primary key among the columns
    made: list[Row]
    changed: list[Row]
    gone: list[Any]

    def lay(self, cursor: Any) -> None:
        """Do it again."""
        names = [f'"{column}"' for column in self.columns]
        here = f"WHERE {names[self.key]} = %s"
        values = ", ".join(["%s"] * len(names))
        changes = ", ".join(f"{name} = %s" for name in names)
        delete = f'DELETE FROM "{self.name}" {here}'  # noqa: S608  names of models, here and below
        update = f'UPDATE "{self.name}" SET {changes} {here}'  # noqa: S608
        insert = f'INSERT INTO "{self.name}" ({", ".join(names)}) VALUES ({values})'  # noqa: S608
        if self.gone:
            cursor.executemany(delete, [(pk,) for pk in self.gone])
        if self.changed:
            cursor.executemany(update, [(*row, row[self.key]) for row in self.changed])
        if self.made:
            cursor.executemany(insert, self.made)


@dataclass
class Step:
    """One step: its rows and files, and what it returned."""

    tables: list[Table]
    files: dict[str, bytes]
    made: bytes  # pickled, so that every test has its own

    def lay(self) -> Any:
        """Lay rows and files down; return what the step had returned."""
        with connection.cursor() as cursor:
            for table in self.tables:
                table.lay(cursor)
        for name, content in self.files.items():
            path = Path(default_storage.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return pickle.loads(self.made)  # noqa: S301  of this process


@dataclass
class Memory:
    """The steps of this process, and where the running test stands."""

    steps: dict[tuple[Hashable, ...], Step] = field(default_factory=dict)
    seen: set[tuple[Hashable, ...]] = field(default_factory=set)
    path: tuple[Hashable, ...] | None = None
    writes: int = 0
    # Of everything that the test wrote since its last step, in order; 0 for nothing.
    written: int = 0

    def begin(self, *, usable: bool) -> None:
        """Start a test, whose database holds the standard and nothing else."""
        if self.count not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.count)
        self.path = () if usable else None
        self.written = 0

    def count(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Note what is written; wraps every statement."""
        if sql.startswith(WRITING) and not sql.startswith(SIGNING_IN):
            self.writes += 1
            values = () if many else tuple(params or ())
            # A number of its own for what cannot be compared: it will not be met a second time.
            known = not many and all(isinstance(value, PLAIN) for value in values)
            self.written = hash((self.written, sql, values if known else self.writes))
        return execute(sql, params, many, context)

    def take(self, name: Hashable, step: Callable[[], Made]) -> Made:
        """Return what `step` returns: taken again from here where it was taken from this very point."""
        path = self._path(name)
        if path is None:
            return step()
        if path in self.steps:
            made: Made = self.steps[path].lay()
        elif path in self.seen:
            rows, files = _rows(), _files()
            made = step()
            self.steps[path] = Step(
                list(_differences(rows, _rows())),
                {file: Path(default_storage.path(file)).read_bytes() for file in _files() - files},
                pickle.dumps(made),
            )
        else:
            self.seen.add(path)
            made = step()
        self.path, self.written = path, 0
        return made

    def remembered(self, make: Callable[Given, Made]) -> Callable[Given, Made]:
        """Decorate a factory: its name and what it is given are the name of the step."""

        @wraps(make)
        def step(*args: Given.args, **kwargs: Given.kwargs) -> Made:
            given = (*map(_name, args), *((name, _name(kwargs[name])) for name in sorted(kwargs)))
            return self.take((make.__name__, *given), lambda: make(*args, **kwargs))

        return step

    def _path(self, name: Hashable) -> tuple[Hashable, ...] | None:
        if (
            self.path is None
            or not connection.in_atomic_block
            or time_machine.escape_hatch.is_travelling()
            or _other_settings()
        ):
            self.path = None
            return None
        path = self.path or (timezone.localdate(), translation.get_language())
        return (*path, self.written, name)


memory = Memory()


def _name(given: object) -> str:
    return str(given.pk) if isinstance(given, Model) else repr(given)


def _other_settings() -> bool:
    """Say whether the test has settings of its own, but for where its files lie."""
    layer: Any = settings._wrapped
    while hasattr(layer, "default_settings"):
        if any(name.isupper() and name != "MEDIA_ROOT" for name in vars(layer)):
            return True
        layer = layer.default_settings
    return False


def _rows() -> dict[type, Rows]:
    found: dict[type, Rows] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            meta = model._meta
            if not meta.managed or meta.proxy:
                continue
            columns = [each.column for each in meta.concrete_fields]
            key = columns.index(meta.pk.column)
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f'SELECT {names} FROM "{meta.db_table}"')  # noqa: S608  names of models
            found[model] = {row[key]: row for row in cursor.fetchall()}
    return found


def _differences(before: dict[type, Rows], after: dict[type, Rows]) -> Iterator[Table]:
    for model, now in after.items():
        then = before[model]
        meta: Any = model._meta  # type: ignore[attr-defined]  # of a model
        columns = [each.column for each in meta.concrete_fields]
        table = Table(
            meta.db_table,
            columns,
            columns.index(meta.pk.column),
            made=[row for pk, row in now.items() if pk not in then],
            changed=[row for pk, row in now.items() if pk in then and row != then[pk]],
            gone=[pk for pk in then if pk not in now],
        )
        if table.made or table.changed or table.gone:
            yield table


def _files() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
