"""The record: append-only in Python and in the database, and a broken chain is named."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audits.models import Audit, AuditEvent
from audits.services.records import verify_records
from audits.terms import Status
from tests.factories import audit_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audits_auditevent SET comment = 'x'",
        "DELETE FROM audits_auditevent",
    ],
)
def test_database_refuses_to_change_the_record(statement: str) -> None:
    audit_at(Status.SUBMITTED)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_queryset_refuses_to_change_the_record() -> None:
    audit_at(Status.SUBMITTED)

    with pytest.raises(PermissionDenied):
        AuditEvent.objects.update(comment="x")
    with pytest.raises(PermissionDenied):
        AuditEvent.objects.all().delete()


def _tamper(statement: str) -> None:
    """Change the record as somebody with the database's own password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'auditevent_no_%'")
            triggers = [row[0] for row in cursor.fetchall()]
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER auditevent_no_{verb}")
            cursor.execute(statement)
            for sql in triggers:
                cursor.execute(sql)
        else:
            # A table with deferred checks still to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audits_auditevent DISABLE TRIGGER auditevent_no_change")
            cursor.execute(statement)
            cursor.execute("ALTER TABLE audits_auditevent ENABLE TRIGGER auditevent_no_change")


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE audits_auditevent SET comment = 'x' WHERE sequence = 2", 2),
        ("UPDATE audits_auditevent SET act = 'void' WHERE sequence = 1", 1),
        ("DELETE FROM audits_auditevent WHERE sequence = 2", 2),
        ("DELETE FROM audits_auditevent WHERE sequence = 3", 2),
    ],
)
def test_verify_names_audit_and_sequence_number(statement: str, sequence: int) -> None:
    audit = audit_at(Status.ACCEPTED)
    assert AuditEvent.objects.filter(audit=audit).count() == 3

    _tamper(statement)

    checked, broken = verify_records()
    assert checked == 1
    assert [(row.number, row.sequence) for row in broken] == [(audit.number, sequence)]


def test_command_ends_with_an_error_when_broken() -> None:
    audit = audit_at(Status.SUBMITTED)
    call_command("verify_records", stdout=StringIO())
    _tamper("UPDATE audits_auditevent SET comment = 'x' WHERE sequence = 1")

    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_records", audit.number, stderr=errors)

    assert f"{audit.number} #1" in errors.getvalue()


def test_command_refuses_an_unknown_number() -> None:
    with pytest.raises(CommandError, match="no audit"):
        call_command("verify_records", "JASTI-1999-0001")


def test_state_changed_behind_the_record_is_found() -> None:
    audit = audit_at(Status.SUBMITTED)
    Audit.objects.filter(pk=audit.pk).update(status=Status.ISSUED)

    _checked, broken = verify_records(audit.number)

    assert [row.number for row in broken] == [audit.number]
