"""Rows in bulk: COPY where the database has it, otherwise one prepared statement for many rows."""

# `_meta` is Django's documented way to a model's columns; only names of them are written into SQL.
# ruff: noqa: S608, SLF001

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from random import Random

# What drivers take as it is: everything else is prepared by its field.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def key(rng: Random, at: datetime) -> UUID:
    """Return a UUID v7 of a moment: like those of `accounts.ids`, but the same for the same seed."""
    value = int(at.timestamp() * 1000) << 80 | rng.getrandbits(80)
    version = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=version & ~(0b11 << 62) | 0b10 << 62)


def write(rows: Sequence[models.Model]) -> int:
    """Insert rows of one model as they are, without signals; keys that count up are given by the database."""
    if not rows:
        return 0
    names = [field.attname for field in _columns(type(rows[0]))]
    return write_values(type(rows[0]), names, map(attrgetter(*names), rows))


def write_values(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert values in the order of `names` (attributes); the other columns get their defaults."""
    fields = {field.attname: field for field in _columns(model)}
    rest = [field for name, field in fields.items() if name not in names]
    given = [fields[name] for name in names]
    constant = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    columns = [connection.ops.quote_name(str(field.column)) for field in (*given, *rest)]
    ready = (row + constant for row in _prepared(given, rows))
    return _send(connection.ops.quote_name(model._meta.db_table), columns, ready)


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    ]


def _prepared(
    fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows as the driver takes them; what is the same object as in the row before is kept."""
    hard = [place for place, field in enumerate(fields) if not isinstance(field, PLAIN)]
    before: list[Any] = [object()] * len(fields)
    ready: list[Any] = [None] * len(fields)
    # The connection itself: what Django hands out looks it up at every use.
    database = connections[DEFAULT_DB_ALIAS]
    for row in rows:
        values = list(row)
        for place in hard:
            if values[place] is not before[place]:
                before[place] = values[place]
                ready[place] = fields[place].get_db_prep_save(values[place], database)
            values[place] = ready[place]
        yield tuple(values)


def _send(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> int:
    names, sent = ", ".join(columns), 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    sent += 1
            return sent
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))
        return int(cursor.rowcount)
