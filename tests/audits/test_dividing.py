"""The work divided within the team: a help, no lock, and nothing of it touches what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audits.models import Audit, AuditEvent, Finding, TeamMember
from audits.services.dividing import divide_work
from audits.services.fieldwork import save_finding
from audits.terms import Judgement, Status
from audits.timeline import act_title
from tests.audits.desks import browser, url
from tests.audits.tablets import item, outcomes, send
from tests.audits.workbooks import Sheet, download, taken
from tests.factories import Scheme, audit_at, make_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from audits.auditors.models import Auditor

pytestmark = pytest.mark.django_db


def place(audit: Audit, auditor: Auditor) -> TeamMember:
    return TeamMember.objects.get(audit=audit, auditor=auditor)


def holder(audit: Audit, code: str) -> int | None:
    return Finding.objects.get(audit=audit, requirement__code=code).assigned_to_id


def divide(scheme: Scheme, audit: Audit, **holders: TeamMember | None) -> int:
    """Assign requirements (c5_7) to places."""
    return divide_work(
        actor=scheme.lead.user,
        audit=audit,
        holders={
            name.removeprefix("c").replace("_", "-"): row.pk if row else None
            for name, row in holders.items()
        },
    )


def test_lead_divides_and_it_is_recorded_once(scheme: Scheme, audit: Audit) -> None:
    mine, theirs = place(audit, scheme.lead), place(audit, scheme.member)
    assert divide(scheme, audit, c5_7=theirs, c8_1=mine) == 2
    assert (holder(audit, "5-7"), holder(audit, "8-1")) == (theirs.pk, mine.pk)
    event = AuditEvent.objects.filter(audit=audit).order_by("-sequence")[0]
    assert event.act == "work_divided"
    assert act_title(event.act) != event.act
    assert event.payload["assigned"] == {
        scheme.member.registration_number: ["5-7"],
        scheme.lead.registration_number: ["8-1"],
    }
    # The same again changes nothing, and says nothing.
    assert divide(scheme, audit, c5_7=theirs) == 0
    assert AuditEvent.objects.filter(audit=audit, act="work_divided").count() == 1
    assert divide(scheme, audit, c5_7=None) == 1
    assert holder(audit, "5-7") is None


def test_only_the_lead_divides_and_only_until_the_signature(scheme: Scheme, audit: Audit) -> None:
    for person in (scheme.member.user, scheme.desk, scheme.coordinator, scheme.manager):
        with pytest.raises(PermissionDenied):
            divide_work(actor=person, audit=audit, holders={"5-7": None})
    signed = audit_at(Status.IN_REVIEW, scheme, site=make_site(scheme.supplier))
    with pytest.raises(PermissionDenied):
        divide(scheme, signed, c5_7=None)
    planned = audit_at(Status.SCHEDULED, scheme, site=make_site(scheme.supplier))
    assert divide(scheme, planned, c5_7=place(planned, scheme.member)) == 1


def test_strangers_and_unknown_requirements_are_refused(scheme: Scheme, audit: Audit) -> None:
    other = audit_at(Status.FIELDWORK, scheme, site=make_site(scheme.supplier))
    with pytest.raises(ValidationError):
        divide(scheme, audit, c5_7=place(other, scheme.member))
    with pytest.raises(ValidationError):
        divide(scheme, audit, c77_7=place(audit, scheme.member))
    place(audit, scheme.member).delete()
    with pytest.raises(ValidationError):
        divide_work(actor=scheme.lead.user, audit=audit, holders={"5-7": 10**6})


def test_everybody_goes_on_writing_and_no_version_rises(scheme: Scheme, audit: Audit) -> None:
    theirs = place(audit, scheme.member)
    divide(scheme, audit, c5_7=theirs, c5_8=theirs, c5_9=theirs)
    finding = Finding.objects.get(audit=audit, requirement__code="5-7")
    assert finding.version == 1
    save_finding(actor=scheme.lead.user, finding=finding, version=1, judgement=Judgement.CONFORMING)
    assert outcomes(send(browser(scheme.lead.user), audit, item("5-8"))) == ["saved"]
    filled = Sheet(download(audit)).put("5-9", report_text="表で書いた").saved()
    assert taken(filled, audit, scheme) == ["5-9"]
    for code in ("5-7", "5-8", "5-9"):
        row = Finding.objects.get(audit=audit, requirement__code=code)
        assert (row.assigned_to_id, row.version) == (theirs.pk, 2)


def test_place_that_is_given_up_leaves_its_requirements_to_nobody(
    scheme: Scheme, audit: Audit
) -> None:
    theirs = place(audit, scheme.member)
    divide(scheme, audit, c5_7=theirs)
    theirs.delete()
    assert holder(audit, "5-7") is None


def test_page_divides_sections_with_exceptions(scheme: Scheme, audit: Audit) -> None:
    mine, theirs = place(audit, scheme.lead), place(audit, scheme.member)
    client = browser(scheme.lead.user)
    answer = client.post(
        url("division", audit),
        {
            "section-5": theirs.pk,
            "requirement-5-7": mine.pk,
            "requirement-5-8": "nobody",
            "section-8": mine.pk,
        },
    )
    assert answer["Location"] == url("division", audit)
    assert [holder(audit, code) for code in ("5-6", "5-7", "5-8", "8-1", "1-1")] == [
        theirs.pk, mine.pk, None, mine.pk, None,
    ]  # fmt: skip

    page = client.get(url("division", audit))
    parts = {part.category.number: part for part in page.context["parts"]}
    assert parts[5].field.value() == str(theirs.pk)
    assert parts[5].exceptions == 2
    assert [share["total"] for share in page.context["shares"]] == [8, 20, 56]
    assert len(page.content) < 150_000
    # What the page shows, sent as it is, moves nothing.
    form = page.context["form"]
    same = {name: form[name].value() for name in form.fields}
    client.post(url("division", audit), same)
    assert AuditEvent.objects.filter(audit=audit, act="work_divided").count() == 1
    refused = client.post(url("division", audit), {"section-5": "10000000"})
    assert refused.status_code == 422


def test_filter_shows_mine_and_leads_on_within_it(scheme: Scheme, audit: Audit) -> None:
    theirs = place(audit, scheme.member)
    divide(scheme, audit, c1_1=theirs, c5_7=theirs, c8_1=theirs, c8_2=place(audit, scheme.lead))
    client = browser(scheme.member.user)
    sheet = client.get(url("fieldwork", audit), {"show": "mine"}).context["sheet"]
    assert [row.requirement.code for row in sheet.shown] == ["1-1", "5-7", "8-1"]
    for go, code in (("previous", "1-1"), ("next", "8-1"), ("unassessed", "8-1")):
        version = Finding.objects.get(audit=audit, requirement__code="5-7").version
        answer = client.post(
            url("card", audit, "5-7") + "?show=mine",
            {"version": version, "judgement": "conforming", "report_text": go, "go": go},
        )
        assert answer["Location"] == url("card", audit, code) + "?show=mine#card"
    Finding.objects.filter(audit=audit, assigned_to=theirs).update(judgement="conforming")
    done = client.get(url("card", audit, "5-7"), {"show": "mine"}).context["sheet"]
    assert done.next_unassessed is None
    assert done.unassessed > 0


def test_undivided_work_says_so_with_the_way_out(scheme: Scheme, audit: Audit) -> None:
    mine = {"show": "mine"}
    lead = browser(scheme.lead.user).get(url("fieldwork", audit), mine).content.decode()
    main = lead.split("<main")[1]
    assert main.count(url("division", audit)) == 2  # among the buttons, and in what is empty
    member = browser(scheme.member.user).get(url("fieldwork", audit), mine)
    assert member.context["sheet"].shown == []
    assert url("division", audit) not in member.content.decode()
    assert 'class="empty"' in member.content.decode()


def test_card_and_tablet_say_whose_it_is(scheme: Scheme, audit: Audit) -> None:
    divide(scheme, audit, c5_7=place(audit, scheme.member))
    name = scheme.member.user.name
    client = browser(scheme.lead.user)

    def head(code: str) -> str:
        card = client.get(url("card", audit, code)).content.decode()
        return card.split('<article class="req')[1].split("</header>")[0]

    assert name in head("5-7")
    assert name not in head("5-8")

    def along(auditor: Auditor) -> dict[str, tuple[str, bool]]:
        rows = browser(auditor.user).get(url("offline_data", audit)).json()["requirements"]
        return {row["code"]: (row["holder"], row["mine"]) for row in rows}

    assert along(scheme.member)["5-7"] == (name, True)
    assert along(scheme.lead)["5-7"] == (name, False)
    assert along(scheme.lead)["5-8"] == ("", False)


def test_division_costs_no_query_for_each_requirement(
    scheme: Scheme,
    audit: Audit,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = browser(scheme.member.user)
    pages = [
        url("fieldwork", audit),
        url("fieldwork", audit) + "?show=mine",
        url("card", audit, "5-7") + "?show=mine",
    ]

    def count() -> list[int]:
        found = []
        for page in pages:
            with django_assert_max_num_queries(20) as counted:
                client.get(page)
            found.append(len(counted))
        return found

    before = count()
    theirs, mine = place(audit, scheme.member), place(audit, scheme.lead)
    codes = Finding.objects.filter(audit=audit).values_list("requirement__code", flat=True)
    divide_work(
        actor=scheme.lead.user,
        audit=audit,
        holders={code: (theirs, mine)[number % 2].pk for number, code in enumerate(codes)},
    )
    assert count() == before
    with django_assert_max_num_queries(12):
        client.post(
            url("card", audit, "5-7") + "?show=mine",
            {"version": 1, "judgement": "conforming", "report_text": "文"},
            headers={"HX-Request": "true"},
        )
