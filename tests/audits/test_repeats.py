"""Repeat findings: what counts as one, what it means for days and verification, where it is said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit, CorrectiveAction, SchemeSettings
from audits.services.repeating import repeats_of
from audits.standards.models import Requirement
from audits.standards.services import activate_standard
from audits.standards.services.mapping import Follows, set_mappings
from audits.standards.terms import Relation
from audits.terms import CorrectionStatus, Status, Verification
from reports.documents.pages.context import context_of
from reports.models import Snapshot
from tests.audits.desks import browser, client_of, url
from tests.audits.test_follow_up import corrected, opened, walk
from tests.factories import STEPS, Scheme, audit_at, make_next_standard

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
MINOR = "6-14"  # verified at the desk the first time


def action_of(audit: Audit, code: str = MINOR) -> CorrectiveAction:
    return CorrectiveAction.objects.get(finding__audit=audit, finding__requirement__code=code)


def requirement_of(audit: Audit, code: str = MINOR) -> Any:
    return audit.findings.get(requirement__code=code).requirement_id


@pytest.mark.parametrize(
    ("on_site", "percent", "plan", "close"), [(True, 100, 30, 90), (False, 25, 8, 23)]
)
def test_settings_say_what_a_repeat_means(
    scheme: Scheme, on_site: bool, percent: int, plan: int, close: int
) -> None:
    first = audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
    SchemeSettings.objects.current()
    SchemeSettings.objects.update(repeat_verified_on_site=on_site, repeat_days_percent=percent)
    second = audit_at(Status.ISSUED, scheme, nonconforming=(MINOR, "4-1"))

    again, new, today = action_of(second), action_of(second, "4-1"), timezone.localdate()

    assert action_of(first).repeat is None
    assert new.repeat is None
    assert again.repeat is not None
    assert (again.repeat.audits, again.repeat.since) == ((first.number,), today)
    wanted = Verification.ON_SITE if on_site else Verification.DESK
    assert (again.verification, new.verification) == (wanted, Verification.DESK)
    assert again.plan_due_on == today + timedelta(days=plan)
    assert again.close_due_on == today + timedelta(days=close)
    assert again.finding.effective_severity == action_of(first).finding.effective_severity


@pytest.mark.past_the_record
@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"status": Status.VOID}, False),
        ({"issued_at": timezone.now() - timedelta(days=47 * 30)}, True),
        ({"issued_at": timezone.now() - timedelta(days=49 * 31)}, False),
    ],
)
def test_only_issued_audits_within_the_time_count(
    scheme: Scheme, change: dict[str, Any], counts: bool
) -> None:
    first = audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
    Audit.objects.filter(pk=first.pk).update(**change)
    later = audit_at(Status.DRAFTING, scheme, nonconforming=(MINOR,))

    assert (repeats_of(later).of(requirement_of(later)) is not None) == counts
    assert repeats_of(later).of(requirement_of(later, "4-1")) is None
    assert repeats_of(first).of(requirement_of(first)) is None  # what came after it does not


def test_follow_up_repeats_what_was_closed_and_not_what_is_open(scheme: Scheme) -> None:
    first = audit_at(Status.ISSUED, scheme, nonconforming=("5-7", "6-3"))
    corrected(scheme, first, "5-7")  # of the core: looked at again though it was closed

    audit = walk(scheme, opened(scheme), Status.ISSUED, bad=("5-7", "6-3"))

    assert action_of(audit, "5-7").repeat_audits == [first.number]
    assert action_of(audit, "6-3").repeat is None
    assert action_of(first, "6-3").status == CorrectionStatus.CARRIED_OVER


@pytest.mark.past_the_record
@pytest.mark.parametrize(
    ("code", "follows", "counts"),
    [
        (MINOR, Follows(Relation.UNCHANGED.value, MINOR), True),
        (MINOR, Follows(Relation.REWORDED.value, MINOR), True),
        (MINOR, Follows(Relation.CHANGED.value, MINOR), False),
        (MINOR, Follows(Relation.NEW.value, ""), False),
        ("8-1", Follows(Relation.REWORDED.value, MINOR), True),  # under another code
    ],
)
def test_over_versions_as_long_as_the_meaning_is_the_same(
    scheme: Scheme, code: str, follows: Follows, counts: bool
) -> None:
    audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
    later = audit_at(Status.DRAFTING, scheme, nonconforming=(MINOR,))
    standard = make_next_standard(changed=(), active=False)
    rows = {code: follows}
    if code != MINOR:
        rows[MINOR] = Follows(Relation.NEW.value, "")
    set_mappings(actor=scheme.owner, standard=standard, rows=rows)
    activate_standard(standard=standard)

    today = Requirement.objects.get(standard=standard, code=code)

    assert (repeats_of(later).of(today.pk) is not None) == counts


@pytest.mark.past_the_record
def test_queries_do_not_depend_on_how_many_audits_there_were(
    scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SchemeSettings.objects.current()
    SchemeSettings.objects.update(rotation_audits=10)
    for count in (1, 3):
        while Audit.objects.filter(status=Status.CLOSED).count() < count:
            audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
        later, requirement = Audit(site=scheme.site), Requirement.objects.get(code=MINOR)
        with django_assert_num_queries(3):
            found = repeats_of(later).of(requirement.pk)
        assert found is not None
        assert len(found.audits) == count


def test_everybody_reads_that_it_is_a_repeat(scheme: Scheme) -> None:
    first = audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
    audit = audit_at(Status.IN_REVIEW, scheme, nonconforming=(MINOR, "4-1"))
    client_of(scheme.reviewer)
    client_of(scheme.manager)
    card = browser(scheme.lead.user).get(url("card", audit, MINOR)).content.decode()
    assert first.number in card.split('class="repeat"')[1].split("</p>")[0]
    assert (
        'class="repeat"'
        not in browser(scheme.lead.user).get(url("card", audit, "4-1")).content.decode()
    )
    desk = reverse("console:review", args=[audit.number])
    shown = client_of(scheme.reviewer).get(f"{desk}?show=repeat").content.decode()
    assert f'id="f-{MINOR}"' in shown
    assert 'id="f-4-1"' not in shown

    audit = STEPS[Status.FACT_CHECK](scheme, audit, ())
    facts = client_of(scheme.manager).get(url("facts", audit)).content.decode()
    assert facts.count("repeat finding") == 1


def test_lists_narrow_to_repeats_and_pages_say_since_when(scheme: Scheme) -> None:
    first = audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
    audit = audit_at(Status.ISSUED, scheme, nonconforming=(MINOR, "4-1"))
    action = action_of(audit)
    for user, name, page in (
        (
            scheme.manager,
            "portal:our_correction",
            f"{reverse('portal:our_corrections')}?show=repeat",
        ),
        (scheme.desk, "console:correction", f"{reverse('console:corrections')}?repeat=on"),
    ):
        client = client_of(user)
        assert list(client.get(page).context["page"]) == [action]
        text = client.get(reverse(name, args=[action.pk])).content.decode()
        assert "Not met in 1 earlier audit of the site either" in text
        assert first.number in text


def test_report_prints_repeats_and_reads_older_snapshots(scheme: Scheme) -> None:
    first = audit_at(Status.CLOSED, scheme, nonconforming=(MINOR,))
    audit = audit_at(Status.ISSUED, scheme, nonconforming=(MINOR, "4-1"))
    data = Snapshot.objects.get(audit=audit).data
    by_code = {row["code"]: row for row in data["corrective_actions"]}
    assert by_code["4-1"]["repeat"] is None
    assert by_code[MINOR]["repeat"]["audits"] == [first.number]

    told = {row["code"]: row["repeat"] for row in context_of(data, "both", {})["nonconforming"]}
    assert [row["lang"] for row in told[MINOR]] == ["ja", "en"]
    assert not told["4-1"]
    for row in data["corrective_actions"]:
        del row["repeat"]
    assert not any(row["repeat"] for row in context_of(data, "ja", {})["corrections"])
