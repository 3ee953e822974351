"""Receipts of consent: what they say, that they stay, and who holds them."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from jsonschema import Draft202012Validator
from pypdf import PdfReader

from accounts.terms import Kind, Role
from reports.documents.consents import typeset_consent
from reports.models import ConsentPaper, ConsentReceipt
from reports.services.papers import render
from reports.services.printing import Printed
from reports.snapshot import fingerprint
from reports.tasks import render_paper
from suppliers.services.sharing import grant_sharing, revoke_sharing
from suppliers.showing import PIECES, SHOWS, SHOWS_ALL, pieces_at
from suppliers.terms import Level
from tests.audits.desks import client_of
from tests.factories import Scheme, make_organisation, make_supplier, make_user
from tests.reports.pdfa import complaints
from tests.reports.texts import bare, text_of

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from suppliers.models import SharingGrant

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "consent-receipt-v1.json"
PURPOSE = "取引先の<b>年次</b>評価"
QUERIES = 6


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def share(scheme: Scheme, level: Level = Level.SUMMARY, **more: Any) -> SharingGrant:
    more.setdefault("actor", scheme.manager)
    more.setdefault("site", scheme.site)
    more.setdefault("brand", scheme.brand)
    more.setdefault("ends_on", timezone.localdate() + timedelta(days=365))
    return grant_sharing(level=level, **more)


def receipt_of(grant: SharingGrant, act: str) -> ConsentReceipt:
    return ConsentReceipt.objects.get(grant=grant, act=act)


def test_receipt_says_who_consents_to_what(scheme: Scheme) -> None:
    grant = share(scheme, purpose=PURPOSE, future=True)

    data = receipt_of(grant, "given").data

    assert data["parties"]["consenting"]["name"]["ja"] == scheme.supplier.name_ja
    assert data["parties"]["recipient"]["name"]["ja"] == "ブランド"
    assert data["parties"]["controller"]["name"]["ja"] == "統括事務局"
    assert data["site"]["id"] == str(scheme.site.pk)
    consent = data["consent"]
    assert consent["level"]["code"] == "summary"
    assert [piece["code"] for piece in consent["shows"]] == [
        piece.code for piece in pieces_at(Level.SUMMARY)
    ]
    assert (consent["future_results"], consent["ungraded_results"]) == (True, False)
    assert consent["purpose"] == PURPOSE
    (event,) = data["events"]
    assert event["at"].endswith("+09:00")
    assert event["by"] == {
        "name": scheme.manager.name,
        "function": {"ja": "担当責任者", "en": "Manager"},
    }
    assert data["in_force"]
    assert data["replaces"] is None


def test_data_follow_their_schema_and_are_canonical(scheme: Scheme) -> None:
    first = share(scheme, purpose=PURPOSE)
    second = share(scheme, Level.FULL)
    revoke_sharing(actor=scheme.manager, grant=second)
    schema = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))

    rows = ConsentReceipt.objects.order_by("created_at")
    assert [row.act for row in rows] == ["given", "changed", "withdrawn"]
    for row in rows:
        schema.validate(row.data)
        assert orjson.dumps(row.data, option=orjson.OPT_SORT_KEYS) == row.content.encode()
        assert fingerprint(row.content) == row.sha256
    assert rows[1].data["replaces"]["number"] == receipt_of(first, "given").number
    assert not schema.is_valid({**rows[0].data, "act": "sold"})


def test_withdrawal_says_when_and_by_whom(scheme: Scheme) -> None:
    grant = share(scheme)
    other = make_user(scheme.supplier.organisation, Role.ADMINISTRATOR)

    revoke_sharing(actor=other, grant=grant)
    revoke_sharing(actor=scheme.manager, grant=grant)  # nothing happens any more

    receipt = receipt_of(grant, "withdrawn")
    given, withdrawn = receipt.data["events"]
    assert given == receipt_of(grant, "given").data["events"][0]
    assert withdrawn["by"]["name"] == other.name
    assert not receipt.data["in_force"]
    grant.refresh_from_db()
    assert grant.revoked_by == other


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ja",
            ["監査結果の開示許可に関する受領証", "取消し", "直ちに有効", "日本時間、UTC+9", "記録"],
        ),
        ("en", ["Receipt of consent", "Taken back", "takes effect at once", "Japan time, UTC+9"]),
    ],
)
def test_paper_prints_what_the_data_say(language: str, words: list[str], scheme: Scheme) -> None:
    grant = share(scheme, Level.FULL, purpose=PURPOSE, ungraded=True)
    revoke_sharing(actor=scheme.manager, grant=grant)
    receipt = receipt_of(grant, "withdrawn")

    printed = typeset_consent(receipt.content, receipt.sha256, language)

    text = text_of(printed.content)
    assert printed.pages == 1
    said = [str(receipt.number), receipt.sha256, scheme.manager.name, PURPOSE, *words]
    with override(language):
        said += [str(piece.text) for piece in PIECES]
    for told in said:
        assert bare(told) in text, told
    ((name, (content,)),) = PdfReader(io.BytesIO(printed.content)).attachments.items()
    assert (name, content) == (receipt.file_name, receipt.content.encode())
    assert complaints(printed.content) == []
    with override("en"):
        again = typeset_consent(receipt.content, receipt.sha256, language)
    assert again.content == printed.content


def test_paper_shows_odd_characters_and_carries_them_as_they_are(scheme: Scheme) -> None:
    receipt = receipt_of(share(scheme, purpose="取引\u202e先の\x07評価"), "given")

    printed = typeset_consent(receipt.content, receipt.sha256, "ja")

    assert "取引先の\ufffd評価" in text_of(printed.content)
    ((_name, (content,)),) = PdfReader(io.BytesIO(printed.content)).attachments.items()
    assert content == receipt.content.encode()


def test_page_form_and_receipt_name_the_same_pieces(scheme: Scheme) -> None:
    share(scheme, Level.FULL)

    page = client_of(scheme.manager).get(reverse("portal:sharing", args=[scheme.site.pk]))

    with override("en"):
        assert str(SHOWS_ALL[Level.FULL]) in page.content.decode()
        for level in Level:
            sentence = str(SHOWS[level])
            assert sentence in page.content.decode()
            assert sentence != str(SHOWS_ALL[level])
            assert all(str(piece.text) in sentence for piece in PIECES if piece.level == level)


def test_both_languages_are_printed_by_a_worker(scheme: Scheme) -> None:
    receipt = receipt_of(share(scheme), "given")
    papers = ConsentPaper.objects.filter(receipt=receipt)
    assert sorted(papers.values_list("language", "state")) == [("en", "queued"), ("ja", "queued")]

    waiting = client_of(scheme.manager).get(reverse("portal:consents"))
    assert "every 4s" in waiting.content.decode()
    for paper in papers:
        render_paper(*paper.message)
        assert not render(ConsentPaper, paper.pk, typeset=lambda *_: Printed(b"other", 1, "1"))

    paper = papers.get(language="ja")
    for person in (scheme.manager, scheme.brand_user, scheme.owner, scheme.coordinator):
        client = client_of(person)
        page = client.get(reverse("portal:consents")).content.decode()
        assert "every 4s" not in page
        assert reverse("portal:consent_file", args=[paper.pk]) in page
        file = client.get(reverse("portal:consent_file", args=[paper.pk]))
        assert file.content.startswith(b"%PDF-")
        assert f"{receipt.number}_ja.pdf" in file["Content-Disposition"]
        data = client.get(reverse("portal:consent_data", args=[receipt.pk]))
        assert data["Content-Type"] == "application/json"
        assert fingerprint(data.content.decode()) == receipt.sha256


def test_others_learn_nothing_of_a_consent(scheme: Scheme) -> None:
    receipt = receipt_of(share(scheme), "given")
    strangers = {
        make_user(make_organisation(Kind.BRAND), Role.READER): 200,
        make_user(make_supplier().organisation, Role.MANAGER): 200,
        scheme.desk: 403,
        scheme.lead.user: 403,
    }
    for person, status in strangers.items():
        client = client_of(person)
        page = client.get(reverse("portal:consents"))
        assert page.status_code == status
        assert receipt.number not in page.content.decode()
        assert client.get(reverse("portal:consent_data", args=[receipt.pk])).status_code == 404


def test_brand_keeps_the_receipt_of_what_was_taken_back(scheme: Scheme) -> None:
    grant = share(scheme)
    revoke_sharing(actor=scheme.manager, grant=grant)

    page = client_of(scheme.brand_user).get(reverse("portal:consents"), {"act": "withdrawn"})

    assert receipt_of(grant, "withdrawn").number in page.content.decode()
    assert receipt_of(grant, "given").number not in page.content.decode()


def test_list_is_narrowed_and_downloaded(scheme: Scheme) -> None:
    other = make_organisation(Kind.BRAND, name_ja="別のブランド")
    first, second = share(scheme), share(scheme, brand=other)
    client = client_of(scheme.manager)

    narrowed = client.get(reverse("portal:consents"), {"brand": str(other.pk)}).content.decode()
    assert receipt_of(second, "given").number in narrowed
    assert receipt_of(first, "given").number not in narrowed
    sent = client.get(reverse("portal:consents"), {"format": "csv"})
    lines = b"".join(sent).decode()
    assert receipt_of(first, "given").sha256 in lines
    assert (
        "Nothing fits" in client.get(reverse("portal:consents"), {"q": "nothing"}).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_no_more_queries_for_more_receipts(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        share(scheme, brand=make_organisation(Kind.BRAND, name_ja=f"ブランド{number}"))
    client = client_of(scheme.manager)
    with django_assert_num_queries(QUERIES):
        client.get(reverse("portal:consents"))


def test_receipt_is_never_changed(scheme: Scheme) -> None:
    receipt = receipt_of(share(scheme), "given")

    with pytest.raises(PermissionDenied):
        receipt.save()
    with pytest.raises(PermissionDenied):
        ConsentReceipt.objects.update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_consentreceipt SET content = '{}'")
