"""Earlier wordings: the body's own, signed, and nothing that leads to a site or a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.ids import uuid7
from accounts.terms import Kind, Role
from audits.models import Audit, Finding
from audits.services.wordings import MOST, Wording, wordings_for
from audits.terms import Judgement, Status
from tests.audits.desks import browser, url
from tests.factories import (
    Scheme,
    audit_at,
    make_auditor,
    make_organisation,
    make_site,
    make_supplier,
    make_user,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
TEXT = "避難通路に台車が置かれていた。"


@pytest.fixture
def signed(scheme: Scheme) -> Audit:
    """A signed audit of another company by the same body; its report has TEXT for 5-7."""
    supplier = make_supplier(name_ja="株式会社 竹田川リボン", name_en="Takedagawa Ribbon")
    site = make_site(supplier, name_ja="あわら工場", address="あわら市二面4丁目")
    own = scheme.supplier, scheme.manager
    scheme.supplier = supplier
    scheme.manager = make_user(supplier.organisation, Role.MANAGER)
    audit = audit_at(Status.IN_REVIEW, scheme, site=site)
    scheme.supplier, scheme.manager = own
    return audit


@pytest.fixture
def audit(scheme: Scheme, signed: Audit) -> Audit:
    return Audit.objects.with_people().get(pk=audit_at(Status.FIELDWORK, scheme).pk)


def say(audit: Audit, text: str) -> None:
    Finding.objects.filter(audit=audit, requirement__code="5-7").update(report_text=text)


def ask(scheme: Scheme, audit: Audit, judgement: str = Judgement.NONCONFORMING) -> list[Wording]:
    finding = Finding.objects.select_related("requirement").get(
        audit=audit, requirement__code="5-7"
    )
    finding.audit = audit
    return wordings_for(actor=scheme.member.user, finding=finding, judgement=judgement)


def test_signed_wording_of_the_same_judgement_is_shown(
    scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    assert [(row.text, row.uses) for row in ask(scheme, audit)] == [(TEXT, 1)]
    assert ask(scheme, audit, Judgement.CONFORMING) == []
    assert ask(scheme, audit, "nonsense") == []  # the finding's own: not yet assessed


@pytest.mark.parametrize(
    "text",
    [
        "竹田川リボンの通路に台車が置かれていた。",
        "あわらの建屋の通路に台車が置かれていた。",
        "Takedagawa: a trolley stood in the exit.",
        "織田工場長の部屋の前に台車が置かれていた。",  # who signed for the site
        "田中さんの席の横に台車が置かれていた。",
        "連絡先は 090-1234-5678。",
        "ブランド向けの製品が通路に置かれていた。",
        "   ",
    ],
)
def test_text_that_leads_somewhere_is_left_out(
    text: str, scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    say(signed, text)
    assert ask(scheme, audit) == []


def test_name_of_any_company_of_the_body_is_left_out(
    scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    # The site that is audited now belongs to this company: not the one the text was written about.
    say(signed, f"{scheme.supplier.name_ja}と同じ通路に台車が置かれていた。")
    assert ask(scheme, audit) == []


@pytest.mark.past_the_record
@pytest.mark.parametrize("status", [Status.DRAFTING, Status.FIELDWORK, Status.VOID])
def test_text_that_is_not_signed_or_void_is_not_shown(
    status: Status, scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    Audit.objects.filter(pk=signed.pk).update(status=status)
    assert ask(scheme, audit) == []


def test_text_of_another_body_is_not_shown(scheme: Scheme, signed: Audit, audit: Audit) -> None:
    other = make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat)
    Audit.objects.filter(pk=signed.pk).update(body=other)
    assert ask(scheme, audit) == []


def test_auditor_who_left_the_body_reads_nothing_of_it(
    scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    other = make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat)
    scheme.member.user.memberships.update(organisation=other)
    scheme.member.user = type(scheme.member.user).objects.get(pk=scheme.member.user.pk)
    assert ask(scheme, audit) == []


def test_only_who_writes_the_finding_asks(scheme: Scheme, signed: Audit, audit: Audit) -> None:
    finding = Finding.objects.select_related("requirement").get(
        audit=audit, requirement__code="5-7"
    )
    finding.audit = audit
    for person in (scheme.desk, scheme.reviewer, make_auditor(scheme.body).user):
        with pytest.raises(PermissionDenied):
            wordings_for(actor=person, finding=finding)


@pytest.mark.past_the_record
def test_most_used_come_first_each_once_and_not_too_many(
    scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    say(signed, "")
    source = Finding.objects.get(audit=signed, requirement__code="5-7")
    texts = [f"通路の幅が{number}か所で足りない。" for number in range(MOST + 2)]
    for place, text in enumerate([*texts, "通路の幅が 3か所で 足りない"]):
        copy = Audit.objects.get(pk=signed.pk)
        copy.pk, copy._state.adding = uuid7(), True
        copy.number, copy.status = f"JASTI-2020-{place:04d}", Status.ISSUED
        copy.signed_at = timezone.now() + timedelta(minutes=place)
        copy.save()
        Finding.objects.create(
            audit=copy,
            requirement=source.requirement,
            judgement=Judgement.NONCONFORMING,
            report_text=text,
        )
    found = ask(scheme, audit)
    assert len(found) == MOST
    assert (found[0].text, found[0].uses) == ("通路の幅が 3か所で 足りない", 2)
    assert found[1].text == texts[-1]


def test_part_can_be_inserted_and_the_page_can_be_copied(
    scheme: Scheme, signed: Audit, audit: Audit
) -> None:
    client = browser(scheme.lead.user)
    assert url("wordings", audit, "5-7") in client.get(url("card", audit, "5-7")).content.decode()
    page = client.get(url("wordings", audit, "5-7"), {"judgement": "nonconforming"})
    assert TEXT in page.content.decode()
    assert "data-insert" not in page.content.decode()
    part = client.get(
        url("wordings", audit, "5-7"),
        {"judgement": "nonconforming"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert TEXT in part
    assert 'data-insert="id_report_text"' in part
    assert "<html" not in part
    assert signed.number not in part
    none = client.get(url("wordings", audit, "5-7")).content.decode()
    assert TEXT not in none  # not yet assessed
    assert client.get(url("wordings", audit, "77-7")).status_code == 404


def test_asking_takes_few_queries_and_opening_a_card_none_for_it(
    scheme: Scheme,
    signed: Audit,
    audit: Audit,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    client = browser(scheme.lead.user)
    with django_assert_num_queries(14):
        client.get(url("wordings", audit, "5-7"), {"judgement": "nonconforming"})
    say(signed, "竹田川リボン")
    with django_assert_num_queries(14):
        client.get(url("wordings", audit, "5-7"), {"judgement": "nonconforming"})
