"""Who may open which address: one table, complete. An address missing from it fails the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import FileResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.permissions.table import NOT_OURS, ROLES, TABLE, UNKNOWN
from tests.permissions.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator


def ours(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name with namespace, pattern) of every address of the project."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, (space, entry.namespace)))
            yield from ours(entry, prefix + str(entry.pattern), inner)
        elif not prefix.startswith(NOT_OURS):
            yield ":".join(filter(None, (space, entry.name))), prefix + str(entry.pattern)


def test_every_address_is_in_the_table_once() -> None:
    names = [name for name, _pattern in ours(get_resolver())]

    assert sorted(names) == sorted(TABLE)
    assert all(len(answers.split()) == len(ROLES) for _kind, answers in TABLE.values())


@pytest.mark.django_db
@pytest.mark.long
def test_each_role_gets_the_expected_answer() -> None:
    world = World()
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in clients.items():
        if person := world.people[role]:
            client.force_login(person)
    wrong = []
    for name, (kind, answers) in TABLE.items():
        address = UNKNOWN if kind == "unknown" else reverse(name, kwargs=world.arguments(kind))
        for role, expected in zip(ROLES, answers.split(), strict=True):
            answer = clients[role].get(address)
            if isinstance(answer, FileResponse):
                answer.getvalue()  # read to its end, which closes the file
            if str(answer.status_code) != expected:
                wrong.append(f"{name} as {role}: {answer.status_code}, not {expected}")

    assert wrong == []
