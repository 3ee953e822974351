"""Lists of auditors: read in both languages, tried before they are kept, and the same twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Notice, OrganisationEvent, User
from accounts.services.records import verify_organisations
from accounts.terms import Kind
from audits.auditors.imports import AuditorRow, read_auditors
from audits.auditors.models import Auditor, Qualification
from audits.auditors.services.importing import import_auditors, preview_auditors
from audits.auditors.terms import QualificationStatus
from suppliers.imports import FileRefused
from tests.factories import Scheme, make_auditor, make_organisation

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from suppliers.imports import Parsed

pytestmark = pytest.mark.django_db
HEAD = (
    "登録番号,氏名,メールアドレス,監査機関,対応言語,対応都道府県,資格区分,"
    "研修修了日,試験合格日,立会評価日,資格取得日,有効期限"
)
GOOD = (
    "JA-7001,今治 一郎,ichiro@example.jp,{body},日本語、ベトナム語,愛媛県・香川県,主任監査員,"
    "令和7年4月1日,2025/4/20,2025-05-10,2025-06-01,2028-05-31"
)


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


def parsed(scheme: Scheme, *lines: str, head: str = HEAD) -> Parsed[AuditorRow]:
    text = "\n".join([head, *lines]).format(body=scheme.body.name_ja)
    return read_auditors(text.encode("cp932"), "list.csv")


def test_row_becomes_an_auditor_with_steps_and_one_more_import_changes_nothing(
    scheme: Scheme,
) -> None:
    first = import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))
    events = OrganisationEvent.objects.count()
    second = import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))

    assert (first.created, first.updated, first.skipped, first.problems) == (1, 0, 0, [])
    assert (second.created, second.updated, second.skipped) == (0, 0, 1)
    assert OrganisationEvent.objects.count() == events
    auditor = Auditor.objects.get(registration_number="JA-7001")
    assert (auditor.languages, auditor.prefectures) == (["ja", "vi"], [37, 38])
    held = auditor.qualifications.get()
    assert (held.status, held.ends_on) == (QualificationStatus.QUALIFIED, date(2028, 5, 31))
    assert held.steps["trained"] == "2025-04-01"
    # Entered and qualified: two messages, not one for each step.
    assert Notice.objects.filter(recipient=auditor.user).count() == 2


def test_looking_keeps_nothing(scheme: Scheme) -> None:
    outcome = preview_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))

    assert outcome.created == 1
    assert not Auditor.objects.filter(registration_number="JA-7001").exists()
    assert not User.objects.filter(email="ichiro@example.jp").exists()
    assert not OrganisationEvent.objects.exists()


def many(scheme: Scheme, number: int) -> Parsed[AuditorRow]:
    """New auditors, and from the third on every third one known already."""
    lines = []
    for place in range(number):
        line = GOOD.replace("7001", f"8{place:03}").replace("ichiro", f"a{place}")
        lines.append(line)
    known = [line for place, line in enumerate(lines) if place % 3 == 2]
    import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, *known))
    return parsed(scheme, *(line.replace("2028", "2029") for line in lines))


@pytest.mark.parametrize("number", [3, 30])
def test_preview_asks_as_often_for_many_rows_as_for_few_and_writes_nothing(
    scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    rows = many(scheme, number)

    with django_assert_num_queries(7) as asked:
        outcome = preview_auditors(actor=scheme.coordinator, parsed=rows)

    assert (outcome.created, outcome.updated) == (number * 2 // 3, number // 3)
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_import_of_many_rows_does_what_the_preview_says_with_few_queries(
    scheme: Scheme, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = many(scheme, 30)
    with override("en"):
        looked = preview_auditors(actor=scheme.coordinator, parsed=rows)

    with override("en"), django_assert_max_num_queries(40):
        done = import_auditors(actor=scheme.coordinator, parsed=rows)

    assert done == looked
    assert done.done[2] == "New in the register"
    assert done.done[4] == "Changed: Valid until"
    assert Qualification.objects.filter(ends_on=date(2029, 5, 31)).count() == 30
    assert verify_organisations(scheme.body) == (1, [])
    assert preview_auditors(actor=scheme.coordinator, parsed=rows).skipped == 30
    told = Notice.objects.filter(recipient__email="a0@example.jp")
    assert told.count() == 2


@pytest.mark.parametrize(
    ("line", "day", "end"),
    [
        # A new last day alone, and a new day of which end the list is silent.
        ("JA-7001,今治 一郎,ichiro@example.jp,,,,主任監査員,,,,,2030-05-31", "2025-06-01", 2030),
        ("JA-7001,今治一郎,ichiro@example.jp,,,,主任監査員,,,,2025-07-01,", "2025-07-01", 2028),
        ("ja-7001,今治 一郎,ICHIRO@example.jp,,,,主任監査員,,,,,", "2025-06-01", 2028),
    ],
)
def test_list_changes_what_it_says_and_nothing_else(
    scheme: Scheme, line: str, day: str, end: int
) -> None:
    import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))
    looked = preview_auditors(actor=scheme.coordinator, parsed=parsed(scheme, line))

    outcome = import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, line))

    held = Qualification.objects.get(auditor__registration_number="JA-7001")
    assert outcome == looked
    assert outcome.updated == (0 if line.startswith("ja") else 1)
    assert (held.steps["qualified"], held.ends_on) == (day, date(end, 5, 31))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("JA-7001,別人 太郎,ichiro@example.jp,,日本語,,,,,,,", "氏名"),
        ("JA-7001,今治 一郎,ichiro@example.jp,,,,監査員,,,,,", "資格区分"),
        ("JA-7001,今治 一郎,ichiro@example.jp,,,,,,,,,2030-05-31", "資格区分"),
        ("JA-7001,今治 一郎,ichiro@example.jp,,,,監査員,,,,,2030-05-31", "有効期限"),
        ("JA-7001,今治 一郎,ichiro@example.jp,,,,主任監査員,,,,,2025-05-31", "有効期限"),
        ("JA-7002,別人,{desk},{body},日本語,,,,,,,", "氏名"),
        ("JA-7002,{name},{manager},{body},日本語,,,,,,,", "メールアドレス"),
        ("JA-7002,{name},{owner},{body},日本語,,,,,,,", "メールアドレス"),
        ("JA-7002,{name},{brand_user},{body},日本語,,,,,,,", "メールアドレス"),
    ],
)
def test_what_a_list_may_not_do_is_refused_by_its_cell(
    scheme: Scheme, line: str, column: str
) -> None:
    import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))
    people = {name: getattr(scheme, name) for name in ("desk", "manager", "owner", "brand_user")}
    User.objects.filter(pk__in=[user.pk for user in people.values()]).update(name="同姓 同名")
    filled = line.format(
        body=scheme.body.name_ja,
        name="同姓 同名",
        **{name: user.email for name, user in people.items()},
    )
    rows = parsed(scheme, filled)
    before = list(Auditor.objects.order_by("pk").values())

    for outcome in (
        preview_auditors(actor=scheme.coordinator, parsed=rows),
        import_auditors(actor=scheme.coordinator, parsed=rows),
    ):
        assert [(problem.row, problem.column) for problem in outcome.problems] == [(2, column)]
    assert list(Auditor.objects.order_by("pk").values()) == before


def test_somebody_of_the_body_with_the_same_name_becomes_an_auditor(scheme: Scheme) -> None:
    line = f"JA-7002,{scheme.desk.name},{scheme.desk.email},,日本語,,,,,,,"

    assert import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, line)).created == 1
    assert Auditor.objects.get(registration_number="JA-7002").user == scheme.desk


def test_list_that_is_silent_changes_nothing_whatever_the_order_of_what_is_stored(
    scheme: Scheme,
) -> None:
    one = scheme.lead
    Auditor.objects.filter(pk=one.pk).update(languages=["vi", "ja"], prefectures=[38, 37])
    for line in (
        f"{one.registration_number},{one.user.name},{one.user.email},,,,,,,,,",
        f"{one.registration_number},{one.user.name},{one.user.email},,日本語、ベトナム語,香川県・愛媛県,,,,,,",
    ):
        rows = parsed(scheme, line)
        assert preview_auditors(actor=scheme.coordinator, parsed=rows).updated == 0


def test_address_stands_in_a_list_once(scheme: Scheme) -> None:
    twice = parsed(scheme, GOOD, GOOD.replace("7001", "7002").replace("ichiro", "ICHIRO"))

    outcome = import_auditors(actor=scheme.coordinator, parsed=twice, skip_bad=True)

    assert [(each.row, each.column) for each in outcome.problems] == [(3, "メールアドレス")]
    assert outcome.created == 1


def test_silence_of_a_list_leaves_things_as_they_are(scheme: Scheme) -> None:
    import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))
    line = "JA-7001,今治 一郎,ichiro@example.jp,,中国語,,,,,,,"

    outcome = import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, line))

    auditor = Auditor.objects.get(registration_number="JA-7001")
    assert outcome.updated == 1
    assert (auditor.languages, auditor.prefectures) == (["zh"], [37, 38])
    assert auditor.qualifications.count() == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",今治,a@example.jp,{body},日本語,,,,,,,", "登録番号"),
        ("JA-1,,a@example.jp,{body},日本語,,,,,,,", "氏名"),
        ("JA-1,今治,no address,{body},日本語,,,,,,,", "メールアドレス"),
        ("JA-1,今治,a@example.jp,どこにもない機関,日本語,,,,,,,", "監査機関"),
        ("JA-1,今治,a@example.jp,{body},エルフ語,,,,,,,", "対応言語"),
        ("JA-1,今治,a@example.jp,{body},,,,,,,,", "対応言語"),
        ("JA-1,今治,a@example.jp,{body},日本語,火星県,,,,,,", "対応都道府県"),
        ("JA-1,今治,a@example.jp,{body},日本語,,社長,,,,,", "資格区分"),
        ("JA-1,今治,a@example.jp,{body},日本語,,,2025-04-01,,,,", "資格区分"),
        ("JA-1,今治,a@example.jp,{body},日本語,,監査員,4/1/2025,,,,", "研修修了日"),
        ("JA-1,今治,a@example.jp,{body},日本語,,監査員,,2025-04-01,,,", "試験合格日"),
        (
            "JA-1,今治,a@example.jp,{body},日本語,,監査員,2025-04-01,2025-03-01,,,",
            "試験合格日",
        ),
    ],
)
def test_bad_row_is_told_with_its_column_and_stops_everything(
    scheme: Scheme, line: str, column: str
) -> None:
    bad = parsed(scheme, GOOD, line)
    before = Auditor.objects.count()

    stopped = import_auditors(actor=scheme.coordinator, parsed=bad)
    after = Auditor.objects.count()
    skipped = import_auditors(actor=scheme.coordinator, parsed=bad, skip_bad=True)

    assert stopped.stopped
    assert [(problem.row, problem.column) for problem in stopped.problems] == [(3, column)]
    assert after == before
    assert (skipped.created, skipped.skipped) == (1, 1)


def test_number_stands_in_a_list_once(scheme: Scheme) -> None:
    twice = parsed(scheme, GOOD, GOOD.replace("ichiro", "jiro"))

    assert [(problem.row, problem.column) for problem in twice.problems] == [(3, "登録番号")]


def test_number_of_somebody_else_is_not_taken_over(scheme: Scheme) -> None:
    other = make_auditor(make_organisation(Kind.AUDIT_BODY))
    lines = [
        f"{other.registration_number},今治,{other.user.email},,日本語,,,,,,,",
        f"{scheme.lead.registration_number},今治,else@example.jp,,日本語,,,,,,,",
        f"JA-7009,今治,{scheme.member.user.email},,日本語,,,,,,,",
    ]

    outcome = import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, *lines))

    assert [problem.row for problem in outcome.problems] == [2, 3, 4]


def test_suspended_qualification_is_not_taken_up_by_a_list(scheme: Scheme) -> None:
    import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))
    Qualification.objects.filter(auditor__registration_number="JA-7001").update(
        status=QualificationStatus.SUSPENDED
    )

    again = import_auditors(
        actor=scheme.coordinator, parsed=parsed(scheme, GOOD.replace("2028-05-31", "2029-05-31"))
    )

    assert [problem.column for problem in again.problems] == ["資格取得日"]


def test_only_owner_and_secretariats_import(scheme: Scheme) -> None:
    for person in (scheme.desk, scheme.reviewer, scheme.lead.user, scheme.manager):
        with pytest.raises(PermissionDenied):
            import_auditors(actor=person, parsed=parsed(scheme, GOOD))


def test_list_without_the_needed_columns_is_refused(scheme: Scheme) -> None:
    with pytest.raises(FileRefused):
        parsed(scheme, "x,y", head="氏名,対応言語")


def test_pages_lead_from_the_file_to_the_register(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.coordinator)
    template = client.get(reverse("console:auditor_template"))
    shown = client.get(reverse("console:import_auditors"))
    lines = (HEAD, GOOD, "JA-2,,,,,,,,,,,")
    text = "\n".join(lines).format(body=scheme.body.name_ja)

    sent = client.post(
        reverse("console:import_auditors"),
        {"file": SimpleUploadedFile("list.csv", text.encode("utf-8-sig"))},
    )
    preview = client.get(sent["Location"])
    errors = client.get(sent["Location"] + "?download")
    refused = client.post(sent["Location"])
    done = client.post(sent["Location"], {"skip_bad": "on"})

    assert template["Content-Type"].endswith("sheet")
    assert b"".join(template).startswith(b"PK")
    assert "登録番号" in shown.content.decode()
    assert "今治 一郎" in preview.content.decode()
    assert "メールアドレス" in b"".join(errors).decode("utf-8-sig")
    assert refused.status_code == 422
    assert done["Location"] == reverse("console:auditors")
    assert Auditor.objects.filter(registration_number="JA-7001").exists()


def test_page_shows_first_what_changes_somebody(scheme: Scheme, client: Client) -> None:
    import_auditors(actor=scheme.coordinator, parsed=parsed(scheme, GOOD))
    client.force_login(scheme.coordinator)
    new = [GOOD.replace("7001", f"8{n:03}").replace("ichiro", f"a{n}") for n in range(40)]
    lines = (HEAD, *new, GOOD.replace("2028", "2029"))
    file = SimpleUploadedFile("l.csv", "\n".join(lines).format(body=scheme.body.name_ja).encode())

    sent = client.post(reverse("console:import_auditors"), {"file": file})
    rows = client.get(sent["Location"]).context["rows"]

    assert [item["row"].row for item in rows] == [42, *range(2, 21)]
    assert all(item["done"] for item in rows)


def test_file_that_is_no_list_is_refused_with_a_sentence(scheme: Scheme, client: Client) -> None:
    client.force_login(scheme.owner)

    answer = client.post(
        reverse("console:import_auditors"), {"file": SimpleUploadedFile("x.pdf", b"%PDF")}
    )

    assert answer.status_code == 422
