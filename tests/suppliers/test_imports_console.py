"""The console's import pages: upload, preview, confirm; for whom, and twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.terms import Kind, Role
from suppliers.models import Site, Supplier
from tests.suppliers.test_imports_files import HEADER, ROW, csv_text, xlsx

pytestmark = pytest.mark.django_db
BAD = (*ROW[:3], "第二工場", "<b>東亜</b>", *ROW[5:])


def signed_in(kind: Kind, role: Role, email: str = "a@example.com") -> Client:
    user = User.objects.create(email=email, locale="en")
    organisation = Organisation.objects.create(kind=kind, name_ja="機関")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def coordinator() -> Client:
    return signed_in(Kind.SECRETARIAT, Role.COORDINATOR)


def upload(client: Client, content: bytes, name: str = "list.csv") -> str:
    """Upload and return the address of the preview."""
    answer = client.post(
        reverse("console:import_suppliers"), {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_page_shows_what_a_list_would_do_and_imports_once(coordinator: Client) -> None:
    assert coordinator.get(reverse("console:import_suppliers")).status_code == 200
    preview = upload(coordinator, xlsx(HEADER, ROW), "list.xlsx")
    page = coordinator.get(preview).content.decode()
    assert "今治綿業株式会社" in page
    assert "Ehime" in page
    assert not Site.objects.exists()
    answer = coordinator.post(preview, follow=True)
    assert "Imported: created 1, updated 0, skipped 0 rows." in answer.content.decode()
    first = Site.objects.get()
    # The second click of a double click, the back button, and the same list once more.
    answer = coordinator.post(preview, follow=True)
    assert "This list was imported already" in answer.content.decode()
    assert coordinator.get(preview).status_code == 302
    page = coordinator.get(upload(coordinator, xlsx(HEADER, ROW), "list.xlsx")).content.decode()
    assert "No row of this list would change anything." in page
    assert Site.objects.get() == first
    assert Supplier.objects.count() == 1


def test_page_lists_errors_and_leaves_bad_rows_out_only_when_told(coordinator: Client) -> None:
    preview = upload(coordinator, csv_text(HEADER, ROW, BAD).encode("cp932"))
    page = coordinator.get(preview).content.decode()
    assert "&lt;b&gt;東亜&lt;/b&gt;" in page
    assert "This is not one of the 47 prefectures." in page
    answer = coordinator.post(preview)
    assert answer.status_code == 422
    assert "Nothing was imported" in answer.content.decode()
    assert not Site.objects.exists()
    download = b"".join(coordinator.get(preview, {"download": ""})).decode("utf-8-sig")
    assert download.splitlines()[1].startswith("3,都道府県,<b>東亜</b>,")
    coordinator.post(preview, {"skip_bad": "on"})
    assert Site.objects.get().name_ja == "本社工場"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "The file is empty."),
        (b"x", "a.pdf", "Only .xlsx and .csv files can be read."),
        (b"a" * (10 * 1024 * 1024 + 1), "a.csv", "The file is larger than 10 MB."),
        (b"a,b\r\n", "a.csv", "No row of headings was found."),
    ],
)
def test_page_refuses_a_file_with_a_sentence(
    coordinator: Client, content: bytes, name: str, sentence: str
) -> None:
    answer = coordinator.post(
        reverse("console:import_suppliers"), {"file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_page_without_a_file_says_so(coordinator: Client) -> None:
    assert coordinator.post(reverse("console:import_suppliers")).status_code == 422


def test_page_with_thousands_of_errors_stays_small(coordinator: Client) -> None:
    rows = [(*ROW[:3], f"第{place}工場", "東亜", *ROW[5:]) for place in range(3000)]
    answer = coordinator.get(upload(coordinator, csv_text(HEADER, *rows).encode()))
    assert "and 2,800 more in the download" in answer.content.decode()
    assert len(answer.content) < 150_000


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [
        (Kind.SCHEME_OWNER, Role.COORDINATOR, 200),
        (Kind.SCHEME_OWNER, Role.READER, 403),
        (Kind.SECRETARIAT, Role.COORDINATOR, 200),
        (Kind.SECRETARIAT, Role.REVIEWER, 403),
        (Kind.AUDIT_BODY, Role.COORDINATOR, 403),
        (Kind.SUPPLIER, Role.MANAGER, 403),
        (Kind.BRAND, Role.READER, 403),
        (Kind.OBSERVER, Role.READER, 403),
    ],
)
def test_page_is_for_owner_and_coordinators_of_secretariats(
    coordinator: Client, kind: Kind, role: Role, status: int
) -> None:
    preview = upload(coordinator, csv_text(HEADER, ROW).encode())
    parent = Organisation.objects.get(kind=Kind.SECRETARIAT)
    other = User.objects.create(email="b@example.com")
    place = Organisation.objects.create(
        kind=kind, name_ja="他", parent=parent if kind == Kind.AUDIT_BODY else None
    )
    Membership.objects.create(user=other, organisation=place, role=role)
    client = Client()
    client.force_login(other)
    assert client.get(reverse("console:import_suppliers")).status_code == status
    template = client.get(reverse("console:import_template"))
    assert template.status_code == status
    assert b"".join(template)  # read to its end, so that the temporary file is closed
    # Another person's list is never shown, whatever one may do with one's own.
    assert client.get(preview).status_code == (302 if status == 200 else status)
    assert client.post(preview).status_code == (302 if status == 200 else status)
    assert not Site.objects.exists()


def test_page_for_nobody_leads_to_the_sign_in() -> None:
    answer = Client().get(reverse("console:import_suppliers"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_template_can_be_uploaded_as_it_is(coordinator: Client) -> None:
    answer = coordinator.get(reverse("console:import_template"))
    content = b"".join(answer)
    page = coordinator.get(upload(coordinator, content, "t.xlsx")).content.decode()
    assert "Sample Textile Co., Ltd." in page


def test_preview_of_a_made_up_key_leads_back(coordinator: Client) -> None:
    for key in ("x.csv", "..", "0" * 64 + ".csv", "0" * 64 + ".exe"):
        address = reverse("console:import_suppliers") + key + "/"
        assert coordinator.get(address).status_code == 302
