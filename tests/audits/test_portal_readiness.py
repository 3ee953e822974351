"""The pages of the readiness guide: what they show, how they save, how large they are."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.terms import Role
from audits.models import SelfAnswer, SelfCheck
from audits.models.readiness import LONGEST_NOTE
from audits.services.readiness import Given, Readiness
from audits.services.self_checking import keep_answers
from audits.terms import Status
from tests.audits.desks import browser, client_of
from tests.factories import Scheme, audit_at, make_profile, make_supplier, make_user

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

LARGEST = 150_000


def address(scheme: Scheme, name: str = "readiness", *more: int) -> str:
    return reverse(f"portal:{name}", args=[scheme.site.pk, *more])


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def answer_all(scheme: Scheme, answer: SelfAnswer, note: str = "") -> None:
    codes = [line.code for line in Readiness(scheme.site, scheme.manager).lines]
    given = dict.fromkeys(codes, Given(answer, note))
    keep_answers(actor=scheme.manager, site=scheme.site, given=given)


def test_guide_says_what_is_asked_and_why(scheme: Scheme) -> None:
    make_profile(scheme.site, has_dormitory=False, has_canteen=False, technical_interns=0)
    page = read(client_of(scheme.manager), address(scheme, "readiness_category", 9))
    requirement = scheme.standard.requirements.get(code="9-1")

    assert requirement.title_en in page
    assert requirement.text_en in page
    assert requirement.guidance_en.split(",")[0] in page
    assert requirement.legal_basis in page
    assert "Restated wording" in page or "Provisional wording" in page
    assert "The site employs no foreign workers." in page
    assert 'name="answer-9-1"' not in page


def test_page_of_the_site_and_of_the_application_lead_to_it(scheme: Scheme) -> None:
    client = browser(scheme.manager)
    draft = audit_at(Status.DRAFT, scheme)
    for url in (
        reverse("portal:site", args=[scheme.site.pk]),
        reverse("portal:apply_documents", args=[draft.number]),
    ):
        assert f'href="{address(scheme)}"' in read(client, url)


def test_provisional_criteria_are_said_beside_the_estimate(scheme: Scheme) -> None:
    client = client_of(scheme.manager)
    assert "an estimated grade stands here" in read(client, address(scheme))
    answer_all(scheme, SelfAnswer.MET)
    page = read(client, address(scheme))

    for name, more in (("readiness_category", (1,)), ("readiness_print", ())):
        shown = read(client, address(scheme, name, *more))
        assert "100.0 of 100 points" in shown
        assert "Provisional criteria" in shown
    assert "Provisional criteria" in page
    assert "100.0 of 100 points" in page
    assert "not a result" in page
    assert "Only people of your own company" in page


def test_htmx_saves_one_requirement(scheme: Scheme) -> None:
    client = client_of(scheme.manager)
    answer = client.post(
        address(scheme, "readiness_category", 5),
        {
            "answer-5-7": "partly",
            "note-5-7": "訓練の記録が2年分ない",
            "initial-answer-5-7": "partly",  # an answer that got lost does not keep it from saving
            "initial-note-5-7": "訓練の記録が2年分ない",
        },
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()

    assert answer.status_code == 200
    row = SelfCheck.objects.get()
    assert (row.requirement.code, row.answer) == ("5-7", "partly")
    assert 'hx-swap-oob="innerHTML:#was-5-7"' in text
    assert "Saved" in text
    assert "<html" not in text
    assert "1 / 22" in text


def test_button_saves_what_was_changed_and_goes_on(scheme: Scheme) -> None:
    client = client_of(scheme.manager)
    url = address(scheme, "readiness_category", 4)
    keep_answers(
        actor=scheme.manager, site=scheme.site, given={"4-2": Given(SelfAnswer.UNMET, "同僚のメモ")}
    )
    # The page was opened before the colleague said something of 4-2.
    sent = {
        "answer-4-1": "met",
        "note-4-1": "",
        "initial-answer-4-1": "open",
        "initial-note-4-1": "",
        "answer-4-2": "open",
        "note-4-2": "",
        "initial-answer-4-2": "open",
        "initial-note-4-2": "",
        "go": "next",
    }
    answer = client.post(url, sent)

    assert answer["Location"] == address(scheme, "readiness_category", 5)
    found = dict(SelfCheck.objects.values_list("requirement__code", "answer"))
    assert found == {"4-1": "met", "4-2": "unmet"}
    assert client.post(url, {**sent, "go": ""})["Location"] == url


def test_wrong_answers_are_refused_and_nothing_typed_is_lost(scheme: Scheme) -> None:
    client = client_of(scheme.manager)
    url = address(scheme, "readiness_category", 4)
    long = "長" * (LONGEST_NOTE + 1)
    answer = client.post(url, {"answer-4-1": "met", "note-4-1": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert client.post(url, {"answer-4-1": "perfect"}).status_code == 422
    assert not SelfCheck.objects.exists()
    assert client.get(address(scheme, "readiness_category", 10)).status_code == 404


def test_filters_narrow_list_category_and_files(scheme: Scheme) -> None:
    client = browser(scheme.manager)
    keep_answers(
        actor=scheme.manager,
        site=scheme.site,
        given={"4-1": Given(SelfAnswer.MET), "4-2": Given(SelfAnswer.PARTLY)},
    )
    category = address(scheme, "readiness_category", 4)
    assert 'id="r-4-1"' in read(client, category)
    assert 'id="r-4-1"' not in read(client, f"{category}?show=not_met")
    assert 'id="r-4-2"' in read(client, f"{category}?show=not_met")
    assert 'id="r-4-2"' not in read(client, f"{category}?show=open")
    listed = read(client, f"{address(scheme)}?show=not_met")
    assert "<code>4-2</code>" in listed
    assert "<code>4-1</code>" not in listed
    assert "<code>5-1</code>" not in listed

    answer: StreamingHttpResponse = client.get(address(scheme), {"format": "csv"})  # type: ignore[assignment]  # streams
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(rows) == 85
    answer = client.get(address(scheme), {"format": "csv", "show": "not_met"})  # type: ignore[assignment]  # as above
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["4-2"]
    answer = client.get(address(scheme), {"format": "xlsx"})  # type: ignore[assignment]  # as above
    sheet = load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    assert sheet.max_row == 85


def test_reader_reads_and_other_people_find_nothing(scheme: Scheme) -> None:
    audit_at(Status.FIELDWORK, scheme)
    answer_all(scheme, SelfAnswer.UNMET, "秘密のメモ")
    reader = browser(make_user(scheme.supplier.organisation, Role.READER))
    page = read(reader, address(scheme, "readiness_category", 5))
    assert "秘密のメモ" in page
    assert 'name="answer-5-7"' not in page
    assert reader.post(address(scheme, "readiness_category", 5), {}).status_code == 403
    assert reader.get(address(scheme, "readiness_clear")).status_code == 403
    for person in (
        scheme.owner,
        scheme.coordinator,
        scheme.lead.user,
        scheme.brand_user,
        make_user(make_supplier().organisation, Role.MANAGER),
    ):
        client = browser(person)
        for name, more in (
            ("readiness", ()),
            ("readiness_category", (5,)),
            ("readiness_print", ()),
            ("readiness_clear", ()),
        ):
            assert client.get(address(scheme, name, *more)).status_code == 404, (person, name)
        for name, more in (("readiness_category", (5,)), ("readiness_clear", ())):
            assert client.post(address(scheme, name, *more), {}).status_code == 404
    assert SelfCheck.objects.count() == 84


def test_delete_asks_first(scheme: Scheme) -> None:
    client = browser(scheme.manager)
    answer_all(scheme, SelfAnswer.MET)
    url = address(scheme, "readiness_clear")
    assert "<form" in read(client, url)
    assert SelfCheck.objects.count() == 84
    assert client.post(url)["Location"] == address(scheme)
    assert not SelfCheck.objects.exists()


@pytest.mark.usefixtures("no_standard")
def test_without_a_standard_the_page_says_so(db: None) -> None:
    supplier = make_supplier()
    site = supplier.sites.create(name_ja="工場", prefecture=38)
    client = client_of(make_user(supplier.organisation, Role.MANAGER))

    assert "No standard applies today" in read(client, reverse("portal:readiness", args=[site.pk]))
    assert client.get(reverse("portal:readiness_category", args=[site.pk, 1])).status_code == 404


@pytest.mark.parametrize("full", [False, True])
def test_pages_stay_small_and_quick(
    scheme: Scheme, full: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_profile(scheme.site)
    if full:
        answer_all(scheme, SelfAnswer.UNMET, "長" * LONGEST_NOTE)
    else:
        keep_answers(
            actor=scheme.manager, site=scheme.site, given={"1-1": Given(SelfAnswer.MET, "x")}
        )
    client = browser(scheme.manager)
    pages = [address(scheme), address(scheme, "readiness_print")]
    sizes = {}
    for url in pages:
        with django_assert_num_queries(QUERIES):
            sizes[url] = len(client.get(url).content)
    for number in range(1, 10):
        url = address(scheme, "readiness_category", number)
        with django_assert_num_queries(QUERIES + 1):  # the clauses
            sizes[url] = len(client.get(url).content)

    assert max(sizes.values()) < LARGEST, sizes


QUERIES = 8
