"""The record of an audit is append-only: the database itself refuses to change or delete entries."""

from __future__ import annotations

from django.db import migrations

SQLITE = [
    f"""
    CREATE TRIGGER auditevent_no_{verb} BEFORE {verb} ON audits_auditevent
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """
    for verb in ("update", "delete")
]
POSTGRESQL = [
    """
    CREATE FUNCTION auditevent_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$
    """,
    """
    CREATE TRIGGER auditevent_no_change BEFORE UPDATE OR DELETE ON audits_auditevent
    FOR EACH ROW EXECUTE FUNCTION auditevent_append_only()
    """,
]
DROP = {
    "sqlite": [f"DROP TRIGGER auditevent_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        "DROP TRIGGER auditevent_no_change ON audits_auditevent",
        "DROP FUNCTION auditevent_append_only()",
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
    dependencies = [("audits", "0001_initial")]

    operations = [migrations.RunPython(protect, unprotect)]
