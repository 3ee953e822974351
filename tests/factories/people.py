"""People and organisations."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from accounts.models import Designation, Membership, Organisation, User
from accounts.terms import Kind, Role
from tests.factories.memory import memory

# Numbers that make names, addresses and registrations different.
numbers = itertools.count(1)


@memory.remembered
def make_user(
    organisation: Organisation | None = None, role: Role = Role.READER, **fields: Any
) -> User:
    number = next(numbers)
    fields.setdefault("name", f"利用者 {number}")
    user = User.objects.create_user(f"user{number}@example.org", "password", **fields)
    if organisation is not None:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@memory.remembered
def make_organisation(kind: Kind = Kind.SECRETARIAT, **fields: Any) -> Organisation:
    number = next(numbers)
    if kind == Kind.AUDIT_BODY and "parent" not in fields:
        fields["parent"] = make_organisation(Kind.SECRETARIAT)
    fields.setdefault("name_ja", f"組織 {number}")
    fields.setdefault("name_en", f"Organisation {number}")
    organisation = Organisation.objects.create(kind=kind, **fields)
    if kind in (Kind.SECRETARIAT, Kind.AUDIT_BODY):
        Designation.objects.create(organisation=organisation, starts_on=date(2025, 4, 1))
    return organisation
