"""A character that PostgreSQL cannot keep is refused before any page looks for it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import Scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Client:
    client = Client()
    client.force_login(Scheme().owner)
    return client


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/console/audits/%00/", 404),
        ("/console/audits/%00/team/", 404),
        ("/console/standard/versions/%00/workbook/", 404),
        ("/verify/%00/", 404),
        ("/console/engagements/?q=%00", 400),
        ("/console/engagements/?q=a%00b&page=1", 400),
        ("/console/standard/?version=%00", 400),
        ("/console/engagements/?%00=1", 400),
        ("/console/engagements/?q=%2500", 200),
    ],
)
def test_nul_in_an_address_is_answered_with_a_sentence(
    owner: Client, address: str, status: int
) -> None:
    answer = owner.get(address)

    assert answer.status_code == status
    sentence = {404: "このページは", 400: "リクエストを"}.get(status, "")
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "status"), [("/api/v1/standards/%00/", 404), ("/api/v1/sites/?cursor=%00", 400)]
)
def test_nul_in_an_address_of_the_export_is_a_problem_document(address: str, status: int) -> None:
    answer = Client().get(address)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_nul_in_a_cookie_signs_nobody_in() -> None:
    # A browser may quote a value, and write any character in it as an octal number.
    answer = Client().get("/console/", headers={"cookie": r'sessionid="\000aaaaaaaaa"'})

    assert answer.status_code == 400
