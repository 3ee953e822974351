"""The contract: complete, without warnings, never broken; and the quick start really runs."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator

from accounts.services.service_accounts import issue_token
from audits.terms import Status
from tests.factories import Scheme, audit_at, make_grant

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "docs" / "openapi-v1.json"
GUIDE = ROOT / "docs" / "api.md"
RENEW = (
    "manage.py spectacular --lang en --format openapi-json --file docs/openapi-v1.json writes it"
)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    with override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    document: dict[str, Any] = json.loads(json.dumps(made))
    return document


def operations(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_document_is_valid_and_without_warnings(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema"))


def test_every_operation_is_described(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    found = operations(schema)
    assert len(found) == 10
    names = [operation["operationId"] for operation in found.values()]
    assert len(set(names)) == len(names)
    for name, operation in found.items():
        assert operation["summary"], name
        assert operation["tags"], name
        assert operation["security"] == [{"serviceToken": []}], name
        assert {"200", "304", "400", "401", "403", "406", "429"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            if status == "304" or "application/pdf" in response["content"]:
                continue
            (content,) = response["content"].values()
            assert content["examples"], (name, status)


def test_examples_have_the_fields_of_the_schema(schema: dict[str, Any]) -> None:
    """A field that is added must be added to the example too."""
    for name, operation in operations(schema).items():
        content = operation["responses"]["200"]["content"].get("application/json")
        if content is None or "$ref" not in content["schema"]:
            continue
        (example,) = content["examples"].values()
        value, expected = example["value"], resolve(schema, content["schema"])
        if "results" in expected["properties"]:
            value = value["results"][0]
            expected = resolve(schema, expected["properties"]["results"]["items"])
        assert set(value) == set(expected["properties"]), name


def resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part


def test_document_and_page_are_for_everybody(db: None) -> None:
    client = Client()
    document = client.get("/api/v1/schema/", headers={"accept": "application/json"})
    page = client.get("/api/v1/docs/")

    assert document.json()["info"]["title"] == "Orime export API"
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "http" not in re.sub(r'lang="[^"]*"', "", text)
    script = client.get("/api/v1/docs/?script=")
    assert script["Content-Type"] == "application/javascript"


def breaks(old: Any, new: Any, where: str = "") -> list[str]:
    """What a client of the old document could stumble over with the new one.

    Named things may be added, never removed; types stay; nothing that is sent becomes optional,
    nothing that is asked becomes required. Words and examples do not matter.
    """
    if isinstance(old, dict):
        if not isinstance(new, dict):
            return [f"{where}: {old!r} became {new!r}"]
        found = []
        for key, value in old.items():
            if key in {"description", "summary", "title", "examples", "tags", "info", "readOnly"}:
                continue
            if key not in new:
                found.append(f"{where}/{key} is gone")
            elif key == "parameters":
                found += parameters_break(value, new[key], where)
            elif key in {"required", "enum"} and isinstance(value, list):
                gone = [each for each in value if each not in new[key]]
                found += [f"{where}/{key}: {each!r} is gone" for each in gone]
            else:
                found += breaks(value, new[key], f"{where}/{key}")
        return found
    return [] if old == new else [f"{where}: {old!r} became {new!r}"]


def parameters_break(old: list[Any], new: list[Any], where: str) -> list[str]:
    after = {(each["in"], each["name"]): each for each in new}
    before = {(each["in"], each["name"]): each for each in old}
    found = []
    for key, value in before.items():
        if key not in after:
            found.append(f"{where}: parameter {key[1]} is gone")
        else:
            found += breaks(value, after[key], f"{where}/{key[1]}")
            if after[key].get("required") and not value.get("required"):
                found.append(f"{where}: parameter {key[1]} became required")
    return found + [
        f"{where}: new parameter {key[1]} is required"
        for key, value in after.items()
        if key not in before and value.get("required")
    ]


def test_released_contract_still_holds(schema: dict[str, Any]) -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))

    assert breaks(released, schema) == []


def test_released_contract_lists_everything(schema: dict[str, Any]) -> None:
    """What is new becomes part of the promise in the same change."""
    released = json.loads(RELEASED.read_text(encoding="utf-8"))

    assert breaks(schema, released) == [], RENEW


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["paths"].pop("/api/v1/sites/"),
        lambda s: s["components"]["schemas"]["ResultRow"]["properties"].pop("grade"),
        lambda s: s["components"]["schemas"]["ResultRow"]["properties"]["grade"].update(
            {"$ref": "#/components/schemas/LevelEnum"}
        ),
        lambda s: s["components"]["schemas"]["GradeEnum"]["enum"].remove("A"),
        lambda s: s["components"]["schemas"]["Problem"]["required"].remove("code"),
        lambda s: s["paths"]["/api/v1/sites/"]["get"]["parameters"].pop(0),
        lambda s: s["paths"]["/api/v1/sites/"]["get"]["parameters"][0].update(required=True),
        lambda s: s["paths"]["/api/v1/sites/"]["get"]["parameters"].append(
            {"in": "query", "name": "reason", "required": True, "schema": {"type": "string"}}
        ),
        lambda s: (
            s["paths"]["/api/v1/sites/"]["get"]["responses"].pop("404", None)
            or s["paths"]["/api/v1/sites/"]["get"]["responses"].pop("429")
        ),
    ],
)
def test_breaking_change_would_be_noticed(change: Any, schema: dict[str, Any]) -> None:
    changed = copy.deepcopy(schema)
    change(changed)

    assert breaks(schema, changed)


def test_growing_is_no_breaking_change(schema: dict[str, Any]) -> None:
    changed = copy.deepcopy(schema)
    changed["paths"]["/api/v1/more/"] = {}
    changed["components"]["schemas"]["ResultRow"]["properties"]["more"] = {"type": "string"}
    changed["paths"]["/api/v1/sites/"]["get"]["parameters"].append(
        {"in": "query", "name": "more", "schema": {"type": "string"}}
    )

    assert breaks(schema, changed) == []


def test_guide_names_every_address(schema: dict[str, Any]) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    missing = [
        path for path in schema["paths"] if f"`{path.removeprefix('/api/v1/')}`" not in guide
    ]

    assert missing == []


@pytest.mark.parametrize("language", ["sh", "python"])
def test_quick_start_runs(language: str, live_server: LiveServer) -> None:
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    make_grant(scheme.site, scheme.brand)
    (code,) = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.splitlines()) <= 11
    program = [sys.executable, "-c", code] if language == "python" else ["bash", "-euc", code]

    done = subprocess.run(
        program,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONIOENCODING": "utf-8",
            "ORIME_URL": live_server.url,
            "ORIME_TOKEN": issue_token(actor=None, brand=scheme.brand),
            "NO_PROXY": "*",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert audit.number in done.stdout
