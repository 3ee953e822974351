"""The bar: menus of nouns for the desks, and nothing in it that its reader may not open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

from accounts.terms import Kind, Role
from config.navigation import navigation
from tests.factories import make_organisation, make_standard, make_supplier, make_user
from ui.navigation import Group

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from ui.navigation import Item

pytestmark = pytest.mark.django_db

PEOPLE = [
    (Kind.SCHEME_OWNER, Role.ADMINISTRATOR),
    (Kind.SECRETARIAT, Role.COORDINATOR),
    (Kind.SECRETARIAT, Role.REVIEWER),
    (Kind.AUDIT_BODY, Role.COORDINATOR),
    (Kind.AUDIT_BODY, Role.ADMINISTRATOR),
    (Kind.SUPPLIER, Role.MANAGER),
    (Kind.BRAND, Role.READER),
]


def bar_of(user: User, path: str = "/") -> list[Item | Group]:
    request = RequestFactory().get(path)
    request.user = user
    entries: list[Item | Group] = navigation(request)["nav"]
    return entries


@pytest.mark.parametrize(("kind", "role"), PEOPLE)
def test_every_entry_can_be_opened_by_whom_it_is_shown_to(
    client: Client, kind: Kind, role: Role
) -> None:
    make_standard()
    organisation = make_organisation(kind)
    if kind == Kind.SUPPLIER:
        make_supplier(organisation=organisation)
    user = make_user(organisation, role)
    client.force_login(user)
    items = [
        item
        for entry in bar_of(user)
        for item in (entry.items if isinstance(entry, Group) else [entry])
    ]

    assert items
    # Who runs one organisation is led on to its people.
    answers = {item.url: client.get(item.url, follow=True).status_code for item in items}
    assert answers == {item.url: 200 for item in items}


def test_the_owner_has_a_bar_of_one_row() -> None:
    entries = bar_of(make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR))

    # Seven words of a noun fit beside the name and the menu of the reader at 1440 px.
    assert len(entries) <= 7
    assert sum(isinstance(entry, Group) for entry in entries) == 3


def test_a_page_below_an_entry_marks_the_noun_and_the_entry(client: Client) -> None:
    user = make_user(make_organisation(Kind.SECRETARIAT), Role.COORDINATOR)
    client.force_login(user)

    page = client.get("/console/alerts/").content.decode()

    (noun,) = (entry for entry in bar_of(user, "/console/alerts/") if entry.current)
    assert isinstance(noun, Group)
    assert f'<summary aria-current="true">{noun.label}</summary>' in page
    assert '<a href="/console/alerts/" aria-current="page">' in page
