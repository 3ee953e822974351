"""The record of an organisation: chained, append-only, verified by the command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import OrganisationEvent
from accounts.services.records import first_break, record, verify_organisations
from accounts.terms import Kind, Role
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_entries_follow_each_other() -> None:
    body = make_organisation(Kind.AUDIT_BODY)
    first = record(organisation=body, actor=None, act="designated", payload={"scope": "全国"})
    second = record(organisation=body, actor=make_user(), act="suspended", comment="研修未了")
    record(organisation=make_organisation(), actor=None, act="designated")

    assert (first.sequence, second.sequence) == (1, 2)
    assert second.previous_hash == first.hash
    assert verify_organisations() == (2, [])
    out = StringIO()
    call_command("verify_records", stdout=out)
    assert "2 records are unbroken" in out.getvalue()


def test_changed_entry_is_named() -> None:
    body = make_organisation(Kind.AUDIT_BODY)
    for act in ("a", "b", "c"):
        record(organisation=body, actor=None, act=act)
    entries = list(OrganisationEvent.objects.filter(organisation=body))
    entries[1].comment = "後から"

    broken = first_break("x", entries)
    missing = first_break("x", [entries[0], entries[2]])

    assert broken is not None
    assert (broken.sequence, broken.reason) == (2, "its content was changed")
    assert missing is not None
    assert missing.sequence == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_organisationevent SET comment = 'x'",
        "DELETE FROM accounts_organisationevent",
    ],
)
def test_database_refuses_to_change_it(statement: str) -> None:
    record(organisation=make_organisation(), actor=None, act="designated")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with pytest.raises(PermissionDenied):
        OrganisationEvent.objects.update(comment="x")
    with pytest.raises(PermissionDenied):
        OrganisationEvent.objects.all().delete()


def test_who_reads_the_record() -> None:
    secretariat = make_organisation(Kind.SECRETARIAT)
    body = make_organisation(Kind.AUDIT_BODY, parent=secretariat)
    record(organisation=body, actor=None, act="designated")
    readers = {
        "owner": make_user(make_organisation(Kind.SCHEME_OWNER), Role.READER),
        "secretariat": make_user(secretariat, Role.COORDINATOR),
        "body": make_user(body, Role.COORDINATOR),
        "auditor": make_user(body, Role.AUDITOR),
        "stranger": make_user(make_organisation(Kind.AUDIT_BODY), Role.COORDINATOR),
        "brand": make_user(make_organisation(Kind.BRAND), Role.READER),
    }

    seen = {
        name: OrganisationEvent.objects.visible_to(user).exists() for name, user in readers.items()
    }

    assert seen == {
        "owner": True,
        "secretariat": True,
        "body": True,
        "auditor": False,
        "stranger": False,
        "brand": False,
    }
