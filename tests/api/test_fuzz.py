"""Made-up requests over the whole contract, right and wrong ones, by three kinds of client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings as bounded, strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from audits.models import Result
from tests.api.conftest import make_report
from tests.api.test_documents import RELEASED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tests.api.conftest import Api, Shared

EXAMPLES = 8
OPERATIONS = sorted(
    operation["operationId"]
    for methods in json.loads(RELEASED.read_text(encoding="utf-8"))["paths"].values()
    for operation in methods.values()
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def contract(db: None) -> Iterator[Any]:
    """The document as the application serves it.

    The application must leave the connection of the test's transaction open, as it does for
    Django's own test client.
    """
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(
        "/api/v1/schema/", get_wsgi_application(), headers={"Accept": "application/json"}
    )
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("who", ["brand", "stranger", "nobody"])
def test_answers_keep_to_the_contract(
    who: str,
    contract: Any,
    shared: Shared,
    settings: Any,
    request: pytest.FixtureRequest,
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    settings.ALLOWED_HOSTS = ["*"]
    api: Api = request.getfixturevalue(who)
    report = make_report(shared.audit).pk
    known = {
        "sites_read": shared.audit.site_id,
        "results_read": Result.objects.get(audit=shared.audit).pk,
        "findings_read": shared.audit.pk,
        "reports_pdf": report,
        "reports_json": report,
    }
    # Its WSGI client does not unpack what is compressed.
    headers = {"Accept-Encoding": "identity"}
    if api.token:
        headers["Authorization"] = f"Token {api.token}"
    for operation in OPERATIONS:
        seen = statuses(contract.find_operation_by_id(operation), known.get(operation), headers)
        # A wrong request may also be one whose token was left out; one with a NUL in its address is
        # refused before anybody is asked for a token.
        assert seen <= {400, 401, 404} | (set() if who == "nobody" else {200, 304}), operation
        assert who == "nobody" or seen - {401}, operation


def statuses(described: Any, known: UUID | None, headers: dict[str, str]) -> set[int]:
    """Ask an operation many things, check every answer, and return the statuses that came."""
    seen: set[int] = set()

    @bounded(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(
            described.as_strategy(generation_mode=GenerationMode.POSITIVE),
            described.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        real=st.booleans(),
    )
    def ask(case: Any, real: bool) -> None:
        if real and known:
            case.path_parameters = {"id": str(known)}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS, headers=headers)
        seen.add(answer.status_code)

    ask()
    return seen
