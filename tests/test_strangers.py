"""Nobody of one supplier reaches anything of another: every link is followed, every id is tried."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver, reverse

from tests.permissions.table import ROLES, TABLE
from tests.permissions.world import World
from tests.test_permissions import ours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

pytestmark = pytest.mark.django_db

# Rooms whose rows belong to somebody. What the institutions are is no secret in the scheme.
OWNED = ("suppliers", "audits", "reports")
LINK = re.compile(r'(?:href|src|action|hx-get)="([^"]+)"')
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SKIPPED = re.compile(r"^/(static|account|i18n|verify)/")
# What an address is about: an id, the number of an audit, the key of a document, a number.
ABOUT = re.compile(r"(?<=/)(?:[0-9a-f-]{36}|JASTI-\d{4}-\d{4}|[0-9a-f]{10}|\d+)(?=/)")
OF_A_SHAPE = 3
REFUSED = {403, 404, 405}
STRANGER = ROLES.index("stranger")


def owned() -> Iterator[type[Model]]:
    return (model for app in OWNED for model in apps.get_app_config(app).get_models())


def keys() -> dict[type[Model], set[Any]]:
    return {model: set(model._default_manager.values_list("pk", flat=True)) for model in owned()}


def content(response: Any) -> str:
    """Return what a person can read in an answer: a page, a stream, or every sheet of a workbook."""
    body = response.getvalue()  # read to its end, which closes a file
    if body.startswith(b"PK"):
        with ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return str(body, "utf-8", "replace")


class Strange:
    """One world next to another, and what in it is nobody else's business."""

    def __init__(self) -> None:
        self.own = World()
        before = keys()
        self.world = World()
        self.rows = {model: sorted(now - before[model], key=str) for model, now in keys().items()}
        # Of a standard there is one, and of the scheme's settings too: both worlds share them.
        self.rows = {model: pks for model, pks in self.rows.items() if pks}
        scheme = self.world.scheme
        self.signs = {str(pk) for pks in self.rows.values() for pk in pks if UUID.match(str(pk))}
        self.signs |= {audit.number for audit in self.world.audits.values()}
        self.signs.add(scheme.supplier.name_ja)

    def found_in(self, text: str) -> set[str]:
        return {sign for sign in self.signs if sign in text}

    def picture(self) -> dict[str, list[tuple[Any, ...]]]:
        return {
            model._meta.label: sorted(
                model._default_manager.filter(pk__in=pks).values_list(), key=repr
            )
            for model, pks in self.rows.items()
        }


@pytest.fixture
def strange() -> Iterator[Strange]:
    made = Strange()
    # Thousands of refusals, each of which would be logged with where it came from.
    logging.disable(logging.CRITICAL)
    yield made
    logging.disable(logging.NOTSET)


@pytest.fixture
def manager(strange: Strange) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(strange.own.scheme.manager)
    return client


def shape(address: str) -> tuple[str, ...]:
    """Return what two addresses of the same page share, whatever it is about."""
    parts = urlsplit(address)
    names = sorted(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))
    formats = re.findall(r"format=(\w+)", parts.query)
    return (ABOUT.sub("·", parts.path), *names, *formats)


def follow(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """Yield (address, what stands there) for pages and files that links lead to, a few of a shape."""
    waiting, seen, shapes = [start], {start}, Counter[tuple[str, ...]]()
    while waiting:
        address = waiting.pop()
        response = client.get(address, follow=True)
        text = content(response)
        yield address, text
        for link in LINK.findall(text):
            target = urldefrag(urljoin(address, unescape(link)))[0]
            path = urlsplit(target).path
            if urlsplit(target).netloc or SKIPPED.match(path) or target in seen:
                continue
            seen.add(target)
            if shapes[shape(target)] < OF_A_SHAPE:
                shapes[shape(target)] += 1
                waiting.append(target)


def test_no_link_leads_to_anything_of_another_supplier(strange: Strange, manager: Client) -> None:
    visited = dict(follow(manager, reverse("portal:sites")))
    leaks = {
        address: found for address, text in visited.items() if (found := strange.found_in(text))
    }

    assert leaks == {}
    # It went far: into own audits, and into lists as files.
    assert any("format=xlsx" in address for address in visited)
    assert any(address.startswith("/portal/our-audits/JASTI") for address in visited)
    assert len({shape(address) for address in visited}) > 50


def test_no_address_of_another_supplier_answers(strange: Strange, manager: Client) -> None:
    before = strange.picture()
    wrong = []
    for name, (kind, answers) in TABLE.items():
        if kind in ("", "unknown", "code", "token", "standard", "standard_act"):
            continue
        address = reverse(name, kwargs=strange.world.arguments(kind))
        expected = answers.split()[STRANGER]
        answered = manager.get(address)
        # What was asked for stands on the page again, in the switch of the language.
        told = strange.found_in(content(answered)) - strange.found_in(address)
        if str(answered.status_code) != expected or told:
            wrong.append(f"GET {name}: {answered.status_code}")
        for method in (manager.post, manager.put, manager.delete):
            answered = method(address)
            if answered.status_code not in {*REFUSED, 401}:
                wrong.append(f"{method.__name__} {name}: {answered.status_code}")

    assert wrong == []
    assert strange.picture() == before


def test_no_id_of_another_supplier_opens_anything(strange: Strange, manager: Client) -> None:
    ids = {str(pk) for pks in strange.rows.values() for pk in pks[:1]}
    ids.add(str(strange.world.scheme.supplier.organisation_id))
    wrong = []
    for name, pattern in ours(get_resolver()):
        (kind, _answers) = TABLE[name]
        if "pk>" not in pattern or kind == "unknown":
            continue
        given = strange.own.arguments(kind)
        for pk in ids:
            if UUID.match(pk) and "uuid:pk" in pattern:
                address = reverse(name, kwargs={**given, "pk": pk})
                answered = manager.get(address)
                if answered.status_code == 405:
                    answered = manager.post(address)
                if answered.status_code not in {401, 403, 404}:
                    wrong.append(f"{address}: {answered.status_code}")

    assert wrong == []


def test_the_other_supplier_itself_reaches_all_of_it(strange: Strange) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(strange.world.scheme.manager)
    text = content(client.get(reverse("portal:our_audits"), {"sort": "old"}))

    assert {audit.number for audit in strange.world.audits.values()} <= strange.found_in(text)
