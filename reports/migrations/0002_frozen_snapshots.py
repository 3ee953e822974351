"""A snapshot is what was issued: the database itself refuses to change or delete one."""

from __future__ import annotations

from django.db import migrations

SQLITE = [
    f"""
    CREATE TRIGGER snapshot_no_{verb} BEFORE {verb} ON reports_snapshot
    BEGIN SELECT RAISE(ABORT, 'a snapshot is frozen'); END
    """
    for verb in ("update", "delete")
]
POSTGRESQL = [
    """
    CREATE FUNCTION snapshot_frozen() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a snapshot is frozen'; END $$
    """,
    """
    CREATE TRIGGER snapshot_no_change BEFORE UPDATE OR DELETE ON reports_snapshot
    FOR EACH ROW EXECUTE FUNCTION snapshot_frozen()
    """,
]
DROP = {
    "sqlite": [f"DROP TRIGGER snapshot_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        "DROP TRIGGER snapshot_no_change ON reports_snapshot",
        "DROP FUNCTION snapshot_frozen()",
    ],
}


def protect(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def unprotect(apps, schema_editor):
    """Drop them again."""
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunPython(protect, unprotect)]
