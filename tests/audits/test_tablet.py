"""The tablet page, what it keeps for work without a network, and what makes it installable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from audits.models import Audit
from audits.portal.auditor.tablet import MODULES
from audits.services.evidence import add_evidence
from audits.services.fieldwork import save_finding
from audits.terms import EvidenceClass, Status
from tests.audits.desks import browser
from tests.factories import Scheme, audit_at, make_auditor, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(scheme: Scheme) -> Client:
    return browser(scheme.lead.user)


def data(client: Client, audit: Audit) -> dict[str, Any]:
    answer = client.get(reverse("portal:offline_data", args=[audit.number]))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    content: dict[str, Any] = answer.json()
    return content


def config(client: Client, page: str, audit: Audit) -> dict[str, Any]:
    text = client.get(reverse(f"portal:{page}", args=[audit.number])).content.decode()
    found = re.search(r'<script id="tablet-config" type="application/json">(.*?)</script>', text)
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


def test_everything_for_the_visit_goes_along(audit: Audit, client: Client, scheme: Scheme) -> None:
    finding = audit.findings.get(requirement__code="5-7")
    save_finding(
        actor=scheme.member.user,
        finding=finding,
        version=1,
        judgement="nonconforming",
        working_note="班だけ",
    )

    found = data(client, audit)

    assert found["number"] == audit.number
    assert found["person"] == str(scheme.lead.user.pk)
    assert found["writable"] is True
    assert len(found["requirements"]) == len(found["findings"]) == 84
    asked = next(row for row in found["requirements"] if row["code"] == "5-7")
    assert asked["text"] == finding.requirement.text_ja
    assert asked["guidance"] == finding.requirement.guidance_ja
    assert "5-7a" in [clause["code"] for clause in asked["clauses"]]
    stored = next(row for row in found["findings"] if row["code"] == "5-7")
    assert stored["version"] == 2
    assert stored["who"] == scheme.member.user.name
    assert stored["fields"]["working_note"] == "班だけ"
    # English for whoever reads English.
    client.cookies["django_language"] = "en"
    english = next(row for row in data(client, audit)["requirements"] if row["code"] == "5-7")
    assert english["text"] in (finding.requirement.text_en, finding.requirement.text_ja)


def test_sealed_evidence_stays_on_the_server(audit: Audit, client: Client, scheme: Scheme) -> None:
    finding = audit.findings.get(requirement__code="5-7")
    for caption, kind in (("通路", EvidenceClass.RESTRICTED), ("証言", EvidenceClass.SEALED)):
        add_evidence(
            actor=scheme.lead.user,
            audit=audit,
            finding=finding,
            file=picture(),
            name="a.jpg",
            caption=caption,
            evidence_class=kind,
        )

    asked = next(row for row in data(client, audit)["requirements"] if row["code"] == "5-7")

    assert asked["evidence"] == ["E-001 通路"]


def test_last_audit_goes_along(scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    again = audit_at(Status.FIELDWORK, scheme)

    rows = data(browser(scheme.lead.user), again)["requirements"]

    assert next(row["before"] for row in rows if row["code"] == "5-7")


def test_only_the_team_takes_an_audit_along(audit: Audit, scheme: Scheme) -> None:
    url = reverse("portal:offline_data", args=[audit.number])
    assert browser(scheme.manager).get(url).status_code == 403
    assert browser(scheme.reviewer).get(url).status_code == 403
    assert browser(make_auditor(scheme.body).user).get(url).status_code == 404


def test_data_takes_few_queries(
    audit: Audit, client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(20):
        data(client, audit)


def test_pages_name_what_the_scripts_need(audit: Audit, client: Client) -> None:
    page = reverse("portal:tablet", args=[audit.number])
    assert (
        reverse("portal:tablet", args=[audit.number])
        in client.get(reverse("portal:fieldwork", args=[audit.number])).content.decode()
    )
    for name in ("fieldwork", "tablet"):
        found = config(client, name, audit)
        assert found["urls"]["page"] == page
        assert set(found["modules"]) == set(MODULES)
    text = client.get(page).content.decode()
    assert " style=" not in text
    assert "<script>" not in text
    assert "onclick" not in text


def test_scripts_ask_for_no_word_that_the_page_does_not_bring(audit: Audit, client: Client) -> None:
    folder = Path(str(finders.find("audits/tablet/page.js"))).parent
    assert {path.stem for path in folder.glob("*.js")} == {
        *MODULES,
        "page",
        "ready",
        "unsent",
        "worker",
    }
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    asked = set(re.findall(r"\bwords\.(\w+)", scripts))
    # The fields of a finding are asked for by their names.
    asked |= set(re.findall(r'area\("(\w+)"', scripts))

    words = config(client, "tablet", audit)["words"]

    assert len(asked) > 30
    assert asked <= set(words)
    # No module imports another by a name that could mean two contents.
    assert not re.search(r"^import |from \"\.", scripts, re.MULTILINE)


def test_worker_may_answer_for_the_whole_portal() -> None:
    answer = Client().get(reverse("portal:service_worker"))

    assert answer["Service-Worker-Allowed"] == "/portal/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "audits/tablet/worker" in answer.content.decode()
    assert "'unsafe" not in answer["Content-Security-Policy"]


def test_portal_can_be_installed() -> None:
    answer = Client().get(reverse("portal:manifest"))

    assert answer["Content-Type"] == "application/manifest+json"
    assert answer.json()["scope"] == answer.json()["start_url"] == "/portal/"
    assert answer.json()["display"] == "standalone"
    assert answer.json()["icons"]
