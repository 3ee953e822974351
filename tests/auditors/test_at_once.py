"""Two people, or two clicks, at the same moment: one enters, the other reads a sentence."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import OrganisationEvent, User
from accounts.services.records import verify_organisations
from accounts.terms import Kind
from audits.auditors.imports import AuditorRow, read_auditors
from audits.auditors.models import Auditor
from audits.auditors.services.importing import import_auditors
from audits.auditors.services.registering import change_auditor, deactivate, register_auditor
from tests.audits.test_two_at_once import at_once
from tests.factories import Scheme, make_organisation

if TYPE_CHECKING:
    from accounts.models import Organisation
    from suppliers.imports import Parsed

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN: dict[str, Any] = {
    "email": "new@example.org",
    "name": "今治 太郎",
    "registration_number": "JA-9001",
    "languages": ["ja"],
    "prefectures": [38],
}


def test_double_click_registers_once() -> None:
    scheme = Scheme()
    click = partial(register_auditor, actor=scheme.coordinator, body=scheme.body, **GIVEN)

    answers = at_once(click, click, click)

    assert sorted(map(len, answers)) == [0, 1, 1]
    assert Auditor.objects.filter(registration_number="JA-9001").count() == 1
    assert verify_organisations(scheme.body) == (1, [])


@pytest.mark.parametrize(
    "other",
    [
        {"email": "NEW@example.org", "registration_number": "JA-9002"},
        {"email": "other@example.org", "registration_number": "ja-9001"},
    ],
    ids=["same person", "same number"],
)
def test_two_bodies_register_the_same_at_once(other: dict[str, str]) -> None:
    scheme = Scheme()
    body = make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat)
    before = User.objects.count()
    register = partial(register_auditor, actor=scheme.coordinator)

    answers = at_once(
        partial(register, body=scheme.body, **GIVEN),
        partial(register, body=body, **{**GIVEN, **other}),
    )

    assert sorted(map(len, answers)) == [0, 1]
    assert User.objects.count() == before + 1


def listed(body: Organisation, *names: str) -> Parsed[AuditorRow]:
    """A list of new people with a qualification each, in the order given."""
    head = "登録番号,氏名,メールアドレス,監査機関,対応言語,資格区分,研修修了日"
    lines = [
        f"JA-{name},今治 {name},{name}@example.jp,{body.name_ja},日本語,監査員,2025-04-01"
        for name in names
    ]
    return read_auditors("\n".join([head, *lines]).encode(), "list.csv")


def test_list_confirmed_twice_is_imported_once() -> None:
    scheme = Scheme()
    rows = listed(scheme.body, *"abcdef")
    click = partial(import_auditors, parsed=rows)

    answers = at_once(
        partial(click, actor=scheme.coordinator),
        partial(click, actor=scheme.coordinator),
        partial(click, actor=scheme.owner),
    )

    assert answers == [[], [], []]
    assert (
        Auditor.objects.filter(registration_number__in=[f"JA-{x}" for x in "abcdef"]).count() == 6
    )
    # Each was registered and trained once.
    events = OrganisationEvent.objects.filter(organisation=scheme.body)
    assert events.count() == 12
    assert verify_organisations(scheme.body) == (1, [])


def test_two_lists_in_opposite_order_wait_for_each_other() -> None:
    scheme = Scheme()
    other = make_organisation(Kind.AUDIT_BODY, parent=scheme.secretariat)
    names = [f"{number:03}" for number in range(60)]
    forth, back = listed(scheme.body, *names), listed(other, *reversed(names))

    answers = at_once(
        partial(import_auditors, actor=scheme.coordinator, parsed=forth),
        partial(import_auditors, actor=scheme.owner, parsed=back),
    )

    # The second is told that the numbers belong to another body, by a row or in a sentence.
    assert sum(map(len, answers)) <= 1
    entered = Auditor.objects.filter(user__email__in=[f"{name}@example.jp" for name in names])
    assert entered.count() == 60
    assert entered.values("body").distinct().count() == 1


def test_list_and_changes_of_one_auditor_wait_for_each_other() -> None:
    scheme = Scheme()
    rows = listed(scheme.body, "a", "b", "c")
    import_auditors(actor=scheme.owner, parsed=rows)
    found = Auditor.objects.get(registration_number="JA-b")
    head = "登録番号,氏名,メールアドレス,対応言語"
    lines = [f"JA-{name},今治 {name},{name}@example.jp,ベトナム語" for name in "cab"]
    changed = read_auditors("\n".join([head, *lines]).encode(), "list.csv")

    answers = at_once(
        partial(import_auditors, actor=scheme.coordinator, parsed=changed),
        partial(
            change_auditor, actor=scheme.desk, auditor=found, languages=["zh"], prefectures=[1]
        ),
        partial(deactivate, actor=scheme.owner, auditor=found, reason="退職"),
    )

    assert answers == [[], [], []]
    found.refresh_from_db()
    assert found.prefectures == [1]
    assert not found.is_active
    assert verify_organisations(scheme.body) == (1, [])
