"""Migrations that make a table append-only: the database itself refuses to change or delete rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations import RunPython

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str, sentence: str) -> RunPython:
    """Return the operation that refuses UPDATE and DELETE on `table` with `sentence` as the error.

    SQLite takes one trigger per verb, PostgreSQL one trigger and its function.
    """
    name = table.partition("_")[2]
    sqlite = [
        f"CREATE TRIGGER {name}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        for verb in ("update", "delete")
    ]
    postgresql = [
        f"""
        CREATE FUNCTION {name}_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{sentence}'; END $$
        """,
        f"""
        CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}_append_only()
        """,
    ]
    drop = {
        "sqlite": [f"DROP TRIGGER {name}_no_{verb}" for verb in ("update", "delete")],
        "postgresql": [
            f"DROP TRIGGER {name}_no_change ON {table}",
            f"DROP FUNCTION {name}_append_only()",
        ],
    }
    create = {"sqlite": sqlite, "postgresql": postgresql}

    def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in create[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in drop[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return RunPython(forwards, backwards)
