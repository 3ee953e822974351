"""The rules that hold for every address: parameters, ETags, limits, problems."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from suppliers.models import Site

if TYPE_CHECKING:
    from tests.api.conftest import Api, Shared

ALL = ("sites/", "results/", "corrective-actions/", "requirements/")


def problem_of(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == f"urn:orime:problem:{body['code']}"
    assert body["title"]
    return body


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("colour=red", "colour", "unknown"),
        ("limit=1&limit=2", "limit", "repeated"),
        ("limit=0", "limit", "min_value"),
        ("limit=1001", "limit", "max_value"),
        ("limit=many", "limit", "invalid"),
        ("limit=", "limit", "invalid"),
        ("cursor=abc", "cursor", "invalid"),
        ("cursor=", "cursor", "blank"),
        ("fields=id,working_note", "fields", "unknown_field"),
        ("format=json", "format", "unknown"),
    ],
)
def test_wrong_parameter(path: str, query: str, parameter: str, code: str, brand: Api) -> None:
    body = problem_of(brand.get(f"{path}?{query}"), 400)

    assert body["code"] == "invalid_request"
    (error,) = body["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert error["detail"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("sites/", "prefecture=48"),
        ("sites/", "process=baking"),
        ("sites/", "updated_since=yesterday"),
        ("sites/", "grade=A"),
        ("results/", "grade=C"),
        ("results/", "status=fine"),
        ("results/", "site=1"),
        ("requirements/", "severity=huge"),
        ("requirements/", "updated_since=2026-01-01T00:00:00Z"),
    ],
)
def test_wrong_value(path: str, query: str, brand: Api) -> None:
    problem_of(brand.get(f"{path}?{query}"), 400)


def test_one_thing_takes_only_fields(brand: Api, shared: Shared) -> None:
    path = f"sites/{shared.audit.site_id}/"

    problem_of(brand.get(f"{path}?limit=1"), 400)
    assert set(brand.json(f"{path}?fields=name_ja,level")) == {"id", "name_ja", "level"}


def test_fields_of_a_list(brand: Api, shared: Shared) -> None:
    assert set(brand.rows("results/?fields=grade")[0]) == {"id", "grade"}


@pytest.mark.parametrize("address", ["", "nothing/", "sites/1/", "audits/", "v2/sites/"])
def test_unknown_address(address: str, brand: Api, nobody: Api) -> None:
    assert problem_of(brand.get(address), 404)["code"] == "not_found"
    assert problem_of(nobody.get(address), 404)["code"] == "not_found"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_only_reading(method: str, brand: Api) -> None:
    send = getattr(Client(), method)
    answer = send("/api/v1/sites/", headers={"authorization": f"Token {brand.token}"})

    assert problem_of(answer, 405)["code"] == "method_not_allowed"
    assert answer["Allow"] == "GET, HEAD"


def test_format_that_is_not_offered(brand: Api) -> None:
    assert problem_of(brand.get("sites/", accept="text/html"), 406)["code"] == "not_acceptable"


def test_unforeseen_error_is_a_problem_document(
    brand: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(Site.objects.all()), "visible_to", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/sites/", headers={"authorization": f"Token {brand.token}"})

    assert problem_of(answer, 500)["code"] == "server_error"
    assert b"secret" not in answer.content


def test_words_follow_the_language(brand: Api) -> None:
    japanese = problem_of(brand.get("sites/?a=1"), 400)
    english = problem_of(brand.get("sites/?a=1", **{"accept-language": "en"}), 400)

    assert english["title"] == "A parameter is wrong"
    assert japanese["title"] == "パラメーターに誤りがあります"
    assert japanese["code"] == english["code"]


@pytest.mark.parametrize("path", ALL)
def test_etag(path: str, brand: Api, shared: Shared) -> None:
    answer = brand.get(path)
    assert "private" in answer["Cache-Control"]
    assert "Authorization" in answer["Vary"]

    again = brand.get(path, **{"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == answer["ETag"]
    assert brand.get(path, **{"if-none-match": '"other"'}).status_code == 200


def test_etag_changes_with_the_content(brand: Api, shared: Shared) -> None:
    path = f"sites/{shared.audit.site_id}/"
    etag = brand.get(path)["ETag"]
    Site.objects.update(name_en="Another")

    assert brand.get(path, **{"if-none-match": etag}).status_code == 200


def test_etag_says_nothing_about_what_is_not_shared(
    brand: Api, stranger: Api, shared: Shared
) -> None:
    path = f"sites/{shared.audit.site_id}/"
    etag = brand.get(path)["ETag"]

    assert stranger.get(path, **{"if-none-match": etag}).status_code == 404
    assert stranger.get(path, **{"if-none-match": "*"}).status_code == 404


def test_compressed_on_request(brand: Api, shared: Shared) -> None:
    plain = brand.get("requirements/")
    small: Any = brand.get("requirements/", **{"accept-encoding": "gzip"})

    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 3
    # The weak form that compression gives still matches.
    assert brand.get("requirements/", **{"if-none-match": small["ETag"]}).status_code == 304


def test_too_many_requests(brand: Api, stranger: Api, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    with time_machine.travel(timezone.now().replace(second=10, microsecond=0), tick=False):
        first = brand.get("sites/")
        assert first["RateLimit-Policy"] == '"client";q=2;w=60'
        assert first["RateLimit"] == '"client";r=1;t=50'
        assert brand.get("sites/?colour=red")["RateLimit"] == '"client";r=0;t=50'

        refused = brand.get("sites/")
        assert problem_of(refused, 429)["code"] == "throttled"
        assert refused["Retry-After"] == "50"
        assert refused["RateLimit"] == '"client";r=0;t=50'
        assert stranger.get("sites/").status_code == 200

    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert brand.get("sites/").status_code == 200


def test_counter_that_is_down_does_not_stop_reading(brand: Api, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",  # the discard port: nobody answers
        }
    }

    answer = brand.get("sites/")

    assert answer.status_code == 200
    assert "RateLimit" not in answer
