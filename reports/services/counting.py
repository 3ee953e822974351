"""The SQL of the counters, in one place: add, recount, compare; for SQLite and PostgreSQL alike.

Django's `bulk_create` can replace on conflict but not add, and it would send every counter as a
row of parameters; here the database multiplies an audit's places by its 84 answers itself. Rows
are written in the order of their keys, so that two audits issued at once lock in one order and
cannot deadlock.
"""

# Only names of tables and columns and words of closed lists are written into the statements;
# everything else goes as a parameter. `_meta` is Django's documented way to a table's name.
# ruff: noqa: S608, SLF001

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from audits.models import Audit, Result
from audits.standards.models import Requirement
from audits.terms import GradeLetter, Judgement, Severity
from reports.figures import COUNTS, Dimension, Step
from reports.models import AuditFacts, DaysFigure, Figure, FigureEntry, GradeFigure
from suppliers.terms import Process

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.db import models

PLACE = ("dimension", "key", "standard_id")
GRADES = {
    GradeLetter.A: "grade_a",
    GradeLetter.B: "grade_b",
    GradeLetter.NONE: "grade_none",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of counters: what a row is about besides its place, and what it counts."""

    model: type[models.Model]
    about: tuple[str, ...]
    counts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the quoted name of the table."""
        return connection.ops.quote_name(self.model._meta.db_table)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns that name a row."""
        return (*PLACE, *self.about)


JUDGEMENTS = Table(Figure, ("requirement_id",), COUNTS)
GRADE_COUNTS = Table(GradeFigure, (), tuple(GRADES.values()))
DAYS = Table(DaysFigure, ("step", "days"), ("audits",))
TABLES = (JUDGEMENTS, GRADE_COUNTS, DAYS)


def add(
    table: Table, places: Sequence[tuple[str, str]], standard: UUID, cells: Sequence[Sequence[Any]]
) -> None:
    """Add `cells` to the counters of every place, in one statement.

    `cells` are rows of what they are about and their counts (which may be negative).
    """
    if not cells or not places:
        return
    columns = (*table.about, *table.counts)
    _insert(
        table,
        f"WITH place (dimension, key) AS (VALUES {_rows(len(places), 2)}), "
        f"cell ({_names(columns)}) AS (VALUES {_rows(len(cells), len(columns))})",
        f"SELECT place.dimension, place.key, %s, {_names(columns, 'cell')} "
        # Without a WHERE, SQLite takes ON for the condition of a join.
        f"FROM place CROSS JOIN cell WHERE true",
        [
            *(value for place in places for value in place),
            *(_stored(value) for cell in cells for value in cell),
            _stored(standard),
        ],
    )


def recount(table: Table) -> None:
    """Empty a table and fill it from the facts and the answers of every counted result."""
    start, select, parameters = _expected(table)
    table.model._default_manager.all().delete()
    _insert(table, start, f"{select} WHERE true", parameters)


def compare(table: Table, limit: int, only: tuple[str, str] | None = None) -> list[tuple[Any, ...]]:
    """Return (keys…, counts…) of up to `limit` counters that are wrong, and by how much.

    One statement, so that an audit counted meanwhile is either in both sides or in neither; `only`
    compares the counters of one place (dimension, key).
    """
    start, select, parameters = _expected(table, only)
    there = f"{table.name} WHERE dimension = %s AND key = %s" if only else table.name
    keys = _names(table.keys)
    sums = ", ".join(f"SUM({_name(count)}) AS {_name(count)}" for count in table.counts)
    wrong = " OR ".join(f"SUM({_name(count)}) <> 0" for count in table.counts)
    less = ", ".join(f"-{_name(count)}" for count in table.counts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{start}, should AS ({select}) "
            f"SELECT {keys}, {sums} FROM ("
            f"SELECT {keys}, {_names(table.counts)} FROM {there} "
            f"UNION ALL SELECT {keys}, {less} FROM should) AS both_sides "
            f"GROUP BY {keys} HAVING {wrong} ORDER BY {keys} LIMIT %s",
            [*parameters, *(only or ()), limit],
        )
        return list(cursor.fetchall())


def all_places() -> list[tuple[str, str]]:
    """Return every (dimension, key) that has counters or should have some."""
    places, parameters = _places()
    there = " UNION ".join(f"SELECT dimension, key FROM {table.name}" for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {places} SELECT dimension, key FROM place UNION {there} ORDER BY 1, 2",
            parameters,
        )
        return [(str(dimension), str(key)) for dimension, key in cursor.fetchall()]


def lock_counters() -> None:
    """Keep the counters from changing until the transaction ends; readers are not held up.

    SQLite needs nothing: its transactions hold the one write lock from their beginning.
    """
    if connection.vendor != "postgresql":
        return
    names = ", ".join(table.name for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def settle_facts() -> int:
    """Set on every row of facts how often the ledger says it is counted; return how many erred."""
    facts, said = _table(AuditFacts), _said_by_the_ledger(_table(AuditFacts))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {facts} SET counted = {said} WHERE counted <> {said}")
        return int(cursor.rowcount)


def unsettled(limit: int) -> list[tuple[str, int, int]]:
    """Return (audit's number, revision, excess) of facts whose count the ledger contradicts."""
    said = _said_by_the_ledger("facts")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT audit.number, facts.revision, facts.counted - {said} "
            f"FROM {_table(AuditFacts)} AS facts "
            f"JOIN {_table(Audit)} AS audit ON audit.id = facts.audit_id "
            f"WHERE facts.counted <> {said} ORDER BY 1, 2 LIMIT %s",
            [limit],
        )
        return list(cursor.fetchall())


def _said_by_the_ledger(facts: str) -> str:
    return (
        f"COALESCE((SELECT SUM(entry.sign) FROM {_table(FigureEntry)} AS entry "
        f"WHERE entry.audit_id = {facts}.audit_id AND entry.revision = {facts}.revision "
        "AND entry.applied_at IS NOT NULL), 0)"
    )


def _insert(table: Table, start: str, select: str, parameters: list[Any]) -> None:
    places = ", ".join(str(place + 1) for place in range(len(table.keys)))
    adds = ", ".join(
        f"{_name(count)} = {table.name}.{_name(count)} + excluded.{_name(count)}"
        for count in table.counts
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{start} INSERT INTO {table.name} ({_names((*table.keys, *table.counts))}) "
            f"{select} ORDER BY {places} "
            f"ON CONFLICT ({_names(table.keys)}) DO UPDATE SET {adds}",
            parameters,
        )


def _expected(table: Table, only: tuple[str, str] | None = None) -> tuple[str, str, list[Any]]:
    """Return WITH, SELECT and parameters of what a table should hold, or one place of it."""
    places, parameters = _places(only)
    if table is JUDGEMENTS:
        # Of one place only its own answers are taken apart, not all of the scheme.
        answers_of = " AND facts.id IN (SELECT facts FROM place)" if only else ""
        return *_expected_judgements(places, answers_of), [*parameters]
    if table is GRADE_COUNTS:
        counts = ", ".join(
            f"SUM(CASE WHEN facts.grade = '{grade.value}' THEN facts.counted ELSE 0 END) AS {column}"
            for grade, column in GRADES.items()
        )
        counted = (
            f"SELECT place.dimension, place.key, facts.standard_id, {counts} FROM place "
            f"JOIN {_table(AuditFacts)} AS facts ON facts.id = place.facts GROUP BY 1, 2, 3"
        )
        return f"WITH {places}, counted AS ({counted})", "SELECT * FROM counted", parameters
    steps = " UNION ALL ".join(
        f"SELECT id, standard_id, counted, '{step.value}' AS step, days_{step.value} AS days "
        f"FROM {_table(AuditFacts)} WHERE days_{step.value} IS NOT NULL AND counted <> 0"
        for step in Step
    )
    counted = (
        "SELECT place.dimension, place.key, way.standard_id, way.step, way.days, "
        "SUM(way.counted) AS audits FROM place JOIN way ON way.id = place.facts "
        "GROUP BY 1, 2, 3, 4, 5"
    )
    start = f"WITH {places}, way AS ({steps}), counted AS ({counted})"
    return start, "SELECT * FROM counted", parameters


def _expected_judgements(places: str, answers_of: str) -> tuple[str, str]:
    """Count the answers that were frozen with each result; first by value, then into columns."""
    if connection.vendor == "postgresql":
        answers = (
            "CROSS JOIN LATERAL jsonb_array_elements(result.inputs -> 'outcomes') AS answer(value)"
        )
    else:
        answers = "CROSS JOIN json_each(result.inputs, '$.outcomes') AS answer"
    answered = (
        "SELECT facts.id AS facts, facts.standard_id, facts.counted, answer.value ->> 0 AS code, "
        "answer.value ->> 1 AS judgement, answer.value ->> 2 AS severity "
        f"FROM {_table(AuditFacts)} AS facts "
        f"JOIN {_table(Result)} AS result ON result.id = facts.result_id {answers} "
        f"WHERE facts.counted <> 0{answers_of}"
    )
    grouped = (
        "SELECT place.dimension, place.key, answered.standard_id, answered.code, "
        "answered.judgement, answered.severity, SUM(answered.counted) AS n "
        "FROM place JOIN answered ON answered.facts = place.facts GROUP BY 1, 2, 3, 4, 5, 6"
    )
    columns = [
        f"SUM(CASE WHEN grouped.judgement = '{judgement.value}' THEN grouped.n ELSE 0 END) "
        f"AS {judgement.value}"
        for judgement in Judgement
    ] + [
        f"SUM(CASE WHEN grouped.judgement = '{Judgement.NONCONFORMING.value}' "
        f"AND grouped.severity = '{severity.value}' THEN grouped.n ELSE 0 END) AS {severity.value}"
        for severity in Severity
    ]
    counted = (
        "SELECT grouped.dimension, grouped.key, grouped.standard_id, requirement.id AS requirement_id, "
        f"{', '.join(columns)} FROM grouped JOIN {_table(Requirement)} AS requirement "
        "ON requirement.standard_id = grouped.standard_id AND requirement.code = grouped.code "
        "GROUP BY 1, 2, 3, 4"
    )
    start = (
        f"WITH {places}, answered AS ({answered}), grouped AS ({grouped}), counted AS ({counted})"
    )
    return start, f"SELECT {_names((*JUDGEMENTS.keys, *JUDGEMENTS.counts))} FROM counted"


def _places(only: tuple[str, str] | None = None) -> tuple[str, list[Any]]:
    """Return the common table `place` (facts, dimension, key) of every counted row of facts.

    With `only` it holds those in one place (dimension, key).
    """
    facts = _table(AuditFacts)
    hexed = "REPLACE(CAST({} AS varchar(36)), '-', '')"
    keys = {
        Dimension.TOTAL: "''",
        Dimension.MONTH: "month",
        Dimension.PREFECTURE: "CAST(prefecture AS varchar(2))",
        Dimension.SIZE: "size",
        Dimension.KIND: "kind",
        Dimension.SECRETARIAT: hexed.format("secretariat_id"),
        Dimension.BODY: hexed.format("body_id"),
    }
    parts = [
        f"SELECT id, '{dimension.value}', {key} FROM {facts} WHERE counted <> 0 AND {key} IS NOT NULL"
        for dimension, key in keys.items()
    ]
    parts += [
        f"SELECT id, '{Dimension.PROCESS.value}', %s FROM {facts} "
        "WHERE counted <> 0 AND processes LIKE %s"
        for _process in Process
    ]
    parameters = [value for process in Process for value in (process.value, f"%|{process.value}|%")]
    columns, union = "(facts, dimension, key)", " UNION ALL ".join(parts)
    if only is None:
        return f"place {columns} AS ({union})", parameters
    chosen = "SELECT * FROM anywhere WHERE dimension = %s AND key = %s"
    return f"anywhere {columns} AS ({union}), place {columns} AS ({chosen})", [*parameters, *only]


def _rows(count: int, width: int) -> str:
    row = f"({', '.join(['%s'] * width)})"
    return ", ".join([row] * count)


def _names(columns: Iterable[str], table: str = "") -> str:
    prefix = f"{table}." if table else ""
    return ", ".join(f"{prefix}{_name(column)}" for column in columns)


def _name(column: str) -> str:
    return connection.ops.quote_name(column)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _stored(value: Any) -> Any:
    """Return a value as the database's driver takes it: SQLite keeps keys as 32 digits."""
    if hasattr(value, "hex") and not isinstance(value, (int, float)):
        return Figure._meta.get_field("requirement").get_db_prep_value(value, connection)
    return value
