"""Triggers that keep an activated standard as it is, whoever writes to the database.

SQLite drops the triggers of a table that a later migration rebuilds: such a migration has to
run `install` of a copy of this one again. `tests/standards/test_immutable.py` notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MESSAGE = "an activated standard cannot be changed"
FROZEN = (
    "id",
    "version",
    "title_ja",
    "title_en",
    "effective_on",
    "grading",
    "official",
    "content_hash",
    "activated_at",
    "previous_id",
    "proposed_by_id",
    "proposed_at",
    "activated_by_id",
)
DIRECT = "(SELECT status FROM standards_standard WHERE id = {row}.standard_id)"
OF_REQUIREMENT = (
    "(SELECT s.status FROM standards_standard s JOIN standards_requirement r"
    " ON r.standard_id = s.id WHERE r.id = {row}.requirement_id)"
)
# Table -> the status of the standard that the row `{row}` (OLD or NEW) belongs to.
STATUS_OF = {
    "standards_category": DIRECT,
    "standards_requirement": DIRECT,
    "standards_clause": OF_REQUIREMENT,
    "standards_requirementmapping": OF_REQUIREMENT,
}
# A status only moves forward.
RANK = (
    "(CASE {row}.status WHEN 'draft' THEN 0 WHEN 'active' THEN 1 WHEN 'sunset' THEN 2 ELSE 3 END)"
)


def guards(different: str) -> dict[tuple[str, str], str]:
    """Map (table, operation) to the condition under which it is refused; `different` is the null-safe ≠."""
    found: dict[tuple[str, str], str] = {}
    for table, status in STATUS_OF.items():
        old = f"{status.format(row='OLD')} <> 'draft'"
        new = f"{status.format(row='NEW')} <> 'draft'"
        found |= {
            (table, "INSERT"): new,
            (table, "UPDATE"): f"{old} OR {new}",
            (table, "DELETE"): old,
        }
    changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in FROZEN)
    backward = f"{RANK.format(row='NEW')} < {RANK.format(row='OLD')}"
    found["standards_standard", "UPDATE"] = f"OLD.status <> 'draft' AND ({backward} OR {changed})"
    found["standards_standard", "DELETE"] = "OLD.status <> 'draft'"
    return found


def create(vendor: str) -> list[str]:
    """The statements that create the triggers."""
    statements = []
    if vendor == "postgresql":
        for (table, operation), condition in guards("IS DISTINCT FROM").items():
            name = f"{table}_{operation.lower()}_refused"
            row = "OLD" if operation == "DELETE" else "NEW"
            # In the body and not in WHEN, where PostgreSQL does not allow a subquery.
            statements += [
                (
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
                    f" BEGIN IF {condition} THEN RAISE EXCEPTION '{MESSAGE}'"
                    f" USING ERRCODE = 'integrity_constraint_violation';"
                    f" END IF; RETURN {row}; END $$"
                ),
                f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ]
        return statements
    for (table, operation), condition in guards("IS NOT").items():
        statements.append(
            f"CREATE TRIGGER {table}_{operation.lower()}_refused BEFORE {operation} ON {table} FOR EACH ROW"
            f" WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    return statements


def drop(vendor: str) -> list[str]:
    """The statements that remove them again."""
    statements = []
    for table, operation in guards("="):
        name = f"{table}_{operation.lower()}_refused"
        if vendor == "postgresql":
            statements += [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"]
        else:
            statements.append(f"DROP TRIGGER {name}")
    return statements


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    for statement in create(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    for statement in drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Refuse changes to activated standards in the database itself."""

    dependencies = [("standards", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
