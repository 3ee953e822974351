"""The console's pages of the standard: import, comparison, mapping, change-over, two people."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.terms import Kind, Role
from audits.models import Audit
from audits.services.changeover import look_ahead
from audits.standards.models import RequirementMapping, Standard
from audits.standards.services.activating import propose_activation
from audits.standards.terms import Relation, StandardStatus
from audits.standards.workbooks import write_workbook
from audits.terms import Status
from tests.factories import (
    Scheme,
    audit_at,
    make_next_standard,
    make_organisation,
    make_site,
    make_standard,
    make_user,
    shipped,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from accounts.models import User

pytestmark = pytest.mark.django_db

BUDGET = 150_000
MOST_QUERIES = 40


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    content: str = response.content.decode()
    assert len(content.encode()) < BUDGET
    return content


def edited(**texts: str) -> SimpleUploadedFile:
    """The shipped version as a workbook in which some texts (by code, - as _) are others."""
    book = load_workbook(io.BytesIO(write_workbook(shipped().contents)))
    page = book["要求事項"]
    place = [cell.value for cell in page[1]].index("要求事項の文言")
    for row in page.iter_rows(min_row=2):
        if new := texts.get("r" + str(row[0].value).replace("-", "_")):
            row[place].value = new
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("standard.xlsx", out.getvalue())


def upload(client: Client, file: SimpleUploadedFile) -> str:
    base = Standard.objects.get(version="2025")
    sent = client.post(reverse("console:import_standard"), {"file": file, "base": base.pk})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent.headers["Location"])


def naming(**fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {
        "version": "2027",
        "title_ja": "監査要求事項 2027年版",
        "title_en": "2027 edition",
        "effective_on": day.isoformat(),
        "mandatory_from": (day + timedelta(days=30)).isoformat(),
        "official": "on",
        "knock_out": ["unacceptable"],
        "count_not_applicable": "on",
        "points_unacceptable": "10",
        "points_major": "3",
        "points_minor": "1",
        "threshold_A": "90",
        "threshold_B": "70",
        "maximum_A_unacceptable": "0",
        "maximum_B_unacceptable": "0",
        **fields,
    }


def test_a_workbook_becomes_a_draft_after_its_differences_were_seen() -> None:
    scheme = Scheme()
    client = signed_in(scheme.owner)
    old = scheme.standard.requirements.get(code="5-7").text_ja
    address = upload(client, edited(r5_7=old.replace("。", "か、または別の場所。", 1)))

    page = text_of(client.get(address))
    assert "<ins>か、または別の場所</ins>" in page
    assert not Standard.objects.filter(version="2027").exists()

    sent = client.post(address, naming())
    assert sent.status_code == 302
    draft = Standard.objects.get(version="2027")
    assert (draft.status, draft.previous, draft.official) == (
        StandardStatus.DRAFT,
        make_standard(),
        True,
    )
    assert draft.grading["maximum"] == {"A": {"unacceptable": 0}, "B": {"unacceptable": 0}}
    relations = RequirementMapping.objects.filter(requirement__standard=draft)
    assert relations.filter(relation=Relation.UNCHANGED).count() == 83
    # The file is forgotten; coming back leads to a fresh upload.
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"version": "2025"}, "__all__"),
        ({"version": "a/b"}, "version"),
        ({"effective_on": "2025-01-01", "mandatory_from": ""}, "effective_on"),
        ({"mandatory_from": "2025-01-01"}, "mandatory_from"),
        ({"points_minor": "99"}, "points_unacceptable"),
        ({"threshold_B": "95"}, "threshold_A"),
        ({"knock_out": ["minor"]}, "knock_out"),
        ({"maximum_A_major": "9", "maximum_B_major": "3"}, "maximum_A_major"),
    ],
)
def test_what_is_said_of_a_version_is_checked(fields: dict[str, Any], field: str) -> None:
    client = signed_in(Scheme().owner)
    address = upload(client, edited(r1_1="別の文言。"))
    sent = client.post(address, naming(**fields))
    assert sent.status_code == 422
    assert field in sent.context["form"].errors
    assert Standard.objects.count() == 1


def test_problems_are_listed_and_stop_the_draft() -> None:
    client = signed_in(Scheme().owner)
    content = "番号,見出し,要求事項の文言\n1-1,見出し,\n9-77,新しい,文言\n".encode()
    address = upload(client, SimpleUploadedFile("a.csv", content))
    page = client.get(address)
    assert [(row.row, row.column) for row in page.context["problems"]] == [
        (3, "重大度"),
        (2, "要求事項の文言"),
        (3, "見出し(英語)"),
        (3, "要求事項の文言(英語)"),
    ]
    assert "9-77" in b"".join(client.get(f"{address}&download=1")).decode()
    assert client.post(address, naming()).status_code == 422
    assert Standard.objects.count() == 1


def test_a_file_that_is_no_standard_is_refused_on_the_form() -> None:
    client = signed_in(Scheme().owner)
    base = Standard.objects.get()
    for name, content in (("a.pdf", b"x"), ("a.xlsx", b"PK\x03\x04"), ("a.csv", b"hello")):
        file = SimpleUploadedFile(name, content)
        sent = client.post(reverse("console:import_standard"), {"file": file, "base": base.pk})
        assert sent.status_code == 422
        assert sent.context["form"].errors["file"]


def test_two_people_on_the_pages() -> None:
    scheme = Scheme()
    draft = make_next_standard(active=False)
    first = signed_in(scheme.owner)
    owner = scheme.owner.memberships.get().organisation
    second = signed_in(make_user(owner, Role.COORDINATOR))
    confirm = reverse("console:standard_act", args=["2027", "confirm"])

    assert first.get(confirm).status_code == 302  # nobody proposed it
    propose = reverse("console:standard_act", args=["2027", "propose"])
    assert first.post(propose, {"comment": "よろしく"}).status_code == 302
    own = first.get(confirm)
    assert b'name="seen"' not in own.content
    seen = second.get(confirm).context["form"]["seen"].value()
    refused = first.post(confirm, {"seen": seen, "checked": "on"})
    assert refused.status_code == 422
    assert second.post(confirm, {"seen": seen}).status_code == 422
    assert second.post(confirm, {"seen": seen, "checked": "on"}).status_code == 302

    draft.refresh_from_db()
    assert draft.status == StandardStatus.ACTIVE
    page = text_of(first.get(reverse("console:standard"), {"version": "2027"}))
    assert scheme.owner.name in page


@pytest.mark.parametrize(
    ("slug", "version", "data"),
    [
        ("take-back", "2027", {}),
        ("discard", "2027", {"reason": "作り直す"}),
    ],
)
def test_drafts_go_back_and_away(slug: str, version: str, data: dict[str, str]) -> None:
    scheme = Scheme()
    draft = make_next_standard(active=False)
    if slug == "take-back":
        propose_activation(actor=scheme.owner, standard=draft)
    address = reverse("console:standard_act", args=[version, slug])
    client = signed_in(scheme.owner)
    assert client.get(address).status_code == 200
    assert client.post(address, data, follow=True).status_code == 200
    found = Standard.objects.filter(version=version).first()
    assert found is None if slug == "discard" else found is not None and not found.proposed_by


def test_dates_of_versions_in_force_are_fixed_with_a_reason() -> None:
    scheme = Scheme()
    make_next_standard()
    client = signed_in(scheme.owner)
    day = timezone.localdate() + timedelta(days=90)
    for version, slug in (("2027", "mandatory"), ("2025", "sunset"), ("2025", "retire")):
        address = reverse("console:standard_act", args=[version, slug])
        assert client.post(address, {"on": day}).status_code == 422
        assert client.post(address, {"on": day, "reason": "改定"}).status_code == 302
    assert Standard.objects.get(version="2027").mandatory_from == day
    old = Standard.objects.get(version="2025")
    assert (old.status, old.retired_on) == (StandardStatus.SUNSET, day)
    assert client.get(reverse("console:standard_act", args=["2025", "x"])).status_code == 404


def test_the_mapping_is_edited_row_by_row() -> None:
    scheme = Scheme()
    draft = make_next_standard(active=False)
    client = signed_in(scheme.owner)
    address = reverse("console:standard_mapping", args=["2027"])
    page = client.get(address)
    text_of(page)
    data = {field.html_name: field.value() for field in page.context["form"]}
    data |= {"relation-5-7": "reworded", "relation-5-8": "new", "previous-5-8": "5-8"}
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["previous-5-8"]
    assert client.post(address, data | {"previous-5-8": ""}).status_code == 302
    rows = RequirementMapping.objects.filter(requirement__standard=draft)
    assert rows.get(requirement__code="5-7").relation == Relation.REWORDED
    assert rows.get(requirement__code="5-8").previous is None


def test_the_change_over_says_what_moves_and_who_is_told() -> None:
    scheme = Scheme()
    later = audit_at(Status.ACCEPTED, scheme)
    sooner = audit_at(Status.ACCEPTED, scheme, site=make_site(scheme.supplier))
    begun = audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    waiting = audit_at(Status.SUBMITTED, scheme, site=make_site(scheme.supplier))
    issued = audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier), nonconforming=())
    day = timezone.localdate() + timedelta(days=70)
    Audit.objects.filter(pk__in=[later.pk, waiting.pk]).update(preferred_from=day)
    draft = make_next_standard(active=False, changed=("5-7", "1-1"))

    ahead = look_ahead(actor=scheme.owner, standard=draft)

    assert ahead.counts == {
        "audits": 4,
        "repinned": 1,
        "applications": 1,
        "results": 1,
        "renewals": 1,
    }
    assert ahead.own is not None
    assert (len(ahead.own.unchanged), ahead.own.changed) == (82, ("1-1", "5-7"))
    moves = {row.audit.pk: row.place.moves for row in ahead.audit_lines(ahead.audits)}
    assert moves == {later.pk: True, waiting.pk: True, sooner.pk: False, begun.pk: False}
    # Nothing was changed by looking.
    assert Standard.objects.get(version="2027").is_draft

    client = signed_in(scheme.owner)
    address = reverse("console:standard_change_over", args=["2027"])
    assert later.number in text_of(client.get(address))
    assert issued.results.get().number in text_of(client.get(address, {"what": "results"}))
    lines = b"".join(client.get(address, {"format": "csv"})).decode().splitlines()
    assert len(lines) == 6
    assert ",82,2,0,0," in next(line for line in lines if later.number in line)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_often_for_one_row_as_for_three(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scheme = Scheme()
    day = timezone.localdate() + timedelta(days=70)
    for _number in range(count):
        audit = audit_at(Status.ACCEPTED, scheme, site=make_site(scheme.supplier))
        Audit.objects.filter(pk=audit.pk).update(preferred_from=day)
        audit_at(Status.ISSUED, scheme, site=make_site(scheme.supplier))
    make_next_standard(active=False)
    for number in range(1, count):
        effective = timezone.localdate() + timedelta(days=400 + number)
        make_next_standard(f"20{30 + number}", effective_on=effective, active=False)
    client = signed_in(scheme.owner)
    address = reverse("console:standard_change_over", args=["2027"])
    with django_assert_num_queries(15):
        client.get(address)
    with django_assert_num_queries(14):
        client.get(address, {"what": "results"})
    with django_assert_num_queries(16):
        b"".join(client.get(address, {"format": "csv"}))
    with django_assert_num_queries(5):
        client.get(reverse("console:standards"))


def test_differences_and_workbook_of_a_version() -> None:
    scheme = Scheme()
    make_next_standard(active=False)
    client = signed_in(scheme.owner)
    page = text_of(client.get(reverse("console:standard_differences", args=["2027"])))
    assert "<ins>別の内容を求める(5-7)" in page
    same = client.get(reverse("console:standard_differences", args=["2025"]))
    assert same.context["counts"][0][3] == 84  # it follows none: all of it was added
    text_of(same)
    sent = client.get(reverse("console:standard_workbook", args=["2027"]))
    book = load_workbook(io.BytesIO(b"".join(sent)))
    assert book.sheetnames == ["区分", "要求事項", "細目", "lists"]
    reader = signed_in(scheme.coordinator)
    assert reader.get(reverse("console:standard_workbook", args=["2025"])).status_code == 200
    assert reader.get(reverse("console:standard_workbook", args=["2027"])).status_code == 404
    assert b"2027" not in reader.get(reverse("console:standards")).content


@pytest.mark.usefixtures("no_standard")
@pytest.mark.parametrize(("kind", "links"), [(Kind.SCHEME_OWNER, True), (Kind.SECRETARIAT, False)])
def test_before_there_is_a_version_the_pages_say_so(kind: Kind, links: bool) -> None:
    client = signed_in(make_user(make_organisation(kind), Role.ADMINISTRATOR))
    for name in ("console:standard", "console:standards"):
        sent = client.get(reverse(name))
        assert sent.status_code == 200
        page = text_of(sent)
        assert "監査基準がまだありません" in page
        # Only those whom the import lets in are led to it.
        empty = page[page.index('class="empty"') :]
        assert (reverse("console:import_standard") in empty) is links
