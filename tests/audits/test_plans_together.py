"""A supplier with several sites: where its corrective actions stand, and plans begun for several."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.terms import Role
from audits.models import AuditEvent, CorrectiveAction
from audits.services.correcting import take_step
from audits.services.drafting_plans import copy_plan, draft_plan, draft_together
from audits.terms import CorrectionStatus, Status
from tests.audits.desks import client_of
from tests.factories import Scheme, audit_at, make_site, make_user, plan_for

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from suppliers.models import Site

pytestmark = pytest.mark.django_db
PAGE = "portal:our_correction_sites"
CODES = ("5-7", "4-1")


def issued(scheme: Scheme, count: int = 2) -> list[Site]:
    """As many sites of the supplier, each with two corrective actions."""
    sites = [scheme.site, *(make_site(scheme.supplier) for _one in range(count - 1))]
    for site in sites:
        audit_at(Status.ISSUED, scheme, site=site, nonconforming=CODES)
    return sites


def action_at(site: Site, code: str = "5-7") -> CorrectiveAction:
    return CorrectiveAction.objects.select_related(
        "finding__requirement", "finding__audit__site"
    ).get(finding__audit__site=site, finding__requirement__code=code)


def together(*actions: CorrectiveAction, **fields: Any) -> dict[str, Any]:
    return {"actions": [str(row.pk) for row in actions], "responsible": "製造課長", **fields}


def test_matrix_counts_and_leads_to_lists_of_as_many(scheme: Scheme) -> None:
    first, second = issued(scheme)
    take_step(
        actor=scheme.manager, action=action_at(first), step="plan", **plan_for(action_at(first))
    )
    take_step(actor=scheme.desk, action=action_at(first), step="accept_plan")
    late = timezone.localdate() - timedelta(days=1)
    CorrectiveAction.objects.filter(pk=action_at(second).pk).update(plan_due_on=late)
    client = client_of(scheme.manager)

    rows = dict(client.get(reverse(PAGE)).context["rows"])

    shown = {site: [cell.number for cell in cells] for site, cells in rows.items()}
    assert shown == {first: [1, 1, 0, 0, 0], second: [2, 0, 0, 1, 0]}
    for cells in rows.values():
        for cell in cells:
            assert len(client.get(cell.url).context["rows"]) == cell.number


def test_what_is_due_comes_over_all_sites_the_earliest_first(scheme: Scheme) -> None:
    first, second = issued(scheme)
    today = timezone.localdate()
    far = {"plan_due_on": today + timedelta(days=31), "close_due_on": today + timedelta(days=90)}
    CorrectiveAction.objects.update(**far)
    CorrectiveAction.objects.filter(pk=action_at(first).pk).update(
        plan_due_on=today + timedelta(days=30)
    )
    CorrectiveAction.objects.filter(pk=action_at(second).pk).update(
        plan_due_on=today - timedelta(days=2)
    )

    ahead = client_of(scheme.manager).get(reverse(PAGE)).context["ahead"]

    assert [(row.action, row.is_late) for row in ahead] == [
        (action_at(second), True),
        (action_at(first), False),
    ]


def test_several_plans_begin_with_one_form_and_nothing_is_sent(scheme: Scheme) -> None:
    first, second = issued(scheme)
    actions = [action_at(first), action_at(second)]
    day = timezone.localdate() + timedelta(days=5)
    events = AuditEvent.objects.count()
    client = client_of(scheme.manager)

    answer = client.post(reverse(PAGE), together(*actions, planned_on=day.isoformat()))

    assert answer.status_code == 302
    for action in actions:
        action.refresh_from_db()
        assert action.plan_draft == {"responsible": "製造課長", "planned_on": day.isoformat()}
        assert (action.status, action.responsible) == (CorrectionStatus.OPEN, "")
    assert AuditEvent.objects.count() == events
    page = client.get(reverse("portal:our_correction", args=[actions[0].pk]))
    assert f'value="{day.isoformat()}"' in page.content.decode()
    # What is not sent yet is for the supplier alone.
    desk = client_of(scheme.desk).get(reverse("console:correction", args=[actions[0].pk]))
    assert "製造課長" not in desk.content.decode()
    take_step(actor=scheme.manager, action=actions[0], step="plan", **plan_for(actions[0]))
    actions[0].refresh_from_db()
    assert actions[0].plan_draft == {}


def test_refusal_stands_at_its_row_and_the_others_are_kept(scheme: Scheme) -> None:
    first, second = issued(scheme)
    fits, soon = action_at(first), action_at(second)
    today = timezone.localdate()
    CorrectiveAction.objects.filter(pk=soon.pk).update(close_due_on=today + timedelta(days=3))

    answer = client_of(scheme.manager).post(
        reverse(PAGE), together(fits, soon, planned_on=(today + timedelta(days=5)).isoformat())
    )

    assert answer.status_code == 422
    said = {action: sentences for action, sentences, _ticked in answer.context["awaited"]}
    assert said[fits] == []
    assert "It is to be closed by" in said[soon][0]
    fits.refresh_from_db()
    soon.refresh_from_db()
    assert (bool(fits.plan_draft), soon.plan_draft) == (True, {})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"responsible": ""}, "Enter who is responsible"),
        ({"actions": []}, "Choose at least one"),
        ({"responsible": "電話 090-1234-5678"}, "090-1234-5678"),
    ],
)
def test_what_cannot_be_kept_is_said(scheme: Scheme, fields: dict[str, Any], sentence: str) -> None:
    (site,) = issued(scheme, 1)
    answer = client_of(scheme.manager).post(reverse(PAGE), {**together(action_at(site)), **fields})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_only_managers_begin_plans_and_only_their_own(scheme: Scheme) -> None:
    (site,) = issued(scheme, 1)
    action = action_at(site)
    other = Scheme()
    (theirs,) = issued(other, 1)
    reader = make_user(scheme.supplier.organisation, Role.READER)

    assert client_of(reader).post(reverse(PAGE), together(action)).status_code == 403
    for person in (reader, scheme.desk, other.manager):
        with pytest.raises(PermissionDenied):
            draft_plan(actor=person, action=action, responsible="製造課長")
    foreign = client_of(scheme.manager).post(reverse(PAGE), together(action_at(theirs)))
    assert foreign.status_code == 422
    assert action_at(theirs).plan_draft == {}


def test_plan_that_was_sent_takes_no_draft(scheme: Scheme) -> None:
    first, second = issued(scheme)
    sent, waits = action_at(first), action_at(second)
    take_step(actor=scheme.manager, action=sent, step="plan", **plan_for(sent))

    done, refused = draft_together(
        actor=scheme.manager, actions=[sent, waits], responsible="総務課"
    )

    assert done == 1
    assert [action for action, _why in refused] == [sent]


def test_plan_is_copied_to_the_same_requirement_at_other_sites(scheme: Scheme) -> None:
    first, second, third = issued(scheme, 3)
    source = action_at(first)
    take_step(actor=scheme.manager, action=source, step="plan", **plan_for(source))
    client = client_of(scheme.manager)
    offered = client.get(reverse("portal:our_correction", args=[source.pk])).context["elsewhere"]
    assert set(offered) == {action_at(second), action_at(third)}

    answer = client.post(
        reverse("portal:our_plan_copy", args=[source.pk]),
        {"to": [str(action_at(second).pk), str(action_at(second, "4-1").pk)]},
    )

    assert answer.status_code == 302
    texts = {name: text for name, text in plan_for(source).items() if name != "planned_on"}
    assert action_at(second).plan_draft == texts
    assert action_at(second).status == CorrectionStatus.OPEN
    assert action_at(second, "4-1").plan_draft == {}  # another requirement
    assert action_at(third).plan_draft == {}  # not ticked
    with pytest.raises(ValidationError):
        copy_plan(actor=scheme.manager, source=action_at(third), targets=[action_at(second)])
    with pytest.raises(ValidationError):
        copy_plan(actor=scheme.manager, source=source, targets=[])


def test_plan_is_kept_unfinished_and_found_again(scheme: Scheme) -> None:
    (site,) = issued(scheme, 1)
    address = reverse("portal:our_correction", args=[action_at(site).pk])
    client = client_of(scheme.manager)

    client.post(address, {"step": "plan", "root_cause": "置き場がない。", "keep": "1"})
    assert action_at(site).plan_draft == {"root_cause": "置き場がない。"}
    assert "置き場がない。" in client.get(address).content.decode()
    client.post(address, {"step": "plan", "correction": "移した。", "keep": "1"})

    assert action_at(site).plan_draft == {"correction": "移した。"}


@pytest.mark.parametrize("count", [1, 3])
def test_all_sites_need_no_more_queries_for_more_sites(
    count: int, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    issued(scheme, count)
    client = client_of(scheme.manager)
    with django_assert_num_queries(7):
        shown = client.get(reverse(PAGE))
    assert len(shown.context["rows"]) == count
